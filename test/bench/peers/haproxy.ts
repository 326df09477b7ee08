/** HAProxy, one thread: its prefix map for many routes (its cheapest way), and the headers that any gateway sets. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { ProcessGroup, proxyCore } from "../../process/process-group.ts";
import { findProgram, programVersion } from "../../process/find-program.ts";
import { firstUrl, type Peer, type PeerSetup, type RunningPeer, tlsName, untilServing } from "./peer.ts";

export const haproxy: Peer = {
  name: "haproxy",
  async missing() {
    return findProgram("haproxy") === undefined
      ? "haproxy is not installed: apt-get install haproxy"
      : undefined;
  },
  async version() {
    return programVersion(findProgram("haproxy") ?? "haproxy", "-v");
  },
  async start(setup): Promise<RunningPeer> {
    const port = await freePort();
    const file = path.join(setup.folder, "haproxy.cfg");
    const map = path.join(setup.folder, "routes.map");
    await writeFile(map, setup.routes.prefixes.map((prefix) => `${prefix}/ backend\n`).join(""));
    await writeFile(file, buildConfiguration(setup, port, map));
    const group = ProcessGroup.start(findProgram("haproxy") ?? "haproxy", ["-f", file, "-db"], {
      core: proxyCore,
    });
    await untilServing(firstUrl("127.0.0.1", port, setup), group);
    return { host: "127.0.0.1", port, process: group, stop: async () => await group.stop() };
  },
};

function buildConfiguration(setup: PeerSetup, port: number, map: string): string {
  const one = setup.routes.prefixes.length === 1;
  if (setup.mode === "tcp" || setup.mode === "tls") return buildTcp(setup, port);
  return `global
  nbthread 1
  no strict-limits
  maxconn 18000
defaults
  mode http
  timeout client 600s
  timeout server 600s
  timeout connect 5s
  option forwardfor
frontend front
  bind 127.0.0.1:${port} backlog 4096
  http-request set-header X-Request-Id %[uuid]
  ${one ? "default_backend backend" : `use_backend %[path,map_beg(${map})]`}
backend backend
  http-reuse always
  server one 127.0.0.1:${setup.backendPort}${setup.backendSpeaksHttp2 === true ? " proto h2" : ""}${tlsOptions(setup)}
`;
}

function tlsOptions({ backendCa }: PeerSetup): string {
  if (backendCa === undefined) return "";
  return ` ssl verify required ca-file ${backendCa} verifyhost ${tlsName} sni str(${tlsName})`;
}

function buildTcp({ mode, backendPort }: PeerSetup, port: number): string {
  const byName = `tcp-request inspect-delay 5s
  tcp-request content accept if { req_ssl_hello_type 1 }
  use_backend backend if { req_ssl_sni -i ${tlsName} }`;
  return `global
  nbthread 1
  no strict-limits
  maxconn 18000
defaults
  mode tcp
  timeout client 600s
  timeout server 600s
  timeout connect 5s
frontend front
  bind 127.0.0.1:${port} backlog 4096
  ${mode === "tls" ? byName : "default_backend backend"}
backend backend
  server one 127.0.0.1:${backendPort}
`;
}
