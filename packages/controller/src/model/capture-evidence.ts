/** What the rules of capture ask about a Service, each by an index: a change wakes only the Services that it is about. */
import type { Pod, StatefulSet } from "@waystone/api/kubernetes/core";
import type { ServiceMonitor } from "@waystone/api/kubernetes/monitoring";
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import { type GuardingPolicies, indexGuardingPolicies } from "./guarding-policy.ts";
import type { RouteAttachment } from "./route-attachment.ts";
import type { ApiServerBackend, ClusterOnlySources, SourcedObject, Sources } from "./sources.ts";
import type { WaypointPods } from "./waypoint-pod.ts";

export interface CaptureEvidence {
  readonly ownNamespace: string;
  readonly attachments: Index<RouteAttachment>;
  readonly waypointPods: WaypointPods;
  readonly policies: GuardingPolicies;
  /** By the Service that the API server calls. */
  readonly apiServerBackends: Index<ApiServerBackend>;
  /** By their governing Service. */
  readonly statefulSets: Index<SourcedObject<StatefulSet>>;
  /** Pods that have their own DNS names, by the Service that gives them. */
  readonly namedPods: Index<SourcedObject<Pod>>;
  readonly serviceMonitors: Collection<SourcedObject<ServiceMonitor>>;
}

export function buildCaptureEvidence(
  graph: CollectionGraph,
  sources: Sources,
  cluster: ClusterOnlySources,
  known: Pick<CaptureEvidence, "attachments" | "waypointPods"> & Pick<GuardingPolicies, "slicesByService">,
): CaptureEvidence {
  const { attachments, waypointPods, slicesByService } = known;
  return {
    attachments,
    waypointPods,
    ownNamespace: cluster.ownNamespace,
    policies: {
      byNamespace: indexGuardingPolicies(graph, cluster),
      slicesByService,
      pods: sources.pods,
    },
    apiServerBackends: graph.index(
      "api-server-backends-by-service",
      cluster.apiServerBackends,
      ({ services }) => services,
    ),
    statefulSets: graph.index("stateful-sets-by-service", cluster.statefulSets, ({ object }) =>
      (object.spec.serviceName ?? "") === ""
        ? []
        : [`${object.metadata.namespace ?? ""}/${object.spec.serviceName}`],
    ),
    namedPods: graph.index("pods-by-subdomain", sources.pods, ({ object }) => {
      const subdomain = object.spec?.subdomain ?? "";
      return subdomain === "" ? [] : [`${object.metadata.namespace ?? ""}/${subdomain}`];
    }),
    serviceMonitors: cluster.serviceMonitors,
  };
}
