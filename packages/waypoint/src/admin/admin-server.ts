/**
 * The admin servers, on node:http alone: they must answer when everything else is in trouble. Each listens on one address
 * and serves some groups of the routes. Started before the workers, so that a probe always gets an answer.
 */
import { errorMessage } from "@waystone/base/error-message";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "@waystone/base/logger";
import { listenAt } from "../listener/listen-at.ts";
import { type AdminAnswer, textAnswer } from "./admin-answer.ts";
import type { AdminGroup, AdminRoute } from "./admin-routes.ts";
import { refuseForeign } from "./request-guard.ts";

export interface AdminListen {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly groups: readonly AdminGroup[];
}

export interface AdminServers {
  /** In the order of what was asked for, with the ports that were got. */
  readonly listening: readonly AdminListen[];
  close(): Promise<void>;
}

/** Connections at a time: a few probes, Prometheus, a person. */
const maxConnections = 100;
const timeoutMs = 10_000;

/** Rejects with one line where a port cannot be had; then none is open. */
export async function openAdminServers(options: {
  readonly listen: readonly AdminListen[];
  readonly routes: readonly AdminRoute[];
  readonly logger: Logger;
}): Promise<AdminServers> {
  const servers: Server[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map(closeServer));
  };
  const listening: AdminListen[] = [];
  for (const wanted of options.listen) {
    const routes = options.routes.filter(({ group }) => wanted.groups.includes(group));
    const server = createServer(
      (request, response) => void serve(request, response, { ...options, routes, wanted }),
    );
    server.maxConnections = maxConnections;
    server.requestTimeout = timeoutMs;
    server.headersTimeout = timeoutMs;
    servers.push(server);
    try {
      listening.push({ ...wanted, port: await listen(server, wanted) });
    } catch (error) {
      await close();
      throw error;
    }
  }
  return { listening, close };
}

interface Serving {
  readonly routes: readonly AdminRoute[];
  readonly wanted: AdminListen;
  readonly logger: Logger;
}

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  let answer: AdminAnswer;
  try {
    answer = await answerTo(request, serving);
  } catch (error) {
    const reason = errorMessage(error);
    serving.logger.error({ path: request.url, reason }, "an admin request failed");
    answer = textAnswer(500, `internal error: ${reason}`);
  }
  request.resume();
  response.writeHead(answer.status, {
    "Content-Type": answer.contentType,
    "Content-Length": Buffer.byteLength(answer.body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...answer.headers,
  });
  response.end(request.method === "HEAD" ? undefined : answer.body);
}

function answerTo(request: IncomingMessage, { routes, wanted }: Serving): AdminAnswer | Promise<AdminAnswer> {
  // Probes and scrapes come by any name, and are only read.
  const refusal = wanted.groups.includes("admin") ? refuseForeign(request.headers) : undefined;
  if (refusal !== undefined) return textAnswer(403, refusal);
  const target = request.url ?? "/";
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  const query = new URLSearchParams(question < 0 ? "" : target.slice(question + 1));
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "");
  if (path === "/" && method === "GET") return textAnswer(200, listing(routes));
  const route = routes.find((candidate) => candidate.path === path);
  if (route === undefined)
    return textAnswer(404, `nothing at ${path} on this port; there is\n${listing(routes)}`);
  if (!route.methods.includes(method)) {
    const allow = [...route.methods, "HEAD"].join(", ");
    return textAnswer(405, `${path} takes ${allow}, not ${request.method}`, { Allow: allow });
  }
  return route.answer({ method, query });
}

function listing(routes: readonly AdminRoute[]): string {
  return routes.map(({ path, summary }) => `${path.padEnd(16)}${summary}`).join("\n");
}

function listen(server: Server, { address, port }: AdminListen): Promise<number> {
  return new Promise((resolve, reject) => {
    listenAt(
      server,
      { address, port, exclusive: true },
      () => resolve((server.address() as AddressInfo).port),
      (error) => reject(new Error(explain(error, address, port))),
    );
  });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "another process listens there (another waystone?); choose another address"],
  ["EACCES", "privileged port; choose one from 1024"],
  ["EADDRNOTAVAIL", "this machine has no such address; choose another"],
]);

function explain(error: NodeJS.ErrnoException, address: string, port: number): string {
  const place = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  const what = `cannot listen on ${place} for the admin server`;
  const why = reasons.get(error.code ?? "");
  return why === undefined ? `${what}: ${error.message}` : `${what}: ${why} with --admin`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
