/**
 * The pods of waypoints, by their labels: who must be Ready and have ACKed before a Service is pointed at them. They are
 * nobody's endpoints: a Service whose selector picks them too would send a request round in circles.
 */
import type { Pod } from "@waystone/api/kubernetes/core";
import { captureKeys, managedBy } from "@waystone/api/names";
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import type { WaypointPodView } from "../capture/capture-view.ts";
import { isTerminating, podAddresses } from "./pod-identity.ts";
import type { Sources } from "./sources.ts";

export interface WaypointPodModel {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly view: WaypointPodView;
}

export interface WaypointPodLabels {
  readonly key: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface WaypointPods {
  readonly byWaypoint: Index<WaypointPodModel>;
  /** What a selector might pick them by; a pod's readiness is no change here. */
  readonly labelsByNamespace: Index<WaypointPodLabels>;
}

export function buildWaypointPods(graph: CollectionGraph, sources: Sources): WaypointPods {
  const pods: Collection<WaypointPodModel> = graph.derive(
    sources.pods,
    (_, { key, object }) => waypointPod(key, object),
    { name: "waypoint-pods", key: (pod) => pod.key },
  );
  const labels: Collection<WaypointPodLabels> = graph.derive(
    pods,
    (context, { key }) => {
      const object = context.get(sources.pods, key)?.object;
      if (object === undefined) return undefined;
      return { key, namespace: object.metadata.namespace ?? "", labels: object.metadata.labels ?? {} };
    },
    { name: "waypoint-pod-labels", key: (pod) => pod.key },
  );
  return {
    byWaypoint: graph.index("waypoint-pods-by-waypoint", pods, ({ view }) => [view.waypoint]),
    labelsByNamespace: graph.index("waypoint-pod-labels-by-namespace", labels, ({ namespace }) => [
      namespace,
    ]),
  };
}

function waypointPod(key: string, pod: Pod): WaypointPodModel | undefined {
  const gateway = waypointOfLabels(pod.metadata.labels);
  if (gateway === undefined) return undefined;
  const view = {
    waypoint: `${pod.metadata.namespace ?? ""}/${gateway}`,
    name: pod.metadata.name,
    // Not isPodReady: in a cluster the kubelet says so in so many words, or it is not.
    isReady:
      pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true,
    isTerminating: isTerminating(pod),
    addresses: podAddresses(pod),
    node: pod.spec?.nodeName ?? "",
    uid: pod.metadata.uid ?? "",
  };
  return { key, view };
}

/** The name of the Gateway whose waypoint has these labels; undefined: no waypoint of ours. */
export function waypointOfLabels(labels: Readonly<Record<string, string>> | undefined): string | undefined {
  if (labels?.["app.kubernetes.io/managed-by"] !== managedBy) return undefined;
  const gateway = labels[captureKeys.waypoint];
  return gateway === undefined || gateway === "" ? undefined : gateway;
}
