/**
 * The pods of waypoints, by their labels: who must be Ready and have ACKed before a Service is pointed at them. They are
 * nobody's endpoints: a Service whose selector picks them too would send a request round in circles.
 */
import type { Pod } from "@waystone/api/kubernetes/core";
import { captureKeys, managedBy } from "@waystone/api/names";
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import type { WaypointPodView } from "../capture/capture-view.ts";
import { isTerminating, podAddresses } from "./pod-identity.ts";
import type { SourcedObject, Sources } from "./sources.ts";

type Labels = Readonly<Record<string, string>>;

export interface WaypointPods {
  /** By "<namespace>/<gateway>". */
  readonly byWaypoint: Index<SourcedObject<Pod>>;
  /** By namespace, what a selector might pick them by; a pod's readiness is no change here. */
  readonly labels: Collection<WaypointPodLabels>;
}

export interface WaypointPodLabels {
  readonly namespace: string;
  readonly ofPods: readonly Labels[];
}

export function buildWaypointPods(graph: CollectionGraph, sources: Sources): WaypointPods {
  const byWaypoint = graph.index("waypoint-pods", sources.pods, ({ object }) => {
    const gateway = waypointOfLabels(object.metadata.labels);
    return gateway === undefined ? [] : [`${object.metadata.namespace ?? ""}/${gateway}`];
  });
  const byNamespace = graph.index("waypoint-pods-by-namespace", sources.pods, ({ object }) =>
    waypointOfLabels(object.metadata.labels) === undefined ? [] : [object.metadata.namespace ?? ""],
  );
  const labels = graph.derive(
    sources.namespaces,
    (context, { key }): WaypointPodLabels | undefined => {
      const pods = context.lookup(byNamespace, key).toSorted((a, b) => (a.key < b.key ? -1 : 1));
      if (pods.length === 0) return undefined;
      return { namespace: key, ofPods: pods.map(({ object }) => object.metadata.labels ?? {}) };
    },
    { name: "waypoint-pod-labels", key: ({ namespace }) => namespace },
  );
  return { byWaypoint, labels };
}

export function viewWaypointPod(pod: Pod): WaypointPodView {
  const { metadata, spec, status } = pod;
  const conditions = status?.conditions ?? [];
  return {
    waypoint: `${metadata.namespace ?? ""}/${waypointOfLabels(metadata.labels) ?? ""}`,
    name: metadata.name,
    // Not isPodReady: in a cluster the kubelet says so in so many words, or it is not.
    isReady: conditions.some((condition) => condition.type === "Ready" && condition.status === "True"),
    isTerminating: isTerminating(pod),
    addresses: podAddresses(pod),
    node: spec?.nodeName ?? "",
    uid: metadata.uid ?? "",
  };
}

/** The name of the Gateway whose waypoint has these labels; undefined: no waypoint of ours. */
export function waypointOfLabels(labels: Labels | undefined): string | undefined {
  if (labels?.["app.kubernetes.io/managed-by"] !== managedBy) return undefined;
  const gateway = labels[captureKeys.waypoint];
  return gateway === undefined || gateway === "" ? undefined : gateway;
}
