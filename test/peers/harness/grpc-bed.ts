/** What gRPC is played on: grpc-go and grpc-js as endpoints, a waypoint, and Envoy and HAProxy before or behind it. */
import { freePort } from "@waystone/testkit/free-port";
import { breakerPrefix, type GrpcBreaker, openGrpcBreaker } from "./grpc-breaker.ts";
import { type GrpcGoServer, startGrpcGo } from "./grpc-go-server.ts";
import { type GrpcJsServer, openGrpcJsServer } from "./grpc-js.ts";
import { type RunningProxy, startEnvoy, startHaproxy } from "./proxies.ts";
import { type Address, type PeerService, type RunningWaystone, startWaystone } from "./waystone.ts";

export interface GrpcWay {
  readonly name: string;
  /** The Service that the waypoint leads it to. */
  readonly service: string;
  readonly before?: "envoy" | "haproxy";
}

export const grpcWays: readonly GrpcWay[] = [
  { name: "waystone -> grpc-go", service: "grpc-go" },
  { name: "waystone -> grpc-js", service: "grpc-js" },
  { name: "Envoy -> waystone -> grpc-go", service: "grpc-go", before: "envoy" },
  { name: "HAProxy -> waystone -> grpc-go", service: "grpc-go", before: "haproxy" },
  { name: "waystone -> Envoy -> grpc-go", service: "envoy" },
  { name: "waystone -> HAProxy -> grpc-go", service: "haproxy" },
];

export interface GrpcBed {
  readonly waystone: RunningWaystone;
  readonly jsServer: GrpcJsServer;
  readonly at: (way: GrpcWay) => Address;
  close(): Promise<void>;
}

export async function openGrpcBed(): Promise<GrpcBed> {
  const goServer = await startGrpcGo({ host: "127.0.0.1", port: await freePort() });
  const [jsServer, breaker] = [await openGrpcJsServer(), await openGrpcBreaker()];
  const to = goServer.address;
  const elsewhere = { prefix: breakerPrefix, to: { host: to.host, port: breaker.port } };
  const behind = {
    envoy: await startEnvoy(to, "http/2", { elsewhere }),
    haproxy: await startHaproxy(to, "http/2", { elsewhere }),
  };
  const waystone = await startWaystone(
    await bedServices({ "grpc-go": to.port, "grpc-js": jsServer.port, breaker: breaker.port }, behind),
    bedObjects,
  );
  const front = waystone.at("grpc-go");
  const before = {
    envoy: await startEnvoy(front, "http/2"),
    haproxy: await startHaproxy(front, "http/2"),
  };
  const proxies = [...Object.values(before), ...Object.values(behind)];
  return {
    waystone,
    jsServer,
    at: (way) => (way.before === undefined ? waystone.at(way.service) : before[way.before].address),
    async close() {
      for (const proxy of proxies) await proxy.stop();
      await waystone.stop();
      await closeEndpoints(jsServer, breaker, goServer);
    },
  };
}

async function closeEndpoints(
  jsServer: GrpcJsServer,
  breaker: GrpcBreaker,
  goServer: GrpcGoServer,
): Promise<void> {
  jsServer.close();
  await breaker.close();
  await goServer.stop();
}

async function bedServices(
  ports: Readonly<Record<"grpc-go" | "grpc-js" | "breaker", number>>,
  behind: Readonly<Record<"envoy" | "haproxy", RunningProxy>>,
): Promise<readonly PeerService[]> {
  const service = (name: string, endpointPort: number): PeerService => ({
    name,
    appProtocol: "grpc",
    endpointPort,
  });
  return [
    ...Object.entries(ports).map(([name, port]) => service(name, port)),
    ...Object.entries(behind).map(([name, { address }]) => service(name, address.port)),
    service("nobody", await freePort()),
    service("routed", ports["grpc-go"]),
    service("slow", ports["grpc-go"]),
  ];
}

/** What makes answers of our own, and where calls that are to be broken off go. */
function bedObjects(portOf: (service: string) => number): readonly object[] {
  const to = (name: string): object => ({ backendRefs: [{ name, port: portOf(name) }] });
  const broken = (name: string): object =>
    route("HTTPRoute", name, [
      { matches: [{ path: { type: "PathPrefix", value: breakerPrefix.slice(0, -1) } }], ...to("breaker") },
      to(name),
    ]);
  const matches = [{ method: { service: "peers.Echo", method: "Fail" } }];
  return [
    route("GRPCRoute", "routed", [{ matches, ...to("routed") }]),
    route("HTTPRoute", "slow", [{ timeouts: { request: "300ms" }, ...to("slow") }]),
    broken("grpc-go"),
    broken("grpc-js"),
    nobodyMayCallDenied(["grpc-go", "grpc-js", "envoy", "haproxy"]),
  ];
}

function route(kind: "GRPCRoute" | "HTTPRoute", name: string, rules: readonly object[]): object {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind,
    metadata: { name, namespace: "peers" },
    spec: { parentRefs: [{ group: "", kind: "Service", name }], rules },
  };
}

function nobodyMayCallDenied(services: readonly string[]): object {
  return {
    apiVersion: "waystone.dev/v1alpha1",
    kind: "AuthorizationPolicy",
    metadata: { name: "denied", namespace: "peers" },
    spec: {
      targetRefs: services.map((name) => ({ group: "", kind: "Service", name })),
      action: "DENY",
      rules: [{ to: [{ operation: { paths: ["/peers.Echo/Denied"] } }] }],
    },
  };
}
