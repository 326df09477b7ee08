/**
 * Labels, annotations and owners of what a waypoint consists of: GEP-1762's, the Gateway's own wishes
 * (spec.infrastructure), and ours. Ours win, because selectors, capture and the deployer itself go by them.
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import {
  captureKeys,
  gatewayGroup,
  gatewayNameLabel,
  managedBy,
  useWaypointKey,
  waypointClassName,
} from "@waystone/api/names";
import type { ObjectMeta, OwnerReference } from "@waystone/kube/kube-object";

type Labels = Readonly<Record<string, string>>;

export const managedByLabel = "app.kubernetes.io/managed-by";
export const gatewayClassLabel = "gateway.networking.k8s.io/gateway-class-name";

/** Which pods are the waypoint's: what selectors ask for. It may never change, as a Deployment's selector can't. */
export function podSelector(gateway: Gateway): Labels {
  const { name } = gateway.metadata;
  return { [captureKeys.waypoint]: name, [gatewayNameLabel]: name };
}

/** Of every object of one waypoint. */
export function ownLabels({ metadata: { name }, spec: { gatewayClassName } }: Gateway): Labels {
  return {
    "app.kubernetes.io/name": waypointClassName,
    "app.kubernetes.io/instance": name,
    [managedByLabel]: managedBy,
    [gatewayNameLabel]: name,
    [gatewayClassLabel]: asLabelValue(gatewayClassName),
  };
}

/** GEP-1762 wants the class there; a class may have a longer name than a label's value. */
function asLabelValue(className: string): string {
  return className.slice(0, 63).replace(/[^a-z0-9]+$/, "");
}

/** Labels that nobody else may set on the pods. */
export function podLabels(gateway: Gateway): Labels {
  return { ...ownLabels(gateway), ...podSelector(gateway) };
}

export function objectMeta(gateway: Gateway): ObjectMeta & { readonly namespace: string } {
  const { name, namespace = "" } = gateway.metadata;
  const { labels, annotations } = gateway.spec.infrastructure ?? {};
  return {
    name,
    namespace,
    labels: { ...labels, ...ownLabels(gateway) },
    ...(annotations === undefined ? {} : { annotations }),
    ownerReferences: [ownerReference(gateway, true)],
  };
}

/** The waypoint's own Service is nobody's to capture, whatever its namespace says. */
export const notCaptured: Labels = { [useWaypointKey]: "none" };

/**
 * Without blockOwnerDeletion: clusters that enforce owner permissions would ask for the right to update finalizers of
 * Gateways, and nothing of ours needs the Gateway to wait for its children.
 */
export function ownerReference({ metadata }: Gateway, isController: boolean): OwnerReference {
  return {
    apiVersion: `${gatewayGroup}/v1`,
    kind: "Gateway",
    name: metadata.name,
    uid: metadata.uid ?? "",
    ...(isController ? { controller: true } : {}),
  };
}
