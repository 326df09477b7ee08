/** What stands behind every proxy: an nginx that answers small, large, and swallows what is posted. */
import { mkdir, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { freePort } from "@waystone/testkit/free-port";
import { openTestAuthority } from "@waystone/testkit/test-authority";
import { grpcMessage } from "./load/h2load.ts";
import { benchHeader, seenHeader, userHeader } from "./policies.ts";
import { startNginx } from "../process/nginx-process.ts";
import { tlsName, untilServing } from "./peers/peer.ts";
import { loadCore, type ProcessGroup } from "../process/process-group.ts";

export interface Backend {
  readonly port: number;
  /** The same in HTTP/2 with prior knowledge, and a gRPC call at grpcTarget. */
  readonly http2Port: number;
  /** The same over TLS, for the name "localhost". */
  readonly tlsPort: number;
  /** Who signed its certificate. */
  readonly caFile: string;
  stop(): Promise<void>;
}

export const smallBody = "hello world, this is a small body of the kind an API gives back\\n";
export const mebibyteTarget = "/blob-1m";
export const gibibyteTarget = "/blob-1g";
/** Where authorizers are asked over gRPC, and their yes: a message with `status {}` and `ok_response {}`. */
const checkTarget = "/envoy.service.auth.v3.Authorization/Check";
const yes = Buffer.from([0, 0, 0, 0, 4, 0x0a, 0, 0x1a, 0]);

export const grpcTarget = "/bench.Echo/Unary";

/** `name` comes back in the header x-backend. */
export async function startBackend(folder: string, name = "one"): Promise<Backend> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  await writeFile(path.join(folder, "blob-1m"), Buffer.alloc(1 << 20, "0123456789abcdef"));
  // A hole of one GiB: nothing on the disk, served from the page cache.
  await writeFile(path.join(folder, "blob-1g"), "");
  await truncate(path.join(folder, "blob-1g"), 2 ** 30);
  const http2Port = await freePort();
  await mkdir(path.join(folder, "bench.Echo"));
  await writeFile(path.join(folder, grpcTarget), grpcMessage(64));
  const authorizer = path.join(folder, path.dirname(checkTarget));
  await mkdir(authorizer);
  await writeFile(path.join(folder, checkTarget), yes);
  const tlsPort = await freePort();
  const caFile = await makeCertificate(folder);
  const seen = `add_header ${seenHeader} "${variableOf(userHeader)}${variableOf(benchHeader.name)}";`;
  const content = `location / { default_type text/plain; return 200 "${smallBody}"; }
location ~ ^/blob-1[mg]$ { root ${folder}; default_type application/octet-stream; }`;
  const http = `server { listen 127.0.0.1:${http2Port} http2 backlog=8192; client_max_body_size 0;
http2_max_concurrent_streams 1000;
location / { default_type text/plain; return 200 "${smallBody}"; }
location ~ ^(${grpcTarget}|${checkTarget})$ { root ${folder}; error_page 405 =200 $uri; types {} default_type application/grpc;
open_file_cache max=10; add_trailer grpc-status 0; } }
server { listen 127.0.0.1:${port} backlog=8192; client_max_body_size 0; add_header x-backend ${name}; ${seen}
${content} }
server { listen 127.0.0.1:${tlsPort} ssl backlog=8192; ssl_certificate ${folder}/tls.crt; ssl_certificate_key ${folder}/tls.key;
${content} }`;
  const group: ProcessGroup = await startNginx(folder, http, loadCore);
  await untilServing(`http://127.0.0.1:${port}/`, group);
  return { port, http2Port, tlsPort, caFile, stop: async () => await group.stop() };
}

/** How nginx calls a header of the request. */
function variableOf(header: string): string {
  return `$http_${header.replaceAll("-", "_")}`;
}

/** Gives back the file of its authority. */
async function makeCertificate(folder: string): Promise<string> {
  const authority = await openTestAuthority();
  const { cert, key } = await authority.issue({ dns: [tlsName], usage: "server" });
  await writeFile(path.join(folder, "tls.crt"), cert);
  await writeFile(path.join(folder, "tls.key"), key);
  const caFile = path.join(folder, "ca.crt");
  await writeFile(caFile, authority.certificate);
  return caFile;
}
