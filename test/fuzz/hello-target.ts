/**
 * ClientHellos, honest and broken, in pieces of any size (reference U07): an honest one names its server, any other is taken
 * or refused, and how its bytes were split is no part of that.
 */
import assert from "node:assert/strict";
import { type Rng, seededRng } from "@waystone/base/rng";
import { chooseInt, chooseOne, chooseText, happens } from "@waystone/testkit/generate/choose";
import { buildClientHello, type HelloParts, recordsOf } from "@waystone/waypoint/testing/build-client-hello";
import {
  ClientHelloReader,
  helloLimitBytes,
  type HelloState,
} from "@waystone/waypoint/tls/client-hello-reader";

export function fuzzHello(seed: number): void {
  const rng = seededRng(seed);
  const serverName = `${chooseText(rng, "abcxyz019-", 1, 20)}a.shop`.replace(/^-/, "x");
  const parts: HelloParts = { serverName, before: chooseInt(rng, 0, 5), after: chooseInt(rng, 0, 5) };
  const honest = recordsOf(buildClientHello(parts), chooseOne(rng, [1, 7, 100, 16_384]));
  const isHonest = happens(rng, 0.3);
  const bytes = isHonest ? honest : mutate(rng, honest);
  const whole = read([bytes]);
  if (isHonest) assert.deepEqual(whole, { type: "hello", serverName });
  assert.deepEqual(read(split(rng, bytes)), whole);
}

function read(pieces: readonly Buffer[]): HelloState {
  const reader = new ClientHelloReader();
  let state: HelloState = { type: "more" };
  for (const piece of pieces) {
    state = reader.add(piece);
    if (state.type !== "more") break;
    assert.ok(reader.received.length < helloLimitBytes, "more is waited for than a ClientHello may be");
  }
  return state;
}

function mutate(rng: Rng, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let left = chooseInt(rng, 0, 3); left > 0; left--)
    copy[chooseInt(rng, 0, copy.length - 1)] = chooseInt(rng, 0, 255);
  const at = chooseInt(rng, 0, copy.length);
  const noise = Buffer.from(Array.from({ length: chooseInt(rng, 0, 50) }, () => chooseInt(rng, 0, 255)));
  return chooseOne(rng, [
    copy,
    copy.subarray(0, at),
    Buffer.concat([copy.subarray(0, at), noise, copy.subarray(at)]),
    Buffer.concat([copy, Buffer.alloc(chooseInt(rng, 0, 40_000), 22)]),
    noise,
  ]);
}

function split(rng: Rng, bytes: Buffer): Buffer[] {
  const largest = chooseOne(rng, [1, 10, 1500]);
  const pieces: Buffer[] = [];
  // A byte at a time only where it is not long: each piece is joined to those before.
  const least = bytes.length > 2000 ? 500 : 1;
  for (let at = 0; at < bytes.length; at += pieces.at(-1)!.length)
    pieces.push(bytes.subarray(at, at + chooseInt(rng, least, Math.max(least, largest))));
  return pieces;
}
