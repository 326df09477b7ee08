/**
 * Requests by the hundred, right and wrong, in any pieces: what is right arrives upstream once and means the same; of what
 * is wrong nothing arrives; of what is odd, at most what a strict reader of the same bytes would have read.
 */
import { normalizePath } from "@waystone/engine/path/normalize-path";
import type { RequestMeaning } from "@waystone/testkit/generate/valid-request";
import { messageArbitrary } from "@waystone/testkit/generate/message-arbitrary";
import { openRawClient } from "@waystone/testkit/raw-http-client";
import { MessageError } from "@waystone/testkit/read-head";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { readRequest, type ReadRequest } from "@waystone/testkit/read-message";
import * as fc from "@waystone/testkit/fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWireRig, type WireRig } from "./testdata/wire-rig.ts";
import { cutsOf } from "./testdata/scan-head.ts";

/** What came upstream since somebody looked. */
let arrived: ReadRequest[] = [];
let rig: WireRig;
beforeAll(async () => {
  rig = await openWireRig({
    answer(request) {
      arrived.push(request);
      return okAnswer;
    },
  });
});
afterAll(async () => await rig.close());

interface Outcome {
  /** Of the first answer; 0 where the connection ended without one. */
  readonly status: number;
  readonly requests: readonly ReadRequest[];
}

/** Sends the bytes in pieces, then FIN; tells what came of it once everything has. */
async function send(bytes: Buffer, cuts: readonly number[]): Promise<Outcome> {
  arrived = [];
  const client = await openRawClient({ port: rig.port });
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    await client.send(bytes.subarray(from, cut));
    from = cut;
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.halfClose();
  const answer = (await client.readUntilEnd()).bytes.toString("latin1", 0, 12);
  client.close();
  // Behind this, all that the bytes caused has arrived upstream.
  await rig.judge("");
  return { status: Number(answer.slice(9)), requests: arrived };
}

/** As far as a strict reader gets. */
function readStrictly(bytes: Buffer): readonly ReadRequest[] {
  const requests: ReadRequest[] = [];
  try {
    for (let at = 0; at < bytes.length; ) {
      const request = readRequest(bytes, at);
      if (request === undefined) break;
      requests.push(request);
      at += request.raw.length;
    }
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
  }
  return requests;
}

const ours =
  /^(host|x-forwarded-for|x-forwarded-proto|x-request-id|content-length|transfer-encoding|connection|te)$/i;

function meaningOf(request: ReadRequest): RequestMeaning {
  const { method, target, body } = request;
  return {
    method,
    target,
    headers: request.headers.filter(([name]) => !ours.test(name)),
    body: body.toString("latin1"),
  };
}

/** As the one normalisation makes it; an absolute target becomes a path. */
function normalised(target: string): string {
  const [path = "", ...query] = target.replace(/^http:\/\/[^/?]*/i, "").split(/(?=\?)/);
  const normal = normalizePath(path);
  if (typeof normal !== "string") throw new Error(normal.refused);
  return normal + query.join("");
}

const sent = messageArbitrary().chain((message) =>
  fc.tuple(fc.constant(message), cutsOf(message.bytes.length)),
);

test("generated requests, right, wrong and odd, cut in any way", async () => {
  await fc.assert(
    fc.asyncProperty(sent, async ([{ bytes, verdict, meaning }, cuts]) => {
      const { status, requests } = await send(bytes, cuts);
      switch (verdict) {
        case "valid": {
          expect(status).toBe(200);
          const expected = { ...meaning!, target: normalised(meaning!.target) };
          expect(requests.map(meaningOf)).toEqual([expected]);
          return;
        }
        case "refuse-head":
        case "refuse-body":
          expect(requests.map(meaningOf)).toEqual([]);
          // A client that stops within its body gets no answer: it is gone.
          expect(status === 0 || status >= 400).toBe(true);
          return;
        case "doubt": {
          const strict = readStrictly(bytes).slice(0, requests.length);
          const read = strict.map(({ method, body }) => [method, body.toString("latin1")]);
          expect(requests.map(({ method, body }) => [method, body.toString("latin1")])).toEqual(read);
        }
      }
    }),
    { numRuns: 400 },
  );
});
