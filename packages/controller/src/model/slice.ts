/**
 * The endpoints of Services: what their EndpointSlices say, else (files alone) what Kubernetes' EndpointSlice controller
 * would make of the pods that the selector picks.
 */
import type { EndpointSlice, Pod, SliceEndpoint } from "@waystone/api/kubernetes/core";
import { sliceOwner } from "@waystone/api/names";
import { parseIp } from "@waystone/base/ip";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { type WorkloadLabels, workloadLabels } from "./pod-identity.ts";
import type { EndpointSource } from "./endpoint-source.ts";
import type { SourcedObject, Sources } from "./sources.ts";
import { waypointOfLabels } from "./waypoint-pod.ts";
import type { WorkloadModel } from "./workload.ts";

export interface SliceModel {
  /** "<namespace>/<slice>" */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** "<namespace>/<name>" */
  readonly service: string;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** Sorted by address. */
  readonly endpoints: readonly EndpointModel[];
}

export interface EndpointModel {
  readonly address: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zone: string;
  readonly node: string;
  readonly workload: WorkloadLabels | undefined;
}

export const serviceNameLabel = "kubernetes.io/service-name";
export const managedByLabel = "endpointslice.kubernetes.io/managed-by";

/** EndpointSlices by their Service's key. */
export function indexSlicesByService(
  graph: CollectionGraph,
  sources: Sources,
): Index<SourcedObject<EndpointSlice>> {
  return graph.index("endpoint-slices-by-service", sources.endpointSlices, ({ object }) => {
    const service = serviceOf(object);
    return service === undefined ? [] : [service];
  });
}

/** `endpointSources`: in a cluster. */
export function buildGivenSlices(
  graph: CollectionGraph,
  sources: Sources,
  workloads: Collection<WorkloadModel>,
  endpointSources: Collection<EndpointSource> | undefined,
): Collection<SliceModel> {
  return graph.derive(
    sources.endpointSlices,
    (context, { key, object }) => {
      const service = servedBy(context, endpointSources, object);
      // Names are for clients to resolve; a waypoint dials addresses.
      if (service === undefined || object.addressType === "FQDN") return undefined;
      const endpoints = (object.endpoints ?? []).flatMap((endpoint) =>
        givenEndpoint(context, sources, workloads, object.metadata.namespace ?? "", endpoint),
      );
      return {
        key,
        namespace: object.metadata.namespace ?? "",
        name: object.metadata.name,
        service,
        ports: tcpPorts(object),
        endpoints: sortEndpoints(endpoints),
      };
    },
    { name: "given-slices", key: (slice) => slice.key },
  );
}

/** The Service whose endpoints they are; our own slices name waypoints, and are nobody's. */
function servedBy(
  context: FetchContext,
  endpointSources: Collection<EndpointSource> | undefined,
  slice: EndpointSlice,
): string | undefined {
  const named = serviceOf(slice);
  if (named === undefined || isOurSlice(slice)) return undefined;
  const source = endpointSources === undefined ? undefined : context.get(endpointSources, named);
  return source === undefined ? named : source.service;
}

export function isOurSlice({ metadata }: EndpointSlice): boolean {
  return metadata.labels?.[managedByLabel] === sliceOwner;
}

function serviceOf(slice: EndpointSlice): string | undefined {
  const name = slice.metadata.labels?.[serviceNameLabel];
  return name === undefined || name === "" ? undefined : `${slice.metadata.namespace ?? ""}/${name}`;
}

/** A port without a number stands for every port, which no Service port can mean. */
function tcpPorts(slice: EndpointSlice): { name: string; port: number }[] {
  return (slice.ports ?? []).flatMap(({ name, port, protocol }) =>
    port === undefined || (protocol ?? "TCP") !== "TCP" ? [] : [{ name: name ?? "", port }],
  );
}

function givenEndpoint(
  context: FetchContext,
  sources: Sources,
  workloads: Collection<WorkloadModel>,
  namespace: string,
  endpoint: SliceEndpoint,
): EndpointModel[] {
  // An endpoint's addresses all mean the same thing; everybody uses the first (API reference of EndpointSlice).
  const address = parseIp(endpoint.addresses[0] ?? "");
  if (address === undefined) return [];
  const { conditions, targetRef } = endpoint;
  const pod =
    targetRef?.kind === "Pod" && targetRef.name !== undefined
      ? context.get(sources.pods, `${targetRef.namespace ?? namespace}/${targetRef.name}`)?.object
      : undefined;
  const workload = pod === undefined ? context.get(workloads, address) : undefined;
  if (isWaypoint(pod, workload)) return [];
  const ready = conditions?.ready ?? true;
  return [
    {
      address,
      ready,
      serving: conditions?.serving ?? ready,
      terminating: conditions?.terminating ?? false,
      zone: endpoint.zone ?? "",
      node: endpoint.nodeName ?? "",
      workload: pod === undefined ? workload?.workload : workloadLabels(pod),
    },
  ];
}

/** Nobody's endpoint: a request would come back to where it is. */
function isWaypoint(pod: Pod | undefined, workload: WorkloadModel | undefined): boolean {
  if (pod !== undefined) return waypointOfLabels(pod.metadata.labels) !== undefined;
  return workload !== undefined && waypointOfLabels(workload.labels) !== undefined;
}

/** By address, the first of equals: the order in which they were written is no change. */
export function sortEndpoints(endpoints: readonly EndpointModel[]): readonly EndpointModel[] {
  const byAddress = new Map<string, EndpointModel>();
  for (const endpoint of endpoints) {
    if (!byAddress.has(endpoint.address)) byAddress.set(endpoint.address, endpoint);
  }
  return [...byAddress.values()].toSorted((a, b) => (a.address < b.address ? -1 : 1));
}
