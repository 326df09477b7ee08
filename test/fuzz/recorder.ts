/**
 * What a waypoint forwards, of either version, by the requests' x-case: whole ones, ones that began and never ended, and bytes
 * that are no request at all. HTTP/1.1 is read strictly by the testkit, HTTP/2 by nghttp2 (Node).
 */
import { createServer, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import net, { type AddressInfo } from "node:net";
import { type HeaderLine, headerValues } from "@waystone/testkit/read-head";
import { type ReadRequest, readRequest } from "@waystone/testkit/read-message";

export interface Recorder {
  readonly port: number;
  readonly whole: Map<string, ReadRequest[]>;
  readonly begun: Set<string>;
  /** What was no request: text of HTTP/1.1, or an error of HTTP/2. */
  readonly broken: string[];
  forget(): void;
  close(): Promise<void>;
}

class Records {
  readonly whole = new Map<string, ReadRequest[]>();
  readonly begun = new Set<string>();
  readonly broken: string[] = [];

  add(request: ReadRequest): void {
    const id = headerValues(request.headers, "x-case").join("|");
    this.whole.set(id, [...(this.whole.get(id) ?? []), request]);
  }

  forget(): void {
    this.whole.clear();
    this.begun.clear();
    this.broken.length = 0;
  }
}

export async function openHttp1Recorder(): Promise<Recorder> {
  const records = new Records();
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    let pending: Buffer = Buffer.alloc(0);
    socket.on("data", (piece: Buffer) => {
      pending = Buffer.concat([pending, piece]);
      try {
        for (;;) {
          const request = pending.length > 0 ? readRequest(pending) : undefined;
          if (request === undefined) break;
          pending = Buffer.from(pending.subarray(request.raw.length));
          records.add({ ...request, raw: Buffer.from(request.raw), body: Buffer.from(request.body) });
          socket.write(
            `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${request.method === "HEAD" ? "" : "ok"}`,
          );
        }
        noteBegun(records, pending);
      } catch (error) {
        records.broken.push(`${String(error)}: ${JSON.stringify(pending.toString("latin1").slice(0, 200))}`);
        pending = Buffer.alloc(0);
        socket.destroy();
      }
    });
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4096, resolve));
  return recorderOf(records, server, () => sockets.forEach((socket) => socket.destroy()));
}

function noteBegun(records: Records, bytes: Buffer): void {
  const id = /\r\nx-case:[ \t]*(\S+)\r\n/i.exec(bytes.toString("latin1", 0, 4096))?.[1];
  if (id !== undefined) records.begun.add(id);
}

export async function openHttp2Recorder(): Promise<Recorder> {
  const records = new Records();
  const sessions = new Set<ServerHttp2Session>();
  // What clients give up is no reason to end the connection here: that would be the endpoint's limit, not the waypoint's.
  const server = createServer({ maxHeaderListPairs: 1000, streamResetBurst: 1e9, streamResetRate: 1e9 });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", (error) => records.broken.push(String(error)));
    session.on("close", () => sessions.delete(session));
  });
  server.on("sessionError", (error) => records.broken.push(String(error)));
  server.on("stream", (stream: ServerHttp2Stream, _headers, _flags, raw: string[]) => {
    const lines = pairsOf(raw);
    const id = headerValues(lines, "x-case").join("|");
    records.begun.add(id);
    const pieces: Buffer[] = [];
    stream.on("error", () => {});
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("end", () => {
      if (stream.aborted || stream.rstCode !== 0) return;
      records.add(requestOf(lines, Buffer.concat(pieces)));
      stream.respond({ ":status": 200, "content-length": 2 });
      stream.end(lines.some(([name, value]) => name === ":method" && value === "HEAD") ? "" : "ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 4096, resolve));
  return recorderOf(records, server, () => sessions.forEach((session) => session.destroy()));
}

function pairsOf(raw: readonly string[]): HeaderLine[] {
  return Array.from(
    { length: raw.length / 2 },
    (_, at) => [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""] as const,
  );
}

function requestOf(lines: readonly HeaderLine[], body: Buffer): ReadRequest {
  const [method = ""] = headerValues(lines, ":method");
  const [target = ""] = headerValues(lines, ":path");
  const hosts = headerValues(lines, ":authority").map((host) => ["Host", host] as const);
  const headers = [...hosts, ...lines.filter(([name]) => !name.startsWith(":"))];
  return { method, target, version: "HTTP/2.0", headers, body, trailers: [], raw: Buffer.alloc(0) };
}

function recorderOf(records: Records, server: net.Server, endAll: () => void): Recorder {
  return {
    port: (server.address() as AddressInfo).port,
    whole: records.whole,
    begun: records.begun,
    broken: records.broken,
    forget: () => records.forget(),
    async close() {
      endAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
