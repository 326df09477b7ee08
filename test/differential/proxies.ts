/** nginx and HAProxy as plain proxies that let through as much as they can: as readers, and as subjects to compare with. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { findProgram } from "../process/find-program.ts";
import { startNginx } from "../process/nginx-process.ts";
import { ProcessGroup } from "../process/process-group.ts";
import { untilListening } from "../process/until-listening.ts";
import type { Address } from "./ask.ts";

export interface RunningProxy {
  readonly address: Address;
  stop(): Promise<void>;
}

export async function startNginxProxy(folder: string, backendPort: number): Promise<RunningProxy> {
  const own = await makeFolder(folder, "nginx");
  const port = await freePort();
  const group = await startNginx(
    own,
    `large_client_header_buffers 8 128k; client_max_body_size 0; underscores_in_headers on; ignore_invalid_headers off;
server { listen 127.0.0.1:${port} backlog=4096; location / { proxy_pass http://127.0.0.1:${backendPort}; proxy_http_version 1.1;
  proxy_set_header Host $http_host; proxy_set_header Connection ""; proxy_buffer_size 128k; proxy_buffers 4 128k; proxy_busy_buffers_size 256k; } }`,
  );
  return await whenListening(group, port);
}

export async function startHaproxyProxy(folder: string, backendPort: number): Promise<RunningProxy> {
  const own = await makeFolder(folder, "haproxy");
  const port = await freePort();
  const file = path.join(own, "haproxy.cfg");
  await writeFile(
    file,
    `global
  nbthread 1
  maxconn 1000
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
  server one 127.0.0.1:${backendPort}
`,
  );
  const group = ProcessGroup.start(findProgram("haproxy") ?? "haproxy", ["-f", file, "-db"], {});
  return await whenListening(group, port);
}

async function whenListening(group: ProcessGroup, port: number): Promise<RunningProxy> {
  const address = { host: "127.0.0.1", port };
  await untilListening(address, group);
  return { address, stop: async () => await group.stop() };
}

async function makeFolder(folder: string, name: string): Promise<string> {
  const own = path.join(folder, name);
  await mkdir(own);
  return own;
}
