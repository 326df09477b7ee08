/** A backend of the examples: a plain HTTP server that answers with its name and with what it saw. */
import http from "node:http";
import https from "node:https";
import type { TLSSocket } from "node:tls";
import type { Seen } from "./ask.ts";
import { openAuthorizerBackend } from "./authorizer-backend.ts";
import { openGreetingBackend, shopCertificate } from "./greeting-backend.ts";
import { openGrpcBackend } from "./grpc-backend.ts";
import { openWebSocketBackend } from "./websocket-backend.ts";

export interface BackendOptions {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /**
   * flaky: the first try of every request (told apart by its path) gets 503. down: all of them do. slow: answers after
   * a minute. https: the same over TLS, by a certificate for *.shop.example, and tells which name was
   * asked for. grpc, websocket, tls and tcp: are grpc-backend.ts, websocket-backend.ts and greeting-backend.ts; authorizer is
   * authorizer-backend.ts.
   */
  readonly habit?: "flaky" | "down" | "slow" | "https" | "grpc" | "websocket" | "tls" | "tcp" | "authorizer";
}

export interface Backend extends BackendOptions {
  /** Newest last. */
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

const slowMs = 60_000;

export async function openBackend(options: BackendOptions): Promise<Backend> {
  if (options.habit === "grpc") return await openGrpcBackend(options);
  if (options.habit === "authorizer") return await openAuthorizerBackend(options);
  if (options.habit === "websocket") return await openWebSocketBackend(options);
  if (options.habit === "tls" || options.habit === "tcp") return await openGreetingBackend(options);
  const seen: Seen[] = [];
  const tried = new Set<string>();
  const serve: http.RequestListener = (request, response) => {
    let bodyBytes = 0;
    request.on("data", (chunk: Buffer) => (bodyBytes += chunk.length));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      const { servername } = request.socket as Partial<TLSSocket>;
      if (servername) headers.push(["x-tls-server-name", servername]);
      const saw: Seen = {
        name: options.name,
        method,
        path: url,
        headers: Object.fromEntries(headers),
        bodyBytes,
      };
      seen.push(saw);
      const isFirstTry = !tried.has(url);
      tried.add(url);
      const fails = options.habit === "down" || (options.habit === "flaky" && isFirstTry);
      const status = fails ? 503 : 200;
      const answer = (): void => {
        response.writeHead(status, { "content-type": "application/json", "x-backend": options.name });
        response.end(`${JSON.stringify(saw)}\n`);
      };
      if (options.habit === "slow") setTimeout(answer, slowMs).unref();
      else answer();
    });
  };
  const certificate = { key: shopCertificate, cert: shopCertificate };
  const server =
    options.habit === "https" ? https.createServer(certificate, serve) : http.createServer(serve);
  const opened = Promise.withResolvers<void>();
  server.once("error", opened.reject);
  server.listen(options.port, options.host, opened.resolve);
  await opened.promise;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { ...options, seen, close };
}
