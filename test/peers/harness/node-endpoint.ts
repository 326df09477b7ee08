/**
 * What stands behind the waypoint in most cases: a server of Node's, by HTTP/2 with prior knowledge or by HTTP/1.1, that does
 * what the path says, and remembers how the requests that it left open ended.
 */
import { createHash } from "node:crypto";
import http from "node:http";
import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { blobPieces, drained, writePiece } from "./blob.ts";

export interface NodeEndpoint {
  readonly port: number;
  /** Connections that were opened to it. */
  readonly connections: () => number;
  /** Requests to /hang that have come. */
  readonly hanging: () => number;
  /** How each request to /hang ended: the code of its RST_STREAM, or "closed" in HTTP/1.1. */
  readonly ended: readonly (number | "closed")[];
  readonly bodies: Bodies;
  close(): Promise<void>;
}

/** What the endpoint saw of the bodies that it took (/hash, /echo), and of those that it gave (/blob). */
interface Bodies {
  /** Bytes taken. */
  received: number;
  /** Bodies taken to their end. */
  whole: number;
  /** Bodies of either way whose stream or connection broke first. */
  broken: number;
}

const noBodies: Bodies = { received: 0, whole: 0, broken: 0 };

export async function openHttp2Endpoint(settings: Settings = {}): Promise<NodeEndpoint> {
  const sessions = new Set<ServerHttp2Session>();
  const ended: number[] = [];
  const bodies = { ...noBodies };
  let connections = 0;
  let hanging = 0;
  const server = createServer({ settings, maxHeaderListPairs: 1000 });
  server.on("session", (session) => {
    connections++;
    sessions.add(session);
    session.on("error", () => {});
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => {});
    const url = new URL(headers[":path"] ?? "/", "http://endpoint");
    if (url.pathname === "/hang") {
      hanging++;
      stream.on("close", () => ended.push(stream.rstCode));
    }
    void serveHttp2(stream, headers, url, bodies).catch(() => {
      bodies.broken += 1;
      stream.destroy();
    });
  });
  const port = await listen(server);
  return {
    port,
    connections: () => connections,
    hanging: () => hanging,
    ended,
    bodies,
    async close() {
      for (const session of sessions) session.destroy();
      await closeServer(server);
    },
  };
}

async function serveHttp2(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  url: URL,
  bodies: Bodies,
): Promise<void> {
  const number = (name: string): number => Number(url.searchParams.get(name) ?? 0);
  switch (url.pathname) {
    case "/small":
      // Without a look at the body: what h2spec sends is its own matter.
      stream.respond({ ":status": 200, "content-type": "text/plain" });
      return void stream.end("small");
    case "/hang":
      return void stream.resume();
    case "/reset":
      return stream.close(number("code"));
    case "/reset-late":
      stream.respond({ ":status": 200 });
      // close() would end it properly first; this is INTERNAL_ERROR.
      return void stream.write("begun", () => stream.destroy(new Error("broken off")));
    case "/goaway":
      // Says GOAWAY while this answer is under way, and ends it only when the waypoint has had time to hear.
      stream.session?.close();
      stream.respond({ ":status": 200 });
      stream.write("be");
      stream.session?.ping(() => stream.end("fore"));
      return;
    case "/headers":
      stream.respond({ ":status": 200, "x-seen": headerBytes(headers), ...largeHeaders(number("bytes")) });
      return void stream.end();
    case "/blob":
      stream.respond({ ":status": 200 });
      return await pump(url, stream, () => stream.destroy(new Error("broken off")));
    case "/cut-up":
      return breakOffAfter(stream, number("bytes"), () => stream.destroy(new Error("broken off")));
    default:
      return await hashBody(stream, url.pathname === "/echo", bodies);
  }
}

/** Takes the body and says what it was: size and hash in the trailers, after the body itself (/echo) or none (/hash). */
async function hashBody(stream: ServerHttp2Stream, echoes: boolean, bodies: Bodies): Promise<void> {
  const hash = createHash("sha256");
  let [bytes, pieces] = [0, 0];
  let trailers: IncomingHttpHeaders = {};
  stream.on("trailers", (received) => (trailers = received));
  stream.respond({ ":status": 200 }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    const asked = trailers["x-asked"];
    const said: OutgoingHttpHeaders = {
      "x-bytes": bytes,
      "x-pieces": pieces,
      "x-sha256": hash.digest("hex"),
    };
    stream.sendTrailers(asked === undefined ? said : { ...said, "x-asked": asked });
  });
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    pieces += 1;
    bodies.received += piece.length;
    hash.update(piece);
    if (echoes && !stream.write(piece)) await drained(stream);
  }
  bodies.whole += 1;
  stream.end();
}

