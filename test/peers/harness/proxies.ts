/** Envoy and HAProxy as plain HTTP proxies in front of one address, by either version towards it; both versions towards clients. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { envoyBinary } from "../../bench/peers/envoy.ts";
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { peerProgram } from "../programs.ts";
import { untilRefusing } from "./until-refusing.ts";
import type { Address } from "./waystone.ts";

export interface RunningProxy {
  readonly address: Address;
  /**
   * Asks it to go, as a rollout does. HAProxy says GOAWAY and accepts nobody any more; Envoy, told to be quick about it, says
   * GOAWAY to every connection that it serves from now on, new ones too.
   */
  drain(): Promise<void>;
  /** Ends it where it stands. */
  kill(): Promise<void>;
  /** Its exit code, once it has ended: HAProxy that was drained does by itself, when its last connection is closed. */
  ended(): Promise<number>;
  stop(): Promise<void>;
}

export interface RunningEnvoy extends RunningProxy {
  /** How many connections it has asked to go. */
  askedToGo(): Promise<number>;
}

export interface RunningHaproxy extends RunningProxy {
  /** Another takes its place as a reload does (-sf): it binds the same address, and then tells this one to drain. */
  reload(): Promise<RunningHaproxy>;
}

export type Version = "http/1.1" | "http/2";

/** What is below a path goes elsewhere, by the same version. */
interface Elsewhere {
  readonly prefix: string;
  readonly to: Address;
}

export interface ProxyOptions {
  readonly elsewhere?: Elsewhere;
  /** 127.0.0.1 and any free port unless told otherwise. */
  readonly at?: Address;
}

export async function startEnvoy(
  to: Address,
  version: Version,
  options: ProxyOptions = {},
): Promise<RunningEnvoy> {
  const admin = { host: "127.0.0.1", port: await freePort() };
  const askAdmin = async (target: string, method: "GET" | "POST"): Promise<string> => {
    const answer = await fetch(`http://${admin.host}:${admin.port}${target}`, { method });
    if (answer.status !== 200) throw new Error(`Envoy answers ${target} with ${answer.status}`);
    return await answer.text();
  };
  const run = async (folder: string, address: Address): Promise<ProcessGroup> => {
    const file = path.join(folder, "envoy.json");
    await writeFile(file, JSON.stringify(envoyConfiguration({ address, admin, to, version, ...options })));
    const flags = ["--concurrency", "1", "--disable-hot-restart", "--log-level", "error"];
    const drains = ["--drain-strategy", "immediate", "--drain-time-s", "600"];
    return ProcessGroup.start(await envoyBinary(), ["-c", file, ...flags, ...drains], {});
  };
  const { group: _, ...running } = await start(options.at, run);
  return {
    ...running,
    drain: async () => void (await askAdmin("/drain_listeners?graceful&skip_exit", "POST")),
    async askedToGo() {
      const said = await askAdmin(`/stats?filter=${drainedConnections}`, "GET");
      return Number(said.slice(said.lastIndexOf(":") + 1));
    },
  };
}

const drainedConnections = "^http.in.downstream_cx_drain_close$";

interface HaproxyOptions extends ProxyOptions {
  /** The process whose place it takes. */
  readonly replaced?: ProcessGroup;
}

/** HAProxy tells HTTP/2 by its preface on a port of HTTP/1.1, as we do. */
export async function startHaproxy(
  to: Address,
  version: Version,
  options: HaproxyOptions = {},
): Promise<RunningHaproxy> {
  const { elsewhere, at, replaced } = options;
  const server = ({ host, port }: Address): string =>
    `server one ${host}:${port}${version === "http/2" ? " proto h2" : ""}`;
  const backends = [`backend back\n  ${server(to)}`];
  if (elsewhere !== undefined) backends.push(`backend elsewhere\n  ${server(elsewhere.to)}`);
  const run = async (folder: string, { host, port }: Address): Promise<ProcessGroup> => {
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
  bind ${host}:${port}
  ${elsewhere === undefined ? "" : `use_backend elsewhere if { path_beg ${elsewhere.prefix} }`}
  default_backend back
${backends.join("\n")}
`,
    );
    const takesOver = replaced === undefined ? [] : ["-sf", String(replaced.pid)];
    return ProcessGroup.start(peerProgram("haproxy"), ["-f", file, "-db", ...takesOver], {});
  };
  const { group, ...running } = await start(at, run);
  const { address } = running;
  return {
    ...running,
    async drain() {
      group.signal("SIGUSR1");
      await untilRefusing(address);
    },
    reload: async () => await startHaproxy(to, version, { ...options, at: address, replaced: group }),
  };
}

interface Started extends Omit<RunningProxy, "drain"> {
  readonly group: ProcessGroup;
}

async function start(
  at: Address | undefined,
  run: (folder: string, address: Address) => Promise<ProcessGroup>,
): Promise<Started> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-peer-"));
  const address = at ?? { host: "127.0.0.1", port: await freePort() };
  const group = await run(folder, address);
  await untilListening(address, group);
  return {
    group,
    address,
    async kill() {
      group.signal("SIGKILL");
      await group.exit();
    },
    ended: async () => await group.exit(),
    async stop() {
      await group.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const filters = "type.googleapis.com/envoy.extensions.filters";
const upstreamOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

interface EnvoyOptions extends ProxyOptions {
  readonly address: Address;
  readonly admin: Address;
  readonly to: Address;
  readonly version: Version;
}

function envoyConfiguration({ address, admin, to, version, elsewhere }: EnvoyOptions): object {
  const router = { "@type": `${filters}.http.router.v3.Router` };
  const routeTo = (prefix: string, cluster: string): object => ({
    match: { prefix },
    route: { cluster, timeout: "0s" },
  });
  const routes = [routeTo("/", "next")];
  const clusters = [envoyCluster("next", to, version)];
  if (elsewhere !== undefined) {
    routes.unshift(routeTo(elsewhere.prefix, "elsewhere"));
    clusters.push(envoyCluster("elsewhere", elsewhere.to, version));
  }
  const manager = {
    "@type": `${filters}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    codec_type: "AUTO",
    // HTTP/1.1 has trailers only where they are asked for.
    http_protocol_options: { enable_trailers: true },
    max_request_headers_kb: 96,
    // Between the GOAWAY that warns and the one that means it (RFC 9113 6.8).
    drain_timeout: "0.1s",
    route_config: { name: "routes", virtual_hosts: [{ name: "all", domains: ["*"], routes }] },
    http_filters: [{ name: "envoy.filters.http.router", typed_config: router }],
  };
  const chain = [
    { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
  ];
  const listener = { name: "in", address: socketAddress(address), filter_chains: chain };
  return {
    admin: { address: socketAddress(admin) },
    static_resources: { listeners: [listener], clusters },
  };
}

function envoyCluster(name: string, to: Address, version: Version): object {
  const http1 = { http_protocol_options: { enable_trailers: true } };
  const explicit = version === "http/2" ? { http2_protocol_options: {} } : http1;
  return {
    name,
    type: "STATIC",
    typed_extension_protocol_options: {
      [upstreamOptions]: {
        "@type": `type.googleapis.com/${upstreamOptions}`,
        common_http_protocol_options: { max_headers_count: 1000 },
        explicit_http_config: explicit,
      },
    },
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(to) } }] }],
    },
  };
}

function socketAddress({ host, port }: Address): object {
  return { socket_address: { address: host, port_value: port } };
}
