/** Peers of a data plane that speak Node's HTTP/2: endpoints and clients, ended after each test. */
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { within } from "@waystone/testkit/within";
import { afterEach } from "vitest";

export interface Http2Endpoint {
  /** "127.0.0.1:port" */
  readonly key: string;
  readonly port: number;
  /** Connections so far. */
  readonly sessions: readonly ServerHttp2Session[];
  /** Heads of requests so far. */
  readonly heads: readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

export interface EndpointOptions {
  readonly settings?: Settings;
  readonly host?: string;
  readonly port?: number;
}

export type Serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export interface Http2Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AskOptions {
  readonly body?: Buffer;
  readonly trailers?: OutgoingHttpHeaders;
}

export interface Http2Peers {
  endpoint(serve: Serve, options?: EndpointOptions): Promise<Http2Endpoint>;
  client(port: number): ClientHttp2Session;
  /** One that the test opened. */
  closeLater(session: ClientHttp2Session): void;
}

export function useHttp2Peers(): Http2Peers {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });
  const closeLater = (session: ClientHttp2Session): void => {
    session.on("error", () => {});
    closers.push(() => session.destroy());
  };
  return {
    closeLater,
    async endpoint(serve, options = {}) {
      const endpoint = await openEndpoint(serve, options);
      closers.push(() => void endpoint.close());
      return endpoint;
    },
    client(port) {
      const session = connect(`http://127.0.0.1:${port}`);
      closeLater(session);
      return session;
    },
  };
}

export async function openEndpoint(
  serve: Serve,
  { settings = {}, host = "127.0.0.1", port = 0 }: EndpointOptions = {},
): Promise<Http2Endpoint> {
  const sessions: ServerHttp2Session[] = [];
  const heads: IncomingHttpHeaders[] = [];
  // Beyond 10 MB that wait to be sent Node would refuse further streams.
  const server: Http2Server = createServer({ settings, maxSessionMemory: 1000 });
  server.on("session", (session) => {
    session.on("error", () => {});
    sessions.push(session);
  });
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    stream.on("error", () => {});
    heads.push(headers);
    serve(stream, headers);
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    key: `${host}:${bound}`,
    port: bound,
    sessions,
    heads,
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Sends what came back, with the request's trailers as the answer's. */
export const echo: Serve = (stream, headers) => {
  let trailers: IncomingHttpHeaders = {};
  stream.on("trailers", (received) => (trailers = received));
  const status = Number(headers["x-status"] ?? 200);
  stream.respond({ ":status": status, "x-path": headers[":path"] ?? "" }, { waitForTrailers: true });
  stream.on("wantTrailers", () =>
    stream.sendTrailers(trailers["checksum"] === undefined ? {} : { checksum: trailers["checksum"] }),
  );
  stream.pipe(stream);
};

/** The whole answer; rejects with the stream's error. */
export async function askHttp2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders = {},
  { body, trailers }: AskOptions = {},
): Promise<Http2Answer> {
  const stream = session.request(headers, {
    endStream: body === undefined && trailers === undefined,
    waitForTrailers: trailers !== undefined,
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers!));
  const pieces: Buffer[] = [];
  let head: IncomingHttpHeaders = {};
  let trailing: IncomingHttpHeaders = {};
  stream.on("response", (received) => (head = received));
  stream.on("trailers", (received) => (trailing = received));
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A stream that is reset ends for its readers all the same, so the close is waited for.
  stream.once("close", () => resolve());
  stream.once("error", reject);
  if (body !== undefined || trailers !== undefined) stream.end(body);
  await within(promise, "the answer");
  return { status: Number(head[":status"]), headers: head, trailers: trailing, body: Buffer.concat(pieces) };
}
