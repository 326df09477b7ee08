/**
 * From objects to what they mean: the derived collections that translation and status read, in the order of their
 * dependencies.
 */
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import { buildEnrolments } from "./enrolment.ts";
import { buildListenClaims } from "./listen-claim.ts";
import { buildPodSlices } from "./pod-slice.ts";
import { buildRouteAttachments, type RouteAttachment } from "./route-attachment.ts";
import { buildServices, type ServiceModel } from "./service.ts";
import { buildGivenSlices, indexSlicesByService, type SliceModel } from "./slice.ts";
import type { Sources } from "./sources.ts";
import { buildWorkloads, type WorkloadModel } from "./workload.ts";

export interface ModelOptions {
  /**
   * Files instead of a cluster: Services listen at their loopback clusterIP, endpoints are computed from pods where no
   * EndpointSlice is given, and a loopback address may be an identity.
   */
  readonly standalone: boolean;
}

export interface Model {
  readonly services: Collection<ServiceModel>;
  readonly slices: Collection<SliceModel>;
  readonly slicesByService: Index<SliceModel>;
  readonly workloads: Collection<WorkloadModel>;
  readonly attachments: Index<RouteAttachment>;
}

export function buildModel(sources: Sources, graph: CollectionGraph, { standalone }: ModelOptions): Model {
  const enrolments = buildEnrolments(graph, sources);
  const attachments = buildRouteAttachments(graph, sources);
  const claims = buildListenClaims(graph, sources, enrolments);
  const services = buildServices(graph, { sources, enrolments, attachments, claims, standalone });
  const workloads = buildWorkloads(graph, sources, { standalone });
  const given = buildGivenSlices(graph, sources, workloads);
  const slices = standalone
    ? graph.join("slices", [given, buildPodSlices(graph, sources, indexSlicesByService(graph, sources))])
    : given;
  const slicesByService = graph.index("slices-by-service", slices, (slice) => [slice.service]);
  return { services, slices, slicesByService, workloads, attachments };
}
