/** A client of Node's HTTP/2 that sends what it is told, keeps no body, and says what came: size, hash, trailers, or the reset. */
import { createHash } from "node:crypto";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type Settings,
} from "node:http2";
import type { Writable } from "node:stream";
import { within } from "@waystone/testkit/within";
import { blobPieces, writePiece } from "./blob.ts";
import type { Address } from "./waystone.ts";

const patienceMs = 50_000;

export interface AskOptions {
  readonly headers?: OutgoingHttpHeaders;
  /** A blob of so many bytes, in pieces of `piece`; undefined: no body, and the head is the end. */
  readonly bodyBytes?: number;
  readonly piece?: number;
  readonly trailers?: OutgoingHttpHeaders;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly sha256: string;
  /** Of the RST_STREAM that ended it; 0 for a proper end. */
  readonly resetCode: number;
}

export function openSession({ host, port }: Address, settings: Settings = {}): ClientHttp2Session {
  // Node counts pairs of large heads against a limit of its own.
  const session = connect(`http://${host}:${port}`, { settings, maxHeaderListPairs: 1000 });
  session.on("error", () => {});
  return session;
}

/** On a session of its own. */
export async function askOnce(address: Address, path: string, options: AskOptions = {}): Promise<Answer> {
  const session = openSession(address);
  try {
    return await ask(session, path, options);
  } finally {
    session.destroy();
  }
}

export async function ask(
  session: ClientHttp2Session,
  path: string,
  options: AskOptions = {},
): Promise<Answer> {
  const { headers = {}, bodyBytes, piece, trailers } = options;
  const hasBody = bodyBytes !== undefined || trailers !== undefined;
  const method = hasBody ? "POST" : "GET";
  const stream = session.request(
    { ":method": method, ":path": path, ...headers },
    { endStream: !hasBody, waitForTrailers: trailers !== undefined },
  );
  stream.on("wantTrailers", () => stream.sendTrailers(trailers ?? {}));
  const answer = readAnswer(stream);
  if (hasBody) void sendBlob(stream, bodyBytes ?? 0, piece);
  return await within(answer, `the answer to ${path}`, patienceMs);
}

/** Never rejects: a reset is an answer too. */
export async function readAnswer(stream: ClientHttp2Stream): Promise<Answer> {
  const hash = createHash("sha256");
  let bytes = 0;
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  stream.on("response", (received) => (headers = received));
  stream.on("trailers", (received) => (trailers = received));
  stream.on("error", () => {});
  stream.on("data", (piece: Buffer) => {
    bytes += piece.length;
    hash.update(piece);
  });
  await new Promise<void>((resolve) => stream.once("close", resolve));
  const status = Number(headers[":status"] ?? 0);
  return { status, headers, trailers, bytes, sha256: hash.digest("hex"), resetCode: stream.rstCode };
}

/** A blob of so many bytes, as long as somebody takes it. */
export async function sendBlob(to: Writable, bytes: number, piece?: number): Promise<void> {
  for (const next of blobPieces(bytes, piece)) {
    if (to.destroyed) return;
    await writePiece(to, next, piece);
  }
  to.end();
}
