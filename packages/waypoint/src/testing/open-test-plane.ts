/**
 * A worker's data plane in the test's own thread: a store filled with resources that the test writes down, and real
 * listeners. For tests alone; production puts the same parts together in worker/run-worker.ts.
 */
import type { MemorySource } from "../overload/memory-use.ts";
import { typeUrls } from "@waystone/api/names";
import {
  EndpointSlice,
  type EndpointSliceResource,
  Protocol,
  Route,
  type RouteResource,
  type RouteRuleResource,
  Service,
  type ServiceResource,
  Workload,
  type WorkloadResource,
} from "@waystone/api/resources";
import { type Clock, systemClock } from "@waystone/base/clock";
import { MetricsRegistry } from "@waystone/base/metrics";
import { type Rng, systemRng } from "@waystone/base/rng";
import { type EncodedResource } from "@waystone/xds/resource";
import { encodeResource } from "@waystone/xds/version";
import { openDataPlane } from "../listener/data-plane.ts";
import { defaultSettings, type WaypointSettings } from "../settings.ts";
import { createStore, type Store } from "../store/store.ts";
import type { DataPlane } from "../worker/data-plane-seam.ts";
import { IdentityTable } from "../worker/identity-table.ts";
import type { FromWorker } from "../worker/protocol.ts";

export interface TestPlaneOptions {
  /** Where the Service port of the test listens: a free port of 127.0.0.1. */
  readonly port: number;
  readonly protocol?: TestProtocol;
  /** "address:port" of the Service's endpoints. */
  readonly endpoints: readonly string[];
  /** Rules of one HTTPRoute on the Service; none: no route. */
  readonly rules?: readonly RouteRuleResource[];
  readonly more?: readonly EncodedResource[];
  readonly settings?: PartialSettings;
  readonly clock?: Clock;
  readonly rng?: Rng;
  /** What the worker is told of its memory: none of it is in use. */
  readonly memory?: MemorySource;
  readonly descriptors?: number;
}

export type TestProtocol = "http" | "http2" | "grpc" | "tls" | "tcp";

type PartialSettings = {
  readonly [K in keyof WaypointSettings]?: Partial<WaypointSettings[K]> | WaypointSettings[K];
};

export interface TestPlane {
  readonly store: Store;
  readonly plane: DataPlane;
  readonly metrics: MetricsRegistry;
  readonly emitted: FromWorker[];
  /** Parsed access-log lines so far. */
  log(): readonly Record<string, unknown>[];
  apply(resources: readonly EncodedResource[], removed?: readonly EncodedResource[]): void;
  close(): void;
}

/** The namespace and name of the Service under test. */
export const testService = "shop/web";

export function openTestPlane(options: TestPlaneOptions): Promise<TestPlane> {
  const settings = mergeSettings(options.settings ?? {});
  const emitted: FromWorker[] = [];
  const store = createStore();
  const metrics = new MetricsRegistry();
  const { promise, resolve, reject } = Promise.withResolvers<TestPlane>();
  const clock = options.clock ?? systemClock;
  const emit = (message: FromWorker): void => {
    emitted.push(message);
    if (message.type === "listening") resolve(testPlane);
    if (message.type === "listen-failed") reject(new Error(`cannot listen: ${message.reason}`));
    // A mistake of ours ends the test, as it would end a worker without connection-faults.ts.
    if (message.type === "log" && message.level === "error")
      throw new Error(`${message.message}: ${String(message.fields["error"])}`);
  };
  const identity = new IdentityTable({
    clock,
    emit,
    stateOf: (address) => store.current().workloads.get(address),
    onForgotten: () => {},
  });
  const plane = openDataPlane({
    workerId: 0,
    settings,
    clock,
    rng: options.rng ?? systemRng,
    memory: options.memory ?? { read: () => ({ heap: 0, buffers: 0 }), collect() {}, collectYoung() {} },
    descriptors: options.descriptors ?? Number.POSITIVE_INFINITY,
    metrics,
    current: () => store.current(),
    identity,
    emit,
  });
  const testPlane: TestPlane = {
    store,
    plane,
    metrics,
    emitted,
    log: () => parseLog(emitted),
    apply(resources, removed = []) {
      applyResources(store, resources, removed);
      plane.follow(store.current());
      for (const { typeUrl, name } of [...resources, ...removed]) {
        if (typeUrl === typeUrls.workload) identity.settle(name);
      }
    },
    close: () => plane.close(),
  };
  testPlane.apply([...testResources(options), ...(options.more ?? [])]);
  return promise;
}

function mergeSettings(partial: PartialSettings): WaypointSettings {
  return {
    ...defaultSettings,
    ...partial,
    allowLoopback: partial.allowLoopback !== false,
    limits: { ...defaultSettings.limits, ...(partial.limits as object) },
    timeouts: { ...defaultSettings.timeouts, ...(partial.timeouts as object) },
    pool: { ...defaultSettings.pool, ...(partial.pool as object) },
    http2: { ...defaultSettings.http2, ...(partial.http2 as object) },
    overload: { ...defaultSettings.overload, ...(partial.overload as object) },
    forwarding: { ...defaultSettings.forwarding, ...(partial.forwarding as object) },
  } as WaypointSettings;
}

