/** Resources for tests, short: a whole Service, slice or route from the few words that matter to the test at hand. */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import {
  EndpointSlice,
  type EndpointResource,
  MatchType,
  Policy,
  Protocol,
  Route,
  type RouteResource,
  Service,
  Workload,
} from "@waystone/api/resources";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource, ResourceDelta } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";

export interface ServiceWords {
  readonly generation?: number;
  readonly waypoint?: string;
  readonly releasing?: boolean;
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly tcp?: boolean;
    /** "address:port" */
    readonly listen?: readonly string[];
  }[];
}

/** Without words: port 80 "http" that listens nowhere. */
export function service(name: string, words: ServiceWords = {}): EncodedResource {
  const [namespace, bare] = split(name);
  const ports = (words.ports ?? [{ port: 80 }]).map(({ name, port, tcp, listen }) => ({
    name: name ?? "http",
    port,
    protocol: tcp === true ? Protocol.TCP : Protocol.HTTP,
    listen: (listen ?? []).map((place) => {
      const colon = place.lastIndexOf(":");
      return { address: place.slice(0, colon), port: Number(place.slice(colon + 1)) };
    }),
  }));
  const { generation = 1, waypoint = "*", releasing = false } = words;
  const message = { namespace, name: bare, generation, waypoint, releasing, ports };
  return encoded(typeUrls.service, name, Service.encode(message).finish());
}

/** Addresses alone are ready; "10.0.0.1 unready", "10.0.0.1 terminating" (and serving) say otherwise. */
export function slice(
  name: string,
  owner: string,
  addresses: readonly string[],
  ports: Readonly<Record<string, number>> = { http: 8080 },
): EncodedResource {
  const [namespace, bare] = split(name);
  const message = {
    namespace,
    name: bare,
    service: owner,
    ports: Object.entries(ports).map(([name, port]) => ({ name, port })),
    endpoints: addresses.map((address) => endpoint(address, namespace)),
  };
  return encoded(typeUrls.endpointSlice, name, EndpointSlice.encode(message).finish());
}

function endpoint(words: string, namespace: string): EndpointResource {
  const [address = "", state = "ready", pod = `pod-${address}`] = words.split(" ");
  return {
    address,
    ready: state === "ready",
    serving: state !== "unready",
    terminating: state === "terminating",
    workload: { namespace, pod },
  };
}

export interface RouteWords {
  readonly kind?: "HTTPRoute" | "TLSRoute" | "TCPRoute";
  readonly hostnames?: readonly string[];
  readonly parents?: readonly string[];
  readonly path?: string;
  readonly backends?: readonly string[];
  readonly rules?: RouteResource["rules"];
  readonly generation?: number;
}

/** "ns/name" of an HTTPRoute, unless another kind is given; parents and backends are "ns/name" or "ns/name:port" (backends: also "ns/name:port*weight"). */
export function route(name: string, words: RouteWords = {}): EncodedResource {
  const [namespace, bare] = split(name);
  const { kind = "HTTPRoute", hostnames = [] } = words;
  const path = { type: MatchType.PREFIX, value: words.path ?? "/" };
  const message: RouteResource = {
    kind,
    hostnames: [...hostnames],
    namespace,
    name: bare,
    generation: words.generation ?? 1,
    parents: (words.parents ?? []).map((parent) => {
      const [service = "", port = "0"] = parent.split(":");
      return { service, port: Number(port) };
    }),
    rules: words.rules ?? [
      {
        matches: kind === "HTTPRoute" ? [{ path }] : [],
        backends: (words.backends ?? []).map(backend),
      },
    ],
  };
  return encoded(typeUrls.route, `${kind}/${name}`, Route.encode(message).finish());
}

function backend(words: string): { service: string; port: number; weight: number } {
  const [reference = "", weight = "1"] = words.split("*");
  const [service = "", port = "80"] = reference.split(":");
  return { service, port: Number(port), weight: Number(weight) };
}

/** An AuthorizationPolicy; without words an ALLOW for nobody, about shop/api. */
export function policy(words: PolicyText = {}): EncodedResource {
  const message = policyMessage(words);
  const name = `${message.kind}/${message.namespace}/${message.name}`;
  return encoded(typeUrls.policy, name, Policy.encode(message).finish());
}

export function workload(address: string, pod: string): EncodedResource {
  const [namespace, name] = split(pod);
  const message = { address, workload: { namespace, pod: name }, labels: [{ key: "app", value: name }] };
  return encoded(typeUrls.workload, address, Workload.encode(message).finish());
}

/** One delta per type of what is given, in the order in which the types first occur. */
export function upserts(...resources: readonly EncodedResource[]): ResourceDelta[] {
  const byType = Map.groupBy(resources, ({ typeUrl }) => typeUrl);
  return [...byType].map(([typeUrl, upserts]) => ({ typeUrl, upserts, removals: [] }));
}

export function removal(typeUrl: TypeUrl, ...removals: readonly string[]): ResourceDelta {
  return { typeUrl, upserts: [], removals };
}

/** A body of its own: the encoder's is a view of its pool. */
function encoded(typeUrl: TypeUrl, name: string, bytes: Uint8Array): EncodedResource {
  return encodeResource(typeUrl, name, new Uint8Array(bytes));
}

function split(name: string): [string, string] {
  const slash = name.indexOf("/");
  return [name.slice(0, slash), name.slice(slash + 1)];
}