export async function openHttp1Endpoint(): Promise<NodeEndpoint> {
  const ended: "closed"[] = [];
  const bodies = { ...noBodies };
  let connections = 0;
  let hanging = 0;
  const server = http.createServer({ maxHeaderSize: 131_072, keepAliveTimeout: 60_000 });
  server.on("connection", () => connections++);
  server.on("request", (request, response) => {
    request.on("error", () => {});
    const url = new URL(request.url ?? "/", "http://endpoint");
    if (url.pathname === "/hang") {
      hanging++;
      response.on("close", () => ended.push("closed"));
    }
    void serveHttp1(request, response, url, bodies).catch(() => {
      bodies.broken += 1;
      response.destroy();
    });
  });
  const port = await listen(server);
  return {
    port,
    connections: () => connections,
    hanging: () => hanging,
    ended,
    bodies,
    async close() {
      server.closeAllConnections();
      await closeServer(server);
    },
  };
}

async function serveHttp1(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  url: URL,
  bodies: Bodies,
): Promise<void> {
  const number = (name: string): number => Number(url.searchParams.get(name) ?? 0);
  switch (url.pathname) {
    case "/small":
      request.resume();
      return void response.end("small");
    case "/hang":
      return void request.resume();
    case "/reset":
      return void request.socket.resetAndDestroy();
    case "/reset-late":
      response.write("begun", () => request.socket.resetAndDestroy());
      return;
    case "/headers":
      response.writeHead(200, { "x-seen": headerBytes(request.headers), ...largeHeaders(number("bytes")) });
      return void response.end();
    case "/blob":
      return await pump(url, response, () => request.socket.resetAndDestroy());
    case "/cut-up":
      return breakOffAfter(request, number("bytes"), () => request.socket.resetAndDestroy());
    default: {
      const hash = createHash("sha256");
      let bytes = 0;
      response.writeHead(200, { trailer: "x-bytes, x-sha256, x-asked" });
      // Without it the head would wait for the first piece of an answer that has none.
      response.flushHeaders();
      for await (const piece of request as AsyncIterable<Buffer>) {
        bytes += piece.length;
        bodies.received += piece.length;
        hash.update(piece);
        if (url.pathname === "/echo" && !response.write(piece)) await drained(response);
      }
      bodies.whole += 1;
      const asked = request.trailers["x-asked"];
      response.addTrailers({
        "x-bytes": String(bytes),
        "x-sha256": hash.digest("hex"),
        ...(asked === undefined ? {} : { "x-asked": asked }),
      });
      response.end();
    }
  }
}

/** Of the request's own fields that begin with "x-large-". */
function headerBytes(headers: IncomingHttpHeaders): string {
  const large = Object.entries(headers).filter(([name]) => name.startsWith("x-large-"));
  return String(large.reduce((sum, [, value]) => sum + String(value).length, 0));
}

/** So many bytes in values of 1,000. */
export function largeHeaders(bytes: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: bytes / 1000 }, (_, at) => [`x-large-${at}`, String(at).padStart(1000, "v")]),
  );
}

/** A blob as the URL says: "bytes" of it in pieces of "piece", broken off after "cut". */
async function pump(
  { searchParams }: URL,
  to: ServerHttp2Stream | http.ServerResponse,
  breakOff: () => void,
): Promise<void> {
  const number = (name: string): number => Number(searchParams.get(name) ?? 0);
  const [piece, cut] = [number("piece"), number("cut") || Number.POSITIVE_INFINITY];
  let written = 0;
  for (const next of blobPieces(number("bytes"), piece || undefined)) {
    if (to.destroyed) throw new Error("its reader is gone");
    if (written >= cut) return breakOff();
    await writePiece(to, next, piece);
    written += next.length;
  }
  to.end();
}

function breakOffAfter(
  body: ServerHttp2Stream | http.IncomingMessage,
  bytes: number,
  breakOff: () => void,
): void {
  let received = 0;
  body.on("data", (piece: Buffer) => {
    received += piece.length;
    if (received >= bytes) breakOff();
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