function testResources(options: TestPlaneOptions): EncodedResource[] {
  const resources = [
    serviceResource("shop", "web", 80, {
      protocol: options.protocol ?? "http",
      listen: options.port,
    }),
    sliceResource("shop", "web", options.endpoints),
  ];
  if (options.rules !== undefined) resources.push(routeResource("web", { rules: [...options.rules] }));
  return resources;
}

const protocols = {
  http: Protocol.HTTP,
  http2: Protocol.HTTP2,
  grpc: Protocol.GRPC,
  tls: Protocol.TLS,
  tcp: Protocol.TCP,
} as const;

export function serviceResource(
  namespace: string,
  name: string,
  port: number,
  options: {
    readonly protocol?: TestProtocol;
    readonly listen?: number;
    readonly address?: string;
    readonly releasing?: boolean;
  } = {},
): EncodedResource {
  const message: ServiceResource = {
    namespace,
    name,
    generation: 1,
    waypoint: options.listen === undefined ? "" : `${namespace}/waypoint`,
    ports: [
      {
        name: "main",
        port,
        protocol: protocols[options.protocol ?? "http"],
        protocolReason: "test",
        listen:
          options.listen === undefined
            ? []
            : [{ address: options.address ?? "127.0.0.1", port: options.listen }],
      },
    ],
    releasing: options.releasing ?? false,
  };
  return encodeResource(typeUrls.service, `${namespace}/${name}`, Service.encode(message).finish());
}

/** One slice per port number among the endpoints, all for the Service port "main". */
export function sliceResource(
  namespace: string,
  name: string,
  endpoints: readonly string[],
  { terminating = [] }: { readonly terminating?: readonly string[] } = {},
): EncodedResource {
  const ports = new Set(endpoints.map((endpoint) => Number(endpoint.slice(endpoint.lastIndexOf(":") + 1))));
  if (ports.size > 1) throw new Error("endpoints of one slice share a port: use several slices");
  const message: EndpointSliceResource = {
    namespace,
    name: `${name}-1`,
    service: `${namespace}/${name}`,
    ports: [{ name: "main", port: [...ports][0] ?? 1 }],
    endpoints: endpoints.map((endpoint) => ({
      address: endpoint.slice(0, endpoint.lastIndexOf(":")),
      ready: !terminating.includes(endpoint),
      serving: true,
      terminating: terminating.includes(endpoint),
    })),
  };
  return encodeResource(
    typeUrls.endpointSlice,
    `${namespace}/${name}-1`,
    EndpointSlice.encode(message).finish(),
  );
}

export function routeResource(
  name: string,
  route: { readonly rules: RouteRuleResource[]; readonly namespace?: string; readonly generation?: number },
): EncodedResource {
  const namespace = route.namespace ?? "shop";
  const message: RouteResource = {
    kind: "HTTPRoute",
    namespace,
    name,
    generation: route.generation ?? 1,
    parents: [{ service: testService, port: 0 }],
    rules: route.rules.map((rule) => ({ matches: [{ path: { type: 1, value: "/" } }], ...rule })),
  };
  return encodeResource(typeUrls.route, `HTTPRoute/${namespace}/${name}`, Route.encode(message).finish());
}

/** A TLSRoute or TCPRoute on the Service under test, to these backends. */
export function connectionRouteResource(
  kind: "TLSRoute" | "TCPRoute",
  name: string,
  route: Pick<RouteResource, "namespace" | "hostnames" | "createdAtSeconds"> & {
    readonly backends: NonNullable<RouteRuleResource["backends"]>;
  },
): EncodedResource {
  const { backends, ...more } = route;
  const namespace = route.namespace ?? "shop";
  const parents = [{ service: testService, port: 80 }];
  const message: RouteResource = {
    kind,
    namespace,
    name,
    generation: 1,
    parents,
    ...more,
    rules: [{ backends }],
  };
  return encodeResource(typeUrls.route, `${kind}/${namespace}/${name}`, Route.encode(message).finish());
}

export function workloadResource(message: WorkloadResource): EncodedResource {
  return encodeResource(typeUrls.workload, message.address ?? "", Workload.encode(message).finish());
}

function applyResources(
  store: Store,
  resources: readonly EncodedResource[],
  removed: readonly EncodedResource[],
): void {
  const deltas = [...resources].map((resource) => ({
    typeUrl: resource.typeUrl,
    upserts: [resource],
    removals: [],
  }));
  const removals = removed.map((resource) => ({
    typeUrl: resource.typeUrl,
    upserts: [],
    removals: [resource.name],
  }));
  const { rejected } = store.apply([...deltas, ...removals]);
  const reasons = rejected.flat();
  if (reasons.length > 0) throw new Error(reasons.map(({ name, reason }) => `${name}: ${reason}`).join("; "));
}

function parseLog(emitted: readonly FromWorker[]): Record<string, unknown>[] {
  return emitted
    .flatMap((message) => (message.type === "access-log" ? message.lines.split("\n") : []))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
