/**
 * A Gateway -> the objects that its waypoint consists of. Pure: the same Gateway, parameters and settings yield the same
 * objects, so that a hash of each tells whether anything is to be written.
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import type { WaypointParametersSpec } from "@waystone/api/kubernetes/waystone";
import { caObject, managedBy, ports } from "@waystone/api/names";
import { type DeployedObject, typeMeta } from "./deployed-kinds.ts";
import { defaultCpuPercent, defaultReplicas, type DeploySettings } from "./deploy-settings.ts";
import { managedByLabel, notCaptured, objectMeta, ownerReference, podSelector } from "./object-metadata.ts";
import { podTemplate } from "./pod-template.ts";

export interface DeploymentInput {
  readonly gateway: Gateway;
  /** All waypoints of its namespace, itself included: the ConfigMap with the CA is theirs together. */
  readonly neighbours: readonly Gateway[];
  /** Checked by checkParameters. */
  readonly parameters: WaypointParametersSpec;
  readonly settings: DeploySettings;
  /** PEM: the certificates by which the controller is known. */
  readonly caBundle: string;
}

/** In the order in which they are to be applied. */
export function deploymentObjects(input: DeploymentInput): readonly DeployedObject[] {
  const { gateway, parameters } = input;
  return [
    { ...typeMeta("ServiceAccount"), metadata: objectMeta(gateway), automountServiceAccountToken: false },
    caConfigMap(input),
    service(gateway),
    disruptionBudget(gateway),
    deployment(input),
    ...(parameters.autoscaling === undefined ? [] : [autoscaler(gateway, parameters.autoscaling)]),
  ];
}

function caConfigMap({ gateway, neighbours, caBundle }: DeploymentInput): DeployedObject {
  const owners = neighbours
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((each) => ownerReference(each, false));
  return {
    ...typeMeta("ConfigMap"),
    metadata: {
      name: caObject,
      namespace: gateway.metadata.namespace ?? "",
      labels: { [managedByLabel]: managedBy },
      ownerReferences: owners,
    },
    data: { "ca.crt": caBundle },
  };
}

/**
 * What the Gateway's address stands for. No traffic of captured Services comes this way (they point at the pods' own
 * ports); it is what Prometheus finds the pods by.
 */
function service(gateway: Gateway): DeployedObject {
  const metadata = objectMeta(gateway);
  const port = (name: string, number: number): object => ({
    name,
    port: number,
    targetPort: number,
    protocol: "TCP",
    appProtocol: "http",
  });
  return {
    ...typeMeta("Service"),
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...notCaptured } },
    spec: {
      type: "ClusterIP",
      ipFamilyPolicy: "PreferDualStack",
      selector: podSelector(gateway),
      ports: [port("http-readiness", ports.readiness), port("http-metrics", ports.metrics)],
    },
  };
}

/** One at a time; a pod that is not even Ready may always go, or a broken waypoint would hold up the drain of its node. */
function disruptionBudget(gateway: Gateway): DeployedObject {
  return {
    ...typeMeta("PodDisruptionBudget"),
    metadata: objectMeta(gateway),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: podSelector(gateway) },
    },
  };
}

/** Replicas are the autoscaler's where there is one. */
function deployment({ gateway, parameters, settings }: DeploymentInput): DeployedObject {
  return {
    ...typeMeta("Deployment"),
    metadata: objectMeta(gateway),
    spec: {
      ...(parameters.autoscaling === undefined ? { replicas: parameters.replicas ?? defaultReplicas } : {}),
      revisionHistoryLimit: 2,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: podSelector(gateway) },
      template: podTemplate(gateway, parameters, settings),
    },
  };
}

function autoscaler(
  gateway: Gateway,
  autoscaling: NonNullable<WaypointParametersSpec["autoscaling"]>,
): DeployedObject {
  const { minReplicas, maxReplicas, targetCPUUtilizationPercentage } = autoscaling;
  return {
    ...typeMeta("HorizontalPodAutoscaler"),
    metadata: objectMeta(gateway),
    spec: {
      scaleTargetRef: { ...typeMeta("Deployment"), name: gateway.metadata.name },
      minReplicas: minReplicas ?? Math.min(defaultReplicas, maxReplicas),
      maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: {
              type: "Utilization",
              averageUtilization: targetCPUUtilizationPercentage ?? defaultCpuPercent,
            },
          },
        },
      ],
    },
  };
}
