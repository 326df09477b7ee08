/** nginx, one worker: prefix locations, upstream keep-alive, the forwarding headers that any gateway sets. */
import { existsSync } from "node:fs";
import { freePort } from "@waystone/testkit/free-port";
import { findProgram, programVersion } from "../../process/find-program.ts";
import { startNginx, streamModule } from "../../process/nginx-process.ts";
import { proxyCore } from "../../process/process-group.ts";
import { firstUrl, type Peer, type PeerSetup, type RunningPeer, tlsName, untilServing } from "./peer.ts";

export const nginx: Peer = {
  name: "nginx",
  async missing() {
    return findProgram("nginx") === undefined ? "nginx is not installed: apt-get install nginx" : undefined;
  },
  async version() {
    return programVersion(findProgram("nginx") ?? "nginx", "-v");
  },
  async start(setup): Promise<RunningPeer> {
    const port = await freePort();
    const isHttp = setup.mode === undefined || setup.mode === "http";
    if (!isHttp && !existsSync(streamModule)) {
      throw new Error(`${streamModule} is missing: apt-get install libnginx-mod-stream`);
    }
    const group = isHttp
      ? await startNginx(setup.folder, buildServer(setup, port), proxyCore)
      : await startNginx(setup.folder, "", proxyCore, buildStream(setup, port));
    await untilServing(firstUrl("127.0.0.1", port, setup), group);
    return { host: "127.0.0.1", port, process: group, stop: async () => await group.stop() };
  },
};

function buildServer(setup: PeerSetup, port: number): string {
  const pass = `proxy_pass ${setup.backendCa === undefined ? "http" : "https"}://backend; proxy_http_version 1.1; proxy_set_header Connection $connection_up; proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Request-Id $request_id;`;
  const locations = setup.routes.prefixes.map(
    (prefix) => `location ${prefix === "/" ? "/" : `${prefix}/`} { ${pass} }`,
  );
  return `map $http_upgrade $connection_up { default upgrade; "" ""; }
upstream backend { server 127.0.0.1:${setup.backendPort}; keepalive 512; keepalive_requests 100000000; }
server { listen 127.0.0.1:${port} backlog=4096; client_max_body_size 0; proxy_max_temp_file_size 0; proxy_request_buffering off;
proxy_read_timeout 600s; ${tlsDirectives(setup)}
${locations.join("\n")}
}`;
}

function tlsDirectives({ backendCa }: PeerSetup): string {
  if (backendCa === undefined) return "";
  return `proxy_ssl_verify on; proxy_ssl_trusted_certificate ${backendCa}; proxy_ssl_name ${tlsName}; proxy_ssl_server_name on;`;
}

function buildStream({ mode, backendPort }: PeerSetup, port: number): string {
  const backend = `127.0.0.1:${backendPort}`;
  if (mode === "tcp") return `server { listen 127.0.0.1:${port} backlog=4096; proxy_pass ${backend}; }`;
  return `map $ssl_preread_server_name $backend { ${tlsName} ${backend}; }
server { listen 127.0.0.1:${port} backlog=4096; ssl_preread on; proxy_pass $backend; }`;
}
