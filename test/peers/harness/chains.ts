/** Node's endpoints, and a waypoint with Envoy or HAProxy before or behind it, or neither, by either version on each stretch. */
import { type NodeEndpoint, openHttp1Endpoint, openHttp2Endpoint } from "./node-endpoint.ts";
import { type RunningProxy, startEnvoy, startHaproxy } from "./proxies.ts";
import { type Address, type RunningWaystone, startWaystone } from "./waystone.ts";

export interface Chain {
  readonly name: string;
  /** What stands between the waypoint and the endpoint, and which version they speak with it. */
  readonly service: string;
  /** What stands before the waypoint, and which version it speaks with it. */
  readonly before?: "envoy-h1" | "envoy-h2" | "haproxy-h1" | "haproxy-h2";
  /** The last stretch is HTTP/1.1: an endpoint there cannot reset, only close. */
  readonly endsInHttp1?: boolean;
}

/** A waypoint alone, and one with a proxy behind it. */
export const shortChains: readonly Chain[] = [
  { name: "waystone", service: "node-h2" },
  { name: "waystone -> HTTP/1.1", service: "node-h1", endsInHttp1: true },
  { name: "waystone -> Envoy", service: "envoy-h2" },
  { name: "waystone -> HTTP/1.1 -> Envoy", service: "envoy-h1" },
  { name: "waystone -> HAProxy", service: "haproxy-h2" },
  { name: "waystone -> HTTP/1.1 -> HAProxy", service: "haproxy-h1" },
];

export const chains: readonly Chain[] = [
  ...shortChains,
  { name: "Envoy -> waystone", service: "node-h2", before: "envoy-h2" },
  { name: "Envoy -> HTTP/1.1 -> waystone", service: "node-h2", before: "envoy-h1" },
  { name: "HAProxy -> waystone", service: "node-h2", before: "haproxy-h2" },
  { name: "HAProxy -> HTTP/1.1 -> waystone", service: "node-h2", before: "haproxy-h1" },
];

export interface ChainsBed {
  readonly waystone: RunningWaystone;
  /** It takes one stream at a time, in windows of one byte. */
  readonly narrow: NodeEndpoint;
  readonly at: (chain: Chain) => Address;
  readonly endpointOf: (chain: Chain) => NodeEndpoint;
  close(): Promise<void>;
}

export async function openChains(): Promise<ChainsBed> {
  const [http2, http1] = [await openHttp2Endpoint(), await openHttp1Endpoint()];
  const narrow = await openHttp2Endpoint({ initialWindowSize: 1, maxConcurrentStreams: 1 });
  const behind = { host: "127.0.0.1", port: http2.port };
  const [envoy, haproxy] = [await startEnvoy(behind, "http/2"), await startHaproxy(behind, "http/2")];
  const waystone = await startWaystone([
    { name: "node-h2", appProtocol: "http2", endpointPort: http2.port },
    { name: "node-h1", appProtocol: "http", endpointPort: http1.port },
    { name: "narrow", appProtocol: "http2", endpointPort: narrow.port },
    { name: "envoy-h2", appProtocol: "http2", endpointPort: envoy.address.port },
    { name: "envoy-h1", appProtocol: "http", endpointPort: envoy.address.port },
    { name: "haproxy-h2", appProtocol: "http2", endpointPort: haproxy.address.port },
    { name: "haproxy-h1", appProtocol: "http", endpointPort: haproxy.address.port },
  ]);
  const to = waystone.at("node-h2");
  const fronts: Readonly<Record<NonNullable<Chain["before"]>, RunningProxy>> = {
    "envoy-h2": await startEnvoy(to, "http/2"),
    "envoy-h1": await startEnvoy(to, "http/1.1"),
    "haproxy-h2": await startHaproxy(to, "http/2"),
    "haproxy-h1": await startHaproxy(to, "http/1.1"),
  };
  return {
    waystone,
    narrow,
    at: ({ service, before }) => (before === undefined ? waystone.at(service) : fronts[before].address),
    endpointOf: ({ endsInHttp1 = false }) => (endsInHttp1 ? http1 : http2),
    async close() {
      for (const proxy of [...Object.values(fronts), envoy, haproxy]) await proxy.stop();
      await waystone.stop();
      for (const endpoint of [http2, http1, narrow]) await endpoint.close();
    },
  };
}
