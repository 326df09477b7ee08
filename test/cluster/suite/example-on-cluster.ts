/**
 * An example's manifests as a cluster takes them: it gives ClusterIPs out itself, and has pods where the example has loopback
 * addresses. Each such pod hands its connections on to the backend, which runs with the checks and has an address of node-1;
 * where the example has no backend, nobody listens. Pods of the example are clients as well, by the relay's way out. Everything
 * else is as it is written.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { EndpointSlice, Pod, Service } from "@waystone/api/kubernetes/core";
import type { HTTPRoute } from "@waystone/api/kubernetes/gateway";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { useWaypointKey } from "@waystone/api/names";
import { portProtocol } from "@waystone/controller/model/port-protocol";
import { isHttp } from "@waystone/controller/model/service-port";
import { parseAllDocuments } from "yaml";
import type { BackendOptions } from "../../../examples/harness/backend.ts";
import type { Example } from "../../../examples/harness/example.ts";

export interface Manifest extends KubernetesObject {
  readonly spec?: unknown;
}

/** What a cluster has to know of it: a task page's world is no more. */
export type PlacedExample = Pick<Example, "manifests" | "backends">;

/** In the order of the files, namespaces first. */
export function readManifests({ manifests }: PlacedExample): readonly KubernetesObject[] {
  const files = readdirSync(manifests).filter((file) => file.endsWith(".yaml"));
  const objects = files.flatMap((file) =>
    parseAllDocuments(readFileSync(path.join(manifests, file), "utf8")).map(
      (document) => document.toJS() as KubernetesObject | null,
    ),
  );
  const rank = ({ kind }: KubernetesObject): number => (kind === "Namespace" ? 0 : 1);
  return objects.filter((object) => object !== null).toSorted((a, b) => rank(a) - rank(b));
}

/** One of node-1 for each loopback address of a backend, in its network, where all pods reach it. */
export function placed(address: string): string {
  const place = places.get(address) ?? `198.18.0.${firstPlace + places.size}`;
  places.set(address, place);
  return place;
}

/** Whether it will be captured: its annotation or its Namespace's asks for it, and it says that it speaks HTTP, or has a route. */
export function isForWaypoint({ metadata, spec }: Service, objects: readonly KubernetesObject[]): boolean {
  const own = objects.find(
    ({ kind, metadata: { name } }) => kind === "Namespace" && name === metadata.namespace,
  );
  const asks = [metadata, own?.metadata].some((each) => each?.annotations?.[useWaypointKey]);
  if (!asks) return false;
  const routes = objects.filter((object): object is HTTPRoute => object.kind.endsWith("Route"));
  const parents = routes.flatMap((route) => route.spec?.parentRefs ?? []);
  return (
    parents.some(({ name }) => name === metadata.name) ||
    (spec?.ports ?? []).some((port) => isHttp(portProtocol(port, undefined)))
  );
}

const places = new Map<string, string>();
/** Beyond the nodes (addresses.ts). */
const firstPlace = 20;

const backendOf = "example.waystone.dev/backend-of";

export function forCluster(example: PlacedExample, image: string): readonly Manifest[] {
  const objects = readManifests(example);
  const slices = objects.filter((object): object is EndpointSlice => object.kind === "EndpointSlice");
  return objects.flatMap((object): readonly Manifest[] => {
    switch (object.kind) {
      case "Service":
        return [placeService(object as Service, slices)];
      case "EndpointSlice":
        return slicePods(object as EndpointSlice, example.backends, image);
      case "Pod":
        return placePod(object as Pod, example.backends, image);
      case "HTTPRoute":
        return [asOfGatewayApi16(object as HTTPRoute)];
      default:
        return [object];
    }
  });
}

