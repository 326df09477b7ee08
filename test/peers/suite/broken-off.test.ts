/**
 * Bodies of 100 MB that one end breaks off in the middle, either way: the other end is told, nobody takes a part for the whole,
 * and what is between them serves on. By HTTP/2 clients in all chains, and by HTTP/1.1 ones where they speak with the waypoint.
 */
import { until } from "@waystone/testkit/within";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Chain, chains, type ChainsBed, openChains, shortChains } from "../harness/chains.ts";
import { askHttp1, openHttp1Request } from "../harness/node-http1-client.ts";
import { askOnce, openSession, readAnswer, sendBlob } from "../harness/node-client.ts";

const large = 100_000_000;
const part = 5_000_000;

let bed: ChainsBed;

beforeAll(async () => {
  bed = await openChains();
});

afterAll(async () => await bed.close());

function hasHaproxy({ service, before }: Chain): boolean {
  return service.startsWith("haproxy") || before?.startsWith("haproxy") === true;
}

/** HAProxy 2.6 makes a proper end of an answer in HTTP/2 that its server breaks off. */
function endsProperly({ service, before }: Chain): boolean {
  return service === "haproxy-h2" || before?.startsWith("haproxy") === true;
}

async function untilBroken(chain: Chain, breakOff: () => Promise<void>): Promise<void> {
  const { bodies } = bed.endpointOf(chain);
  const { broken, whole } = bodies;
  await breakOff();
  await until(() => bodies.broken > broken, "the endpoint's side is broken off");
  expect(bodies.whole).toBe(whole);
}

describe.for(chains)("[F15] HTTP/2 -> $name", (chain) => {
  // HAProxy 2.6 makes a proper end of that, too, sooner or later.
  test.skipIf(hasHaproxy(chain))("by a client that sends", async () => {
    const endpoint = bed.endpointOf(chain);
    const session = openSession(bed.at(chain));
    await untilBroken(chain, async () => {
      const before = endpoint.bodies.received;
      const abort = new AbortController();
      const options = { endStream: false, signal: abort.signal };
      const stream = session.request({ ":method": "POST", ":path": "/hash" }, options);
      const answer = readAnswer(stream);
      void sendBlob(stream, large);
      await until(() => endpoint.bodies.received >= before + part, "a part of it is there");
      abort.abort();
      await answer;
    });
    session.destroy();
    expect((await askOnce(bed.at(chain), "/small")).status).toBe(200);
  });

  test("by a client that receives", async () => {
    const session = openSession(bed.at(chain));
    await untilBroken(chain, async () => {
      const abort = new AbortController();
      const stream = session.request({ ":path": `/blob?bytes=${large}` }, { signal: abort.signal });
      const answer = readAnswer(stream);
      let received = 0;
      stream.on("data", (piece: Buffer) => {
        received += piece.length;
        if (received >= part) abort.abort();
      });
      await answer;
    });
    session.destroy();
    expect((await askOnce(bed.at(chain), "/small")).status).toBe(200);
  });

  test("by an endpoint that receives", async () => {
    const { status, resetCode } = await askOnce(bed.at(chain), `/cut-up?bytes=${part}`, {
      bodyBytes: large,
    });
    expect(status >= 500 || resetCode !== 0).toBe(true);
    expect((await askOnce(bed.at(chain), "/small")).status).toBe(200);
  });

  test("by an endpoint that sends", async () => {
    const { resetCode, bytes } = await askOnce(bed.at(chain), `/blob?bytes=${large}&cut=${part}`);
    expect(bytes).toBeLessThan(large);
    if (!endsProperly(chain)) expect(resetCode).not.toBe(0);
    expect((await askOnce(bed.at(chain), "/small")).status).toBe(200);
  });
});

describe.for(shortChains)("[F15] HTTP/1.1 -> $name", (chain) => {
  test.skipIf(hasHaproxy(chain))("by a client that sends", async () => {
    const endpoint = bed.endpointOf(chain);
    await untilBroken(chain, async () => {
      const before = endpoint.bodies.received;
      const request = openHttp1Request(bed.at(chain), "/hash", { method: "POST" });
      void sendBlob(request, large);
      await until(() => endpoint.bodies.received >= before + part, "a part of it is there");
      request.destroy();
    });
    expect((await askHttp1(bed.at(chain), "/small")).status).toBe(200);
  });

  test("by a client that receives", async () => {
    await untilBroken(chain, async () => {
      const request = openHttp1Request(bed.at(chain), `/blob?bytes=${large}`);
      let received = 0;
      request.on("response", (response) =>
        response
          .on("error", () => {})
          .on("data", (piece: Buffer) => {
            received += piece.length;
            if (received >= part) request.destroy();
          }),
      );
      request.end();
      await until(() => request.destroyed, "a part of it is there");
    });
    expect((await askHttp1(bed.at(chain), "/small")).status).toBe(200);
  });

  test("by an endpoint that receives", async () => {
    const { status, isWhole } = await askHttp1(bed.at(chain), `/cut-up?bytes=${part}`, { bodyBytes: large });
    expect(status >= 500 || !isWhole).toBe(true);
    expect((await askHttp1(bed.at(chain), "/small")).status).toBe(200);
  });

  test("by an endpoint that sends", async () => {
    const { isWhole, bytes } = await askHttp1(bed.at(chain), `/blob?bytes=${large}&cut=${part}`);
    expect(bytes).toBeLessThan(large);
    if (!endsProperly(chain)) expect(isWhole).toBe(false);
    expect((await askHttp1(bed.at(chain), "/small")).status).toBe(200);
  });
});
