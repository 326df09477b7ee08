/**
 * One connection of an HTTP/2 client, decided by its seed: requests that are whole, cut short, reset or split over frames in
 * any way, and among them what keeps the rules and what breaks them. Knows which of its requests an endpoint must see.
 */
import { crc32 } from "node:zlib";
import { type Rng, seededRng } from "@waystone/base/rng";
import { chooseInt, chooseOne, chooseText, happens } from "@waystone/testkit/generate/choose";
import {
  block,
  END_HEADERS,
  END_STREAM,
  type Fields,
  frame,
  magic,
  settings,
  uint32,
} from "@waystone/waypoint/http/h2/testdata/frames";
import { Noise } from "@waystone/waypoint/http/h2/testdata/noise";

export interface SentRequest {
  readonly id: string;
  readonly streamId: number;
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  /** It was said to its end, and not reset. */
  readonly isWhole: boolean;
  /** It declares its length: once all of that has come nothing is missing but END_STREAM, and HTTP/1.1 has no such thing. */
  readonly hasLength: boolean;
}

export interface H2Session {
  readonly bytes: Buffer;
  readonly requests: readonly SentRequest[];
  /** All of it keeps the rules: whatever is whole is to be served. */
  readonly isProper: boolean;
}

export function buildH2Session(seed: number): H2Session {
  const rng = seededRng(seed);
  const isProper = happens(rng, 0.5);
  const built = Array.from({ length: chooseInt(rng, 1, 8) }, (_, at) => buildRequest(rng, seed, at));
  const frames = interleave(
    rng,
    built.map(({ frames }) => frames),
  );
  const noise = new Noise(rng);
  const all = frames.flatMap((each) =>
    happens(rng, 0.15) ? [between(rng, noise, isProper, built.length), each] : [each],
  );
  const bytes = Buffer.concat([magic, settings(), ...all]);
  const requests = built.map(({ request }) => request);
  return { bytes: isProper ? bytes : noise.mutate(bytes), requests, isProper };
}

interface BuiltRequest {
  readonly request: SentRequest;
  /** In order; a header block with its CONTINUATION frames is one piece. */
  readonly frames: readonly Buffer[];
}

function buildRequest(rng: Rng, seed: number, at: number): BuiltRequest {
  const [id, streamId] = [nameOf(seed, at), 2 * at + 1];
  const method = chooseOne(rng, ["GET", "POST", "POST", "PUT", "DELETE"]);
  const path = `/${chooseText(rng, "abc", 0, 5)}?${chooseText(rng, "q=&1", 0, 5)}`;
  const body = Buffer.from(chooseText(rng, "GET / HTTP/1.1\r\n", 0, happens(rng, 0.5) ? 0 : 3000), "latin1");
  const fate = chooseOne(rng, ["whole", "whole", "whole", "cut", "reset"] as const);
  const hasLength = happens(rng, 0.5);
  const fields: Fields = [
    [":method", method],
    [":scheme", "http"],
    [":path", path],
    [":authority", "shop.test"],
    ["x-case", id],
    ...(hasLength ? [["content-length", String(body.length)] as const] : []),
    ...Array.from(
      { length: chooseInt(rng, 0, 5) },
      (_, n) => [`x-${n}`, chooseText(rng, "v ,;=", 0, 50).trim()] as const,
    ),
  ];
  const endsInHead = body.length === 0 && fate === "whole" && happens(rng, 0.5);
  const frames = [splitBlock(rng, streamId, block(fields), endsInHead)];
  if (!endsInHead) frames.push(...bodyFrames(rng, streamId, body, fate));
  return { request: { id, streamId, method, path, body, isWhole: fate === "whole", hasLength }, frames };
}

/** With a check sum: noise that changes some bytes of a name makes no other session's, nor another request's, of it. */
function nameOf(seed: number, at: number): string {
  const name = `s${seed}.${at}`;
  return `${name}.${crc32(name).toString(36)}`;
}

function splitBlock(rng: Rng, streamId: number, bytes: Buffer, endStream: boolean): Buffer {
  const end = endStream ? END_STREAM : 0;
  const cuts = Array.from({ length: chooseInt(rng, 0, 4) }, () => chooseInt(rng, 0, bytes.length)).sort(
    (a, b) => a - b,
  );
  const pieces = [0, ...cuts].map((from, n) => bytes.subarray(from, cuts[n] ?? bytes.length));
  return Buffer.concat(
    pieces.map((piece, n) => {
      const last = n === pieces.length - 1 ? END_HEADERS : 0;
      return n === 0
        ? frame("HEADERS", last | end, streamId, piece)
        : frame("CONTINUATION", last, streamId, piece);
    }),
  );
}

function bodyFrames(rng: Rng, streamId: number, body: Buffer, fate: "whole" | "cut" | "reset"): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const length = Math.min(body.length - at, chooseOne(rng, [1, 10, 1000, 3000]));
    const piece = body.subarray(at, at + length);
    const isPadded = happens(rng, 0.2);
    // PADDED: the length of the padding, the piece, three bytes of it.
    const payload = isPadded ? Buffer.concat([Buffer.from([3]), piece, Buffer.alloc(3)]) : piece;
    frames.push(frame("DATA", isPadded ? 8 : 0, streamId, payload));
    at += length;
    if (frames.length > 50) {
      frames.push(frame("DATA", 0, streamId, body.subarray(at)));
      break;
    }
  }
  if (fate === "cut") return frames.slice(0, chooseInt(rng, 0, frames.length));
  if (fate === "reset") return [...frames, frame("RST_STREAM", 0, streamId, uint32(chooseInt(rng, 0, 13)))];
  const trailers = splitBlock(rng, streamId, block([["x-checksum", "abc"]]), true);
  return [...frames, happens(rng, 0.3) ? trailers : frame("DATA", END_STREAM, streamId)];
}

/** The frames of each in their order; streams are opened in the order of their ids. */
function interleave(rng: Rng, each: readonly (readonly Buffer[])[]): Buffer[] {
  const queues = each.map((frames) => [...frames]);
  const all: Buffer[] = [];
  let opened = 0;
  for (;;) {
    const ready = queues.filter((queue, at) => queue.length > 0 && at < opened);
    const mayOpen = opened < queues.length;
    if (ready.length === 0 && !mayOpen) return all;
    if (mayOpen && (ready.length === 0 || happens(rng, 0.4))) all.push(queues[opened++]!.shift()!);
    else all.push(chooseOne(rng, ready).shift()!);
  }
}

function between(rng: Rng, noise: Noise, isProper: boolean, streams: number): Buffer {
  const start: Fields = [
    [":method", "GET"],
    [":scheme", "http"],
    [":path", "/"],
    [":authority", "shop.test"],
  ];
  if (!isProper && happens(rng, 0.7)) return noise.frame(start);
  // Priority of any stream, open or not (RFC 9113 5.3.2); the connection's own frames.
  const stream = 2 * chooseInt(rng, 0, streams - 1) + 1;
  return chooseOne(rng, [
    frame("PING", 0, 0, Buffer.alloc(8, 1)),
    frame("WINDOW_UPDATE", 0, 0, uint32(chooseInt(rng, 1, 1000))),
    settings([4, chooseInt(rng, 1000, 100_000)]),
    frame("PRIORITY", 0, stream, Buffer.from([0, 0, 0, 0, 16])),
    frame(0xbe, chooseInt(rng, 0, 255), stream, Buffer.alloc(chooseInt(rng, 0, 30))),
  ]);
}
