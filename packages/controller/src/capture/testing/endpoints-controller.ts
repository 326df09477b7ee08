/**
 * What Kubernetes' own controllers do, as far as capture stands on it: EndpointSlices from selectors (targetPorts by name or
 * number, ready and not, one slice per way of calling the ports), and the collection of what has lost its owner. They run when
 * they are asked to: in a test, late.
 */
import type { EndpointSlice, Pod, Service, ServicePort } from "@waystone/api/kubernetes/core";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import { type ObjectStore, objectKey } from "@waystone/testkit/faulty-api-server/object-store";
import { type StoredKind, usualKinds } from "@waystone/testkit/faulty-api-server/stored-kind";

export function kindOf(plural: string): StoredKind {
  const found = usualKinds.find((each) => each.plural === plural);
  if (found === undefined) throw new Error(`there is no kind ${plural}`);
  return found;
}

const slices = kindOf("endpointslices");
const services = kindOf("services");
const managed = "endpointslice-controller.k8s.io";

/** As a client gets it: a copy. */
export function parseObject(object: object): object {
  return JSON.parse(JSON.stringify(object)) as object;
}

export function servicesOf(store: ObjectStore): readonly Service[] {
  return store.list(services).map((object) => parseObject(object) as Service);
}

export function endpointSlicesOf(store: ObjectStore): readonly EndpointSlice[] {
  return store.list(slices).map((object) => parseObject(object) as EndpointSlice);
}

export function podsOf(store: ObjectStore): readonly Pod[] {
  return store.list(kindOf("pods")).map((object) => parseObject(object) as Pod);
}

export function syncEndpoints(store: ObjectStore): void {
  const live = endpointSlicesOf(store).filter(
    ({ metadata }) => metadata.labels?.["endpointslice.kubernetes.io/managed-by"] === managed,
  );
  const wanted = servicesOf(store).flatMap((service) => slicesOf(store, service));
  const names = new Set(wanted.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  for (const slice of wanted) {
    const before = store.get(slices, `${slice.metadata.namespace}/${slice.metadata.name}`);
    if (before === undefined || !isSame(before, slice)) put(store, slices, slice);
  }
  for (const { metadata } of live) {
    const key = `${metadata.namespace}/${metadata.name}`;
    if (!names.has(key)) store.remove(slices, key);
  }
}

export function collectGarbage(store: ObjectStore): void {
  const uids = new Set(servicesOf(store).map(({ metadata }) => metadata.uid));
  for (const kind of [services, slices]) {
    for (const object of store.list(kind)) {
      const { ownerReferences = [] } = (parseObject(object) as Service).metadata;
      if (ownerReferences.length > 0 && ownerReferences.every(({ uid }) => !uids.has(uid))) {
        store.remove(kind, objectKey(object));
      }
    }
  }
}

export function put(store: ObjectStore, kind: StoredKind, object: object): void {
  const json = parseObject(object) as JsonObject;
  const live = store.get(kind, objectKey(json));
  const uid = (live?.["metadata"] as JsonObject | undefined)?.["uid"] ?? store.nextUid();
  store.put(kind, { ...json, metadata: { uid, ...(json["metadata"] as JsonObject) } });
}

function slicesOf(store: ObjectStore, service: Service): EndpointSlice[] {
  const { namespace = "", name, uid = "" } = service.metadata;
  const { selector = {}, ports = [] } = service.spec ?? {};
  if (Object.keys(selector).length === 0) return [];
  const pods = podsOf(store).filter(
    ({ metadata }) =>
      metadata.namespace === namespace &&
      Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value),
  );
  const groups = new Map<string, { ports: EndpointSlice["ports"]; pods: Pod[] }>();
  for (const pod of pods) {
    const called = ports.flatMap((port) => callPort(pod, port));
    const group = groups.get(JSON.stringify(called)) ?? { ports: called, pods: [] };
    group.pods.push(pod);
    groups.set(JSON.stringify(called), group);
  }
  if (groups.size === 0) groups.set("", { ports: [], pods: [] });
  return [...groups.values()].map((group, at) => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: `${name}-ipv4-${at}`,
      namespace,
      labels: { "kubernetes.io/service-name": name, "endpointslice.kubernetes.io/managed-by": managed },
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name, uid }],
    },
    addressType: "IPv4",
    ports: group.ports ?? [],
    endpoints: group.pods.map(endpointOf),
  }));
}

function callPort(pod: Pod, { name = "", port, protocol = "TCP", targetPort = port }: ServicePort) {
  if (typeof targetPort === "number") return [{ name, port: targetPort, protocol }];
  const named = (pod.spec?.containers ?? [])
    .flatMap(({ ports = [] }) => ports)
    .find((each) => each.name === targetPort);
  return named === undefined ? [] : [{ name, port: named.containerPort, protocol }];
}

function endpointOf({ metadata, status }: Pod) {
  const isReady =
    status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
  return {
    addresses: [status?.podIP ?? ""],
    conditions: { ready: isReady, serving: isReady, terminating: false },
    targetRef: { kind: "Pod", namespace: metadata.namespace ?? "", name: metadata.name },
  };
}

function isSame(before: JsonObject, { ports, endpoints }: EndpointSlice): boolean {
  return JSON.stringify([before["ports"], before["endpoints"]]) === JSON.stringify([ports, endpoints]);
}
