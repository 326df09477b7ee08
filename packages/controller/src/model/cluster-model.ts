/** What only a cluster's model has: fronts and their shadows, and what is to become of each Service. */
import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import { buildCaptureEvidence } from "./capture-evidence.ts";
import { buildCaptureTargets, type ServiceTarget } from "./capture-target.ts";
import { buildEndpointSources, type EndpointSource } from "./endpoint-source.ts";
import { buildPortClaims } from "./port-claim.ts";
import type { RouteAttachment } from "./route-attachment.ts";
import { partFrontsAndShadows, type ShadowModel } from "./shadow.ts";
import { buildShadowPlaces, type ShadowPlace } from "./shadow-place.ts";
import { indexSlicesByService } from "./slice.ts";
import type { ClusterOnlySources, SourcedObject, Sources } from "./sources.ts";
import { buildWaypointPods, type WaypointPods } from "./waypoint-pod.ts";

export interface ClusterModel {
  readonly fronts: Collection<SourcedObject<Service>>;
  /** By the key of their front. */
  readonly shadows: Collection<ShadowModel>;
  readonly places: Collection<ShadowPlace>;
  readonly targets: Collection<ServiceTarget>;
  /** As they are, by the Service that they name. */
  readonly slicesByService: Index<SourcedObject<EndpointSlice>>;
  readonly endpointSources: Collection<EndpointSource>;
  readonly waypointPods: WaypointPods;
}

export function buildClusterModel(
  graph: CollectionGraph,
  sources: Sources,
  cluster: ClusterOnlySources,
  attachments: Index<RouteAttachment>,
): ClusterModel {
  const { fronts, shadows } = partFrontsAndShadows(graph, sources.services);
  const waypointPods = buildWaypointPods(graph, sources);
  const slicesByService = indexSlicesByService(graph, sources);
  const evidence = buildCaptureEvidence(graph, sources, cluster, {
    attachments,
    waypointPods,
    slicesByService,
  });
  const targets = buildCaptureTargets(graph, { sources, fronts, shadows, evidence });
  const claims = buildPortClaims(graph, fronts, shadows);
  const places = buildShadowPlaces(graph, fronts, shadows, claims);
  const endpointSources = buildEndpointSources(graph, fronts, shadows, slicesByService);
  return { fronts, shadows, places, targets, slicesByService, endpointSources, waypointPods };
}
