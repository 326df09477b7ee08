/**
 * A plain node:http server that answers with what it saw, as JSON, and with its own name: for tests that ask who answered
 * and with what request. HEAD and 204 aside, every answer is 200.
 */
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";

export interface Echo {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  /** Names and values one after the other as they came, as pairs. */
  readonly headers: readonly (readonly [string, string])[];
  readonly bodyBytes: number;
  readonly bodySha256: string;
}

export interface EchoServer {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** What it saw, newest last. */
  readonly seen: readonly Echo[];
  close(): Promise<void>;
}

export interface EchoServerOptions {
  readonly name: string;
  readonly host?: string;
  readonly port?: number;
}

export async function openEchoServer(options: EchoServerOptions): Promise<EchoServer> {
  const seen: Echo[] = [];
  const server = http.createServer((request, response) => {
    const hash = createHash("sha256");
    let bodyBytes = 0;
    request.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      bodyBytes += chunk.length;
    });
    request.on("end", () => {
      const echo = buildEcho(options.name, request, bodyBytes, hash.digest("hex"));
      seen.push(echo);
      response.setHeader("content-type", "application/json");
      response.setHeader("x-echo-name", options.name);
      response.end(JSON.stringify(echo));
    });
  });
  const host = options.host ?? "127.0.0.1";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(options.port ?? 0, host, resolve);
  await promise;
  return {
    name: options.name,
    host,
    port: (server.address() as AddressInfo).port,
    seen,
    close: closer(server),
  };
}

function buildEcho(name: string, request: http.IncomingMessage, bodyBytes: number, bodySha256: string): Echo {
  const { method = "", url = "", rawHeaders } = request;
  const headers: [string, string][] = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
  return { name, method, target: url, headers, bodyBytes, bodySha256 };
}

function closer(server: http.Server): () => Promise<void> {
  return async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
}
