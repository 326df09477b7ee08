/**
 * From objects to what they mean: the derived collections that translation and status read, in the order of their
 * dependencies.
 */
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { Service } from "@waystone/api/kubernetes/core";
import type { ServiceTarget } from "./capture-target.ts";
import { buildClusterModel, type ClusterModel } from "./cluster-model.ts";
import { buildEnrolments } from "./enrolment.ts";
import { filePlace } from "./file-place.ts";
import { allowedKinds, buildKindLimits } from "./listener-kinds.ts";
import { buildListenClaims } from "./listen-claim.ts";
import { buildPodSlices } from "./pod-slice.ts";
import { buildRouteAttachments, type RouteAttachment } from "./route-attachment.ts";
import { buildServices, type ServiceModel } from "./service.ts";
import { clusterPlace, type ServicePlace } from "./service-place.ts";
import { buildGivenSlices, indexSlicesByService, type SliceModel } from "./slice.ts";
import type { Sources } from "./sources.ts";
import { buildWorkloads, type WorkloadModel } from "./workload.ts";

export interface ModelOptions {
  /**
   * Files instead of a cluster: Services listen at their loopback clusterIP, endpoints are computed from pods where no
   * EndpointSlice is given, and a loopback address may be an identity. In a cluster a Service has the waypoint that its
   * shadow says.
   */
  readonly standalone: boolean;
}

export interface Model {
  readonly services: Collection<ServiceModel>;
  readonly slices: Collection<SliceModel>;
  readonly slicesByService: Index<SliceModel>;
  readonly workloads: Collection<WorkloadModel>;
  readonly attachments: Index<RouteAttachment>;
  readonly grpcAttachments: Index<RouteAttachment>;
  /** In a cluster, by Service: what is to become of it. Files have none. */
  readonly captureTargets: Collection<ServiceTarget>;
  readonly cluster: ClusterModel | undefined;
}

export function buildModel(sources: Sources, graph: CollectionGraph, { standalone }: ModelOptions): Model {
  const { byService: attachments, grpcByService } = buildRouteAttachments(graph, sources);
  const cluster =
    standalone || sources.cluster === undefined
      ? undefined
      : buildClusterModel(graph, sources, sources.cluster, attachments);
  const kinds = { limits: buildKindLimits(graph, sources), namespaces: sources.namespaces };
  const services = buildServices(graph, {
    fronts: cluster?.fronts ?? sources.services,
    attachments,
    placeOf: findPlaces(graph, sources, cluster, standalone),
    allowedKindsOf: (context, waypoint, namespace) => allowedKinds(context, kinds, waypoint, namespace),
  });
  const workloads = buildWorkloads(graph, sources, { standalone });
  const given = buildGivenSlices(graph, sources, workloads, cluster?.endpointSources);
  const slices = standalone
    ? graph.join("slices", [given, buildPodSlices(graph, sources, indexSlicesByService(graph, sources))])
    : given;
  const slicesByService = graph.index("slices-by-service", slices, (slice) => [slice.service]);
  const captureTargets =
    cluster?.targets ?? graph.source<ServiceTarget>({ name: "no-capture-targets", key: ({ key }) => key });
  return {
    services,
    slices,
    slicesByService,
    workloads,
    attachments,
    grpcAttachments: grpcByService,
    captureTargets,
    cluster,
  };
}

/** The two ways to a Service's waypoint. */
function findPlaces(
  graph: CollectionGraph,
  sources: Sources,
  cluster: ClusterModel | undefined,
  standalone: boolean,
): (context: FetchContext, key: string, service: Service) => ServicePlace {
  if (cluster !== undefined) return (context, key, service) => clusterPlace(context, cluster, key, service);
  const enrolments = buildEnrolments(graph, sources);
  const claims = buildListenClaims(graph, sources, enrolments);
  return (context, key, service) => filePlace(context, { enrolments, claims, standalone }, key, service);
}
