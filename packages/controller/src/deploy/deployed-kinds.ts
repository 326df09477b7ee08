/** The kinds that a waypoint is deployed as, in the order in which they are applied: the pods need what comes before them. */
import type { KubeObject } from "@waystone/kube/kube-object";
import { apiVersionOf, type KubeResource } from "@waystone/kube/kube-resource";

/** An object as it is written. */
export interface DeployedObject extends KubeObject {
  readonly apiVersion: string;
  readonly kind: DeployedKind;
  readonly spec?: object;
  readonly data?: Readonly<Record<string, string>>;
  readonly automountServiceAccountToken?: boolean;
}

export type DeployedKind =
  | "ServiceAccount"
  | "ConfigMap"
  | "Service"
  | "PodDisruptionBudget"
  | "Deployment"
  | "HorizontalPodAutoscaler";

const resource = (kind: DeployedKind, group: string, version: string, plural: string): KubeResource => ({
  group,
  version,
  plural,
  kind,
  namespaced: true,
});

export const deployedKinds: Readonly<Record<DeployedKind, KubeResource>> = {
  ServiceAccount: resource("ServiceAccount", "", "v1", "serviceaccounts"),
  ConfigMap: resource("ConfigMap", "", "v1", "configmaps"),
  Service: resource("Service", "", "v1", "services"),
  PodDisruptionBudget: resource("PodDisruptionBudget", "policy", "v1", "poddisruptionbudgets"),
  Deployment: resource("Deployment", "apps", "v1", "deployments"),
  HorizontalPodAutoscaler: resource(
    "HorizontalPodAutoscaler",
    "autoscaling",
    "v2",
    "horizontalpodautoscalers",
  ),
};

/** "Deployment/shop/waypoint" */
export function deployedKey(kind: DeployedKind, { namespace = "", name }: KubeObject["metadata"]): string {
  return `${kind}/${namespace}/${name}`;
}

export function typeMeta(kind: DeployedKind): { readonly apiVersion: string; readonly kind: DeployedKind } {
  return { apiVersion: apiVersionOf(deployedKinds[kind]), kind };
}
