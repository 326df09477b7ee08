/**
 * Everything that the next step of a Service's capture is chosen by, gathered from the model: one view for each Service that
 * somebody asks a waypoint for, or that bears a trace of one. The rest are left alone, and cost nothing.
 */
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import type { Collection, CollectionGraph, FetchContext } from "@waystone/collection/collection";
import type { CaptureTarget, CaptureView, ShadowView, WaypointPodView } from "../capture/capture-view.ts";
import type { ClusterModel } from "./cluster-model.ts";
import type { Model } from "./model.ts";
import { isOurSlice } from "./slice.ts";
import type { ShadowModel } from "./shadow.ts";
import { viewWaypointPod } from "./waypoint-pod.ts";

export function buildCaptureViews(
  graph: CollectionGraph,
  { cluster }: Pick<Model, "cluster">,
): Collection<CaptureView> {
  const options = { name: "capture-views", key: ({ key }: CaptureView): string => key };
  if (cluster === undefined) return graph.source(options);
  return graph.derive(
    cluster.fronts,
    (context, { key, object }) => viewOf(context, cluster, key, object),
    options,
  );
}

function viewOf(
  context: FetchContext,
  cluster: ClusterModel,
  key: string,
  front: Service,
): CaptureView | undefined {
  const target = context.get(cluster.targets, key)?.target ?? { is: "direct", refusal: undefined };
  const shadow = context.get(cluster.shadows, key);
  const isAsked = target.is === "captured" || target.refusal !== undefined;
  if (!isAsked && shadow === undefined && !hasTraces(front)) return undefined;
  const slices = slicesOf(context, cluster, key);
  return {
    key,
    front,
    target,
    shadow: shadow === undefined ? undefined : shadowView(context, cluster, shadow),
    frontSlices: slices.filter((slice) => !isOurSlice(slice)),
    ownSlices: slices.filter(isOurSlice),
    shadowSlices: shadow === undefined ? [] : slicesOf(context, cluster, shadow.key),
    waypointPods: podsOf(context, cluster, target, shadow),
  };
}

/** Annotations that capture writes, and that somebody has to take away again. */
const traces = [
  captureKeys.capturedBy,
  captureKeys.original,
  captureKeys.wantedSelector,
  captureKeys.wantedTargetPorts,
];

function hasTraces({ metadata }: Service): boolean {
  return traces.some((trace) => metadata.annotations?.[trace] !== undefined);
}

function shadowView(context: FetchContext, { places }: ClusterModel, shadow: ShadowModel): ShadowView {
  const place = context.get(places, shadow.front);
  return {
    object: shadow.object,
    isOfThisFront: place?.isOfThisFront ?? false,
    waypoint: shadow.waypoint,
    movingTo: shadow.movingTo,
    ports: shadow.ports,
    lostPorts: place?.lostPorts ?? [],
  };
}

/** By name: the order in which they came is no change. */
function slicesOf(
  context: FetchContext,
  { slicesByService }: ClusterModel,
  service: string,
): EndpointSlice[] {
  return context
    .lookup(slicesByService, service)
    .map(({ object }) => object)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function podsOf(
  context: FetchContext,
  { waypointPods }: ClusterModel,
  target: CaptureTarget,
  shadow: ShadowModel | undefined,
): WaypointPodView[] {
  const asked = target.is === "captured" ? target.waypoint : undefined;
  const waypoints = new Set([asked, shadow?.waypoint, shadow?.movingTo].filter((each) => each !== undefined));
  return [...waypoints]
    .toSorted()
    .flatMap((waypoint) => context.lookup(waypointPods.byWaypoint, waypoint))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ object }) => viewWaypointPod(object));
}
