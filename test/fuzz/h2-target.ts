/**
 * HTTP/2 connections, right and wrong, to endpoints of either version: each whole request of a proper connection is answered and
 * comes upstream once, as it was said; of any other connection nothing comes upstream that was not said whole.
 */
import net from "node:net";
import { type Rng, seededRng } from "@waystone/base/rng";
import { chooseInt, chooseOne } from "@waystone/testkit/generate/choose";
import type { ReadRequest } from "@waystone/testkit/read-message";
import { END_STREAM, frame, magic, readFrames } from "@waystone/waypoint/http/h2/testdata/frames";
import { inParallel } from "../differential/ask.ts";
import type { Address } from "../peers/harness/waystone.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { startFuzzedWaypoint, type Way } from "./fuzzed-waypoint.ts";
import { buildH2Session, type H2Session, type SentRequest } from "./h2-session.ts";

const width = 16;
/** Until a connection that has said all it has to say is over, or has answered it. Only a failure waits it out. */
const patienceMs = 40_000;
const lastPing = Buffer.alloc(8, 0x77);

export async function openH2Target(): Promise<FuzzTarget> {
  const waypoint = await startFuzzedWaypoint();
  return {
    async play(seeds, tell) {
      const sessions = new Map(seeds.map((seed) => [seed, buildH2Session(seed)]));
      const missing = new Map<number, string>();
      await inParallel([...sessions], width, async ([seed, session]) => {
        const problem = await talk(wayOf(seed).address, session, seededRng(seed));
        if (problem !== undefined) missing.set(seed, problem);
      });
      // By a request of our own on each way: what was forwarded before it has come.
      const state = await waypoint.problem();
      for (const [seed, session] of sessions) {
        const problem = missing.get(seed) ?? judge(session, wayOf(seed));
        if (problem !== undefined) tell(seed, problem);
      }
      for (const { recorder, name } of waypoint.ways) {
        for (const text of recorder.broken)
          tell(seeds[0] ?? 0, `the endpoint by ${name} got what is no request: ${text}`);
        recorder.forget();
      }
      if (state !== undefined) tell(seeds.at(-1) ?? 0, state);
    },
    close: async () => await waypoint.close(),
  };

  function wayOf(seed: number): Way {
    return waypoint.ways[seed % 2 === 0 ? 0 : 1];
  }
}

/** Says all of it, in pieces, and waits for what must follow; gives back what did not. */
async function talk(address: Address, session: H2Session, rng: Rng): Promise<string | undefined> {
  const socket = net.connect({ ...address, noDelay: true });
  const wanted = session.requests.filter(({ isWhole }) => isWhole).map(({ streamId }) => streamId);
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => resolve(`nothing more came in ${patienceMs} ms`), patienceMs);
  let heard: Buffer = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    heard = Buffer.concat([heard, piece]);
    if (session.isProper && isAnswered(heard, wanted)) resolve(undefined);
  });
  socket.on("error", () => {});
  socket.on("close", () =>
    resolve(
      session.isProper && !isAnswered(heard, wanted) ? "the connection ended before its answers" : undefined,
    ),
  );
  const largest = chooseOne(rng, [20, 500, 100_000]);
  const all = Buffer.concat([
    session.bytes,
    session.isProper ? frame("PING", 0, 0, lastPing) : Buffer.alloc(0),
  ]);
  for (let at = 0; at < all.length; ) {
    const next = at + chooseInt(rng, 1, largest);
    socket.write(all.subarray(at, next));
    at = next;
  }
  // Whatever the noise has made the waypoint wait for: it never comes.
  if (!session.isProper) socket.end();
  const problem = await promise;
  clearTimeout(timer);
  socket.destroy();
  return problem;
}

function isAnswered(heard: Buffer, wanted: readonly number[]): boolean {
  const { frames } = readFrames(heard);
  const ended = new Set(
    frames
      .filter(({ flags, type }) => (flags & END_STREAM) !== 0 && type !== "PING" && type !== "SETTINGS")
      .map(({ streamId }) => streamId),
  );
  const isPonged = frames.some(({ type, payload }) => type === "PING" && payload.equals(lastPing));
  return isPonged && wanted.every((streamId) => ended.has(streamId));
}

function judge(session: H2Session, { recorder, speaksHttp1 }: Way): string | undefined {
  let wholes = 0;
  for (const sent of session.requests) {
    const forwarded = recorder.whole.get(sent.id) ?? [];
    wholes += forwarded.length;
    if (forwarded.length > 1) return `stream ${sent.streamId} became ${forwarded.length} requests upstream`;
    if (!session.isProper) continue;
    if (sent.isWhole && forwarded.length === 0) return `stream ${sent.streamId} never came upstream`;
    const mayBeWhole = sent.isWhole || (sent.hasLength && speaksHttp1);
    if (!mayBeWhole && forwarded.length > 0)
      return `stream ${sent.streamId} was not whole, and went upstream as if`;
    const difference = forwarded[0] === undefined ? undefined : differenceOf(sent, forwarded[0]);
    if (difference !== undefined) return `stream ${sent.streamId}: ${difference}`;
  }
  const ends = readFrames(session.bytes.subarray(magic.length)).frames.filter(
    ({ type, flags }) => (type === "DATA" || type === "HEADERS") && (flags & END_STREAM) !== 0,
  ).length;
  const most = ends + (speaksHttp1 ? session.requests.filter(({ hasLength }) => hasLength).length : 0);
  return wholes > most ? `at most ${most} requests were whole, and ${wholes} went upstream whole` : undefined;
}

function differenceOf(sent: SentRequest, { method, target, body }: ReadRequest): string | undefined {
  if (method !== sent.method) return `method ${sent.method} became ${method}`;
  if (target !== sent.path) return `path ${sent.path} became ${target}`;
  return body.equals(sent.body)
    ? undefined
    : `a body of ${sent.body.length} bytes became ${body.length} others`;
}
