/**
 * Slices for Services that have a selector and no EndpointSlice: what Kubernetes' EndpointSlice controller would compute.
 * Standalone only; a cluster has its own. A slice has one set of port numbers, so pods whose named target ports have
 * different numbers end up in different slices.
 *
 * Unlike in a cluster, several pods may share one address in files (127.0.0.1, told apart by port): they are then
 * different endpoints, because their ports differ, or the same one.
 */
import type { Pod, Service, ServicePort } from "@waystone/api/kubernetes/core";
import type { EndpointSlice } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { matchLabels } from "./label-selector.ts";
import { isPodReady, isTerminating, podAddresses, workloadLabels } from "./pod-identity.ts";
import { type EndpointModel, type SliceModel, sortEndpoints } from "./slice.ts";
import type { SourcedObject, Sources } from "./sources.ts";

export function buildPodSlices(
  graph: CollectionGraph,
  sources: Sources,
  givenSlices: Index<SourcedObject<EndpointSlice>>,
): Collection<SliceModel> {
  const podsByLabel = graph.index("pods-by-label", sources.pods, ({ object }) =>
    Object.entries(object.metadata.labels ?? {}).map(([key, value]) =>
      labelValue(object.metadata.namespace ?? "", key, value),
    ),
  );
  return graph.derive(
    sources.services,
    (context, { key, object }) => {
      if (context.lookup(givenSlices, key).length > 0) return undefined;
      return slicesOf(key, object, selectedPods(context, podsByLabel, object));
    },
    { name: "pod-slices", key: (slice) => slice.key },
  );
}

function labelValue(namespace: string, key: string, value: string): string {
  return `${namespace} ${key}=${value}`;
}

/** Asks the index for one pair of the selector, so that a pod wakes only Services that could pick it. */
function selectedPods(
  context: FetchContext,
  podsByLabel: Index<SourcedObject<Pod>>,
  service: Service,
): readonly Pod[] {
  const selector = service.spec?.selector ?? {};
  const first = Object.entries(selector).toSorted(([a], [b]) => (a < b ? -1 : 1))[0];
  if (first === undefined || service.spec?.type === "ExternalName") return [];
  return context
    .lookup(podsByLabel, labelValue(service.metadata.namespace ?? "", first[0], first[1]))
    .map(({ object }) => object)
    .filter((pod) => matchLabels(selector, pod.metadata.labels ?? {}));
}

function slicesOf(key: string, service: Service, pods: readonly Pod[]): SliceModel[] {
  const groups = new Map<string, { ports: SliceModel["ports"]; endpoints: EndpointModel[] }>();
  for (const pod of pods) {
    const address = podAddresses(pod)[0];
    if (address === undefined) continue;
    const ports = resolvePorts(service, pod);
    const signature = ports.map(({ port }) => port).join(",");
    const group = groups.get(signature) ?? { ports, endpoints: [] };
    group.endpoints.push(podEndpoint(service, pod, address));
    groups.set(signature, group);
  }
  // "@" cannot occur in a Kubernetes name, so these names are nobody else's.
  return [...groups.entries()].map(([signature, group]) => ({
    key: `${key}@${signature}`,
    namespace: service.metadata.namespace ?? "",
    name: `${service.metadata.name}@${signature}`,
    service: key,
    ports: group.ports,
    endpoints: sortEndpoints(group.endpoints),
  }));
}

/** A named target port that the pod does not have leaves the pod out of that port. */
function resolvePorts(service: Service, pod: Pod): { name: string; port: number }[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    if ((port.protocol ?? "TCP") !== "TCP") return [];
    const number = targetNumber(port, pod);
    return number === undefined ? [] : [{ name: port.name ?? "", port: number }];
  });
}

function targetNumber(port: ServicePort, pod: Pod): number | undefined {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target === 0 ? port.port : target;
  for (const container of pod.spec?.containers ?? []) {
    const found = container.ports?.find(({ name }) => name === target);
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

/** endpointslice/utils.go podToEndpoint: a terminating pod is never ready, but may still serve (KEP-1672). */
function podEndpoint(service: Service, pod: Pod, address: string): EndpointModel {
  const publishNotReady = service.spec?.publishNotReadyAddresses === true;
  const serving = publishNotReady || isPodReady(pod);
  const terminating = isTerminating(pod);
  return {
    address,
    ready: publishNotReady || (serving && !terminating),
    serving,
    terminating,
    zone: "",
    node: pod.spec?.nodeName ?? "",
    workload: workloadLabels(pod),
  };
}
