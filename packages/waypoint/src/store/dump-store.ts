/**
 * What a worker runs, as plain data for GET /config_dump: Services with their places, endpoints with their readiness, routes
 * in the order in which they win, policies with their targets. Secrets are not in the store, so they cannot be in here.
 */
import type { ConnectionTable } from "@waystone/engine/route/connection-table";
import type { Matched, RouteRule } from "@waystone/engine/route/route";
import type { RouteTable } from "@waystone/engine/route/route-table";
import type { Member } from "./backend-set.ts";
import { backendKey } from "./backend-set.ts";
import type { StoredPolicy } from "./policies.ts";
import type { StoredPort, StoredService } from "./service-from-resource.ts";
import type { Store } from "./store.ts";

export interface StoreDump {
  readonly sequence: number;
  readonly services: readonly ServiceDump[];
  readonly routes: readonly RouteDump[];
  readonly policies: readonly PolicyDump[];
  readonly workloads: number;
}

export interface ServiceDump {
  readonly name: string;
  readonly version: string;
  readonly generation: number;
  readonly waypoint: string;
  readonly ports: readonly PortDump[];
}

export interface PortDump {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly listen: readonly string[];
  readonly endpoints: readonly EndpointDump[];
  /** Why no request may go to its endpoints, which it then has none of: a policy that cannot be carried out; "": they may. */
  readonly unusable: string;
  /** Routes of the Service's namespace, every match in order of precedence. */
  readonly routes: readonly MatchDump[];
  /** Routes of other namespaces, for clients from there. */
  readonly consumerRoutes: Readonly<Record<string, readonly MatchDump[]>>;
  /** TLSRoutes or TCPRoutes, in order of precedence. */
  readonly connectionRoutes: readonly ConnectionDump[];
  readonly consumerConnectionRoutes: Readonly<Record<string, readonly ConnectionDump[]>>;
}

export interface EndpointDump {
  readonly address: string;
  readonly state: "ready" | "terminating" | "unready";
  /** Whether requests may go there now. */
  readonly isPicked: boolean;
  readonly active: number;
  readonly pod: string;
}

export interface MatchDump {
  /** "<namespace>/<route>/<rule>" */
  readonly rule: string;
  readonly generation: number;
  readonly path: string;
  readonly method: string;
  readonly headers: readonly string[];
  readonly queryParams: readonly string[];
  readonly backends: readonly string[];
}

export interface ConnectionDump {
  /** "*" for any, and none. */
  readonly serverName: string;
  readonly rule: string;
  readonly kind: string;
  readonly generation: number;
  readonly backends: readonly string[];
}

export interface RouteDump {
  readonly name: string;
  readonly version: string;
  readonly generation: number;
  readonly rules: number;
  readonly parents: readonly string[];
}

export interface PolicyDump {
  readonly name: string;
  /** "": no version of it could be read. */
  readonly version: string;
  readonly generation: number;
  readonly targets: readonly string[];
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

export function dumpStore(store: Store): StoreDump {
  const { sequence, workloads } = store.current();
  const services = [...store.services.values()].map((service) => dumpService(store, service));
  const routes = [...store.routes.byName.values()].map(({ route, version }) => ({
    name: route.key,
    version,
    generation: route.generation,
    rules: route.rules.length,
    parents: route.parents.map(({ service, port }) => (port === 0 ? service : `${service}:${port}`)),
  }));
  return {
    sequence,
    services: services.sort(byName),
    routes: routes.sort(byName),
    policies: store.policies.all().map(dumpPolicy),
    workloads: workloads.size,
  };
}

function dumpPolicy({ name, version, generation, targets }: StoredPolicy): PolicyDump {
  return {
    name,
    version,
    generation,
    targets: targets.map(({ kind, name: target, section }) =>
      section === "" ? `${kind} ${target}` : `${kind} ${target} ${section}`,
    ),
  };
}

function dumpService(store: Store, service: StoredService): ServiceDump {
  const { key, version, generation, waypoint } = service;
  return {
    name: key,
    version,
    generation,
    waypoint,
    ports: service.ports.map((port) => dumpPort(store, service, port)),
  };
}

function dumpPort(store: Store, service: StoredService, port: StoredPort): PortDump {
  const backend = store.backends.get(backendKey(service, port.port));
  const picked = new Set(backend?.endpoints);
  const { requests, connections } = store.routes.attachments;
  const consumers = requests.consumer(service.key, port.port);
  const connectionConsumers = connections.consumer(service.key, port.port);
  return {
    name: port.name,
    port: port.port,
    protocol: port.protocol,
    listen: port.listen.map(({ key }) => key),
    endpoints: [...(backend?.members.values() ?? [])].map((member) =>
      dumpEndpoint(member, picked.has(member.endpoint)),
    ),
    unusable: backend?.unusable ?? "",
    routes: dumpTable(requests.producer(service.key, port.port)),
    consumerRoutes: byNamespace(consumers, dumpTable),
    connectionRoutes: dumpConnections(connections.producer(service.key, port.port)),
    consumerConnectionRoutes: byNamespace(connectionConsumers, dumpConnections),
  };
}

function byNamespace<Table, Dump>(
  tables: ReadonlyMap<string, Table>,
  dump: (table: Table) => Dump,
): Record<string, Dump> {
  const sorted = [...tables].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([namespace, table]) => [namespace, dump(table)]));
}

function dumpEndpoint({ endpoint, ready, lingering }: Member, isPicked: boolean): EndpointDump {
  return {
    address: endpoint.key,
    state: ready ? "ready" : lingering ? "terminating" : "unready",
    isPicked,
    active: endpoint.active,
    pod: endpoint.labels === undefined ? "" : `${endpoint.labels.namespace}/${endpoint.labels.pod}`,
  };
}

function dumpTable(table: RouteTable | undefined): MatchDump[] {
  return table?.entries().map(dumpMatch) ?? [];
}

function dumpMatch({ rule, match }: Matched): MatchDump {
  const { path } = match;
  return {
    rule: rule.label,
    generation: rule.route.generation,
    path: path.type === "regex" ? `regex ${path.source}` : `${path.type} ${path.value || "/"}`,
    method: match.method,
    headers: match.headers.map(({ name, source }) => `${name}: ${source}`),
    queryParams: match.queryParams.map(({ name, source }) => `${name}=${source}`),
    backends: dumpBackends(rule),
  };
}

function dumpConnections(table: ConnectionTable | undefined): ConnectionDump[] {
  return (table?.entries() ?? []).map(({ serverName, rule }) => ({
    serverName,
    rule: rule.label,
    kind: rule.route.kind,
    generation: rule.route.generation,
    backends: dumpBackends(rule),
  }));
}

function dumpBackends({ backends }: RouteRule): string[] {
  return backends.map(
    ({ service, port, weight, invalid }) =>
      `${service}:${port} weight ${weight}${invalid === "" ? "" : ` (${invalid})`}`,
  );
}