/** The cluster has the definitions of 1.6, which spell sessions otherwise. */
function asOfGatewayApi16(route: HTTPRoute): Manifest {
  const rules = route.spec?.rules?.map((rule) => {
    if (rule.sessionPersistence === undefined) return rule;
    const { cookie, header, ...session } = rule.sessionPersistence;
    const sessionName = cookie?.name ?? header?.name;
    const cookieConfig = cookie && { lifetimeType: cookie.lifetimeType ?? "Session" };
    return {
      ...rule,
      sessionPersistence: {
        ...session,
        ...(sessionName && { sessionName }),
        ...(cookieConfig && { cookieConfig }),
      },
    };
  });
  return { ...route, spec: { ...route.spec, ...(rules && { rules }) } };
}

function placeService(service: Service, slices: readonly EndpointSlice[]): Manifest {
  const { clusterIP: _, ...spec } = service.spec ?? {};
  const slice = slices.find((each) => serviceOf(each) === service.metadata.name);
  if (slice === undefined) return { ...service, spec };
  const ports = spec.ports?.map((port) => {
    const target = slice.ports?.find(({ name }) => (name ?? "") === (port.name ?? ""));
    return { ...port, targetPort: target?.port };
  });
  return { ...service, spec: { ...spec, ports, selector: { [backendOf]: service.metadata.name } } };
}

function serviceOf({ metadata }: EndpointSlice): string | undefined {
  return metadata.labels?.["kubernetes.io/service-name"];
}

function slicePods(
  slice: EndpointSlice,
  backends: readonly BackendOptions[],
  image: string,
): readonly Manifest[] {
  const addresses = slice.endpoints?.flatMap((endpoint) => endpoint.addresses) ?? [];
  return addresses.map((address, at) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${slice.metadata.name}-${at}`,
      namespace: slice.metadata.namespace ?? "",
      labels: { [backendOf]: serviceOf(slice) ?? "" },
    },
    spec: relaySpec(backends, address, image),
  }));
}

/** With its own account, which a cluster wants to be there. */
function placePod(
  { metadata, spec, status }: Pod,
  backends: readonly BackendOptions[],
  image: string,
): readonly Manifest[] {
  const { serviceAccountName } = spec ?? {};
  const relay = relaySpec(backends, status?.podIP ?? "", image);
  const pod = { apiVersion: "v1", kind: "Pod", metadata, spec: relay };
  if (serviceAccountName === undefined) return [pod];
  const account = { name: serviceAccountName, namespace: metadata.namespace ?? "" };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: account },
    { ...pod, spec: { ...relay, serviceAccountName } },
  ];
}

/** A connection here says in its first line where it wants to go, "address:port", and goes there from the pod's own address. */
export const wayOutPort = 15_999;

function relaySpec(backends: readonly BackendOptions[], address: string, image: string): object {
  const ports = backends.filter(({ host }) => host === address).map(({ port }) => port);
  const script = `
    const net = require("node:net");
    const join = (client, to) => {
      const other = net.connect({ ...to, allowHalfOpen: true });
      for (const socket of [client, other]) {
        socket.setNoDelay(true);
        socket.on("error", () => { client.destroy(); other.destroy(); });
      }
      client.pipe(other).pipe(client);
    };
    const listen = (port, take) => net.createServer({ allowHalfOpen: true }, take).listen(port);
    for (const port of ${JSON.stringify(ports)}) {
      listen(port, (client) => join(client, { host: "${placed(address)}", port }));
    }
    listen(${wayOutPort}, (client) => {
      client.on("error", () => client.destroy());
      client.once("data", (line) => {
        client.pause();
        const end = line.indexOf(10);
        const [host, port] = line.toString("latin1", 0, end).split(":");
        if (end + 1 < line.length) client.unshift(line.subarray(end + 1));
        join(client, { host, port: Number(port) });
      });
    });
    setInterval(() => {}, 1e9);
    process.on("SIGTERM", () => process.exit());`;
  const container = { name: "relay", image, command: ["node", "-e", script] };
  return { terminationGracePeriodSeconds: 1, containers: [container] };
}
