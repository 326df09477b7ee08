/** Envoy and HAProxy as plain HTTP proxies in front of one address, by either version towards it; both versions towards clients. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePorts } from "@waystone/testkit/free-port";
import { envoyBinary } from "../../bench/peers/envoy.ts";
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { peerProgram } from "../programs.ts";
import type { Address } from "./waystone.ts";

export interface RunningProxy {
  readonly address: Address;
  stop(): Promise<void>;
}

export type Version = "http/1.1" | "http/2";

export async function startEnvoy(to: Address, version: Version): Promise<RunningProxy> {
  return await start(async (folder, port) => {
    const file = path.join(folder, "envoy.json");
    await writeFile(file, JSON.stringify(envoyConfiguration(port, to, version)));
    const flags = ["--concurrency", "1", "--disable-hot-restart", "--log-level", "error"];
    return ProcessGroup.start(await envoyBinary(), ["-c", file, ...flags], {});
  });
}

/** HAProxy tells HTTP/2 by its preface on a port of HTTP/1.1, as we do. */
export async function startHaproxy(to: Address, version: Version): Promise<RunningProxy> {
  return await start(async (folder, port) => {
    const file = path.join(folder, "haproxy.cfg");
    await writeFile(
      file,
      `global
  nbthread 1
  tune.bufsize 131072
  tune.http.maxhdr 1000
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server one ${to.host}:${to.port}${version === "http/2" ? " proto h2" : ""}
`,
    );
    return ProcessGroup.start(peerProgram("haproxy"), ["-f", file, "-db"], {});
  });
}

async function start(run: (folder: string, port: number) => Promise<ProcessGroup>): Promise<RunningProxy> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-peer-"));
  const [port = 0] = await freePorts(1);
  const address = { host: "127.0.0.1", port };
  const group = await run(folder, port);
  await untilListening(address, group);
  const stop = async (): Promise<void> => {
    await group.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { address, stop };
}

const filters = "type.googleapis.com/envoy.extensions.filters";
const upstreamOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

function envoyConfiguration(port: number, to: Address, version: Version): object {
  const router = { "@type": `${filters}.http.router.v3.Router` };
  const routes = [{ match: { prefix: "/" }, route: { cluster: "next", timeout: "0s" } }];
  const manager = {
    "@type": `${filters}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    codec_type: "AUTO",
    // HTTP/1.1 has trailers only where they are asked for.
    http_protocol_options: { enable_trailers: true },
    max_request_headers_kb: 96,
    route_config: { name: "routes", virtual_hosts: [{ name: "all", domains: ["*"], routes }] },
    http_filters: [{ name: "envoy.filters.http.router", typed_config: router }],
  };
  const http1 = { http_protocol_options: { enable_trailers: true } };
  const explicit = version === "http/2" ? { http2_protocol_options: {} } : http1;
  const next = {
    name: "next",
    type: "STATIC",
    typed_extension_protocol_options: {
      [upstreamOptions]: {
        "@type": `type.googleapis.com/${upstreamOptions}`,
        common_http_protocol_options: { max_headers_count: 1000 },
        explicit_http_config: explicit,
      },
    },
    load_assignment: {
      cluster_name: "next",
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(to) } }] }],
    },
  };
  const chain = [
    { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
  ];
  const listener = { name: "in", address: socketAddress({ host: "127.0.0.1", port }), filter_chains: chain };
  return { static_resources: { listeners: [listener], clusters: [next] } };
}

function socketAddress({ host, port }: Address): object {
  return { socket_address: { address: host, port_value: port } };
}
