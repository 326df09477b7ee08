/**
 * Node's HTTP/2 at both ends, and between them a waypoint with Envoy or HAProxy before or behind it, or neither: what one end
 * sends is what the other gets, whatever the bodies, and what one end breaks off ends at the other.
 */
import { constants } from "node:http2";
import { until, within } from "@waystone/testkit/within";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobHash } from "../harness/blob.ts";
import { chains, type ChainsBed, openChains } from "../harness/chains.ts";
import { ask, askOnce, openSession, readAnswer } from "../harness/node-client.ts";
import { largeHeaders, type NodeEndpoint } from "../harness/node-endpoint.ts";
import type { Address } from "../harness/waystone.ts";

const large = 100_000_000;

let bed: ChainsBed;

beforeAll(async () => {
  bed = await openChains();
});

afterAll(async () => await bed.close());

describe.for(chains)("$name", (chain) => {
  const { service, before } = chain;
  const address = (): Address => bed.at(chain);
  const endpoint = (): NodeEndpoint => bed.endpointOf(chain);

  test.for([0, 1, 65_536, large])("a body of %i bytes, up", async (bytes) => {
    const { status, trailers, resetCode } = await askOnce(address(), "/hash", {
      bodyBytes: bytes,
      headers: { te: "trailers" },
    });
    expect([status, resetCode]).toEqual([200, 0]);
    expect([trailers["x-bytes"], trailers["x-sha256"]]).toEqual([String(bytes), blobHash(bytes)]);
  });

  test.for([0, 1, 65_536, large])("a body of %i bytes, down", async (bytes) => {
    const answer = await askOnce(address(), `/blob?bytes=${bytes}`);
    expect([answer.status, answer.resetCode]).toEqual([200, 0]);
    expect([answer.bytes, answer.sha256]).toEqual([bytes, blobHash(bytes)]);
  });

  test("both ways at once, in DATA frames of one byte", async () => {
    const [bytes, piece] = [2000, 1];
    const answer = await askOnce(address(), "/echo", { bodyBytes: bytes, piece });
    expect([answer.status, answer.sha256]).toEqual([200, blobHash(bytes, piece)]);
    const down = await askOnce(address(), `/blob?bytes=${bytes}&piece=${piece}`);
    expect(down.sha256).toBe(blobHash(bytes, piece));
  });

  test("trailers, both ways", async () => {
    const answer = await askOnce(address(), "/hash", {
      bodyBytes: 10,
      headers: { te: "trailers", trailer: "x-asked" },
      trailers: { "x-asked": "this" },
    });
    expect([answer.trailers["x-asked"], answer.trailers["x-bytes"]]).toEqual(["this", "10"]);
  });

  test("headers of 20,000 bytes, over more than one frame, both ways", async () => {
    const headers = largeHeaders(20_000);
    const answer = await askOnce(address(), "/headers?bytes=20000", { headers });
    expect([answer.status, answer.headers["x-seen"]]).toEqual([200, "20000"]);
    expect(answer.headers).toMatchObject(headers);
  });

  test("a client's windows of one byte", async () => {
    const session = openSession(address(), { initialWindowSize: 1 });
    const answer = await ask(session, "/blob?bytes=1000");
    session.destroy();
    expect([answer.bytes, answer.sha256]).toEqual([1000, blobHash(1000)]);
  });

  test("a client that breaks off ends the endpoint's request", async () => {
    const [ended, hanging] = [endpoint().ended.length, endpoint().hanging()];
    const session = openSession(address());
    // close() would end the request properly first; this is a bare CANCEL.
    const abort = new AbortController();
    const options = { endStream: false, signal: abort.signal };
    const stream = session.request({ ":method": "POST", ":path": "/hang" }, options);
    const answer = readAnswer(stream);
    stream.write("some");
    await until(() => endpoint().hanging() > hanging, "the endpoint has the request");
    abort.abort();
    await within(answer, "the stream's end");
    await until(() => endpoint().ended.length > ended, "the endpoint's request has ended");
    session.destroy();
  });

  test("an endpoint that breaks off before its answer, or in it, is never a proper end", async () => {
    const early = await askOnce(address(), `/reset?code=${constants.NGHTTP2_INTERNAL_ERROR}`);
    expect(early.status >= 500 || early.resetCode !== 0).toBe(true);
    // HAProxy 2.6 makes a proper end of an answer in HTTP/2 that its server breaks off.
    if (service === "haproxy-h2" || before?.startsWith("haproxy") === true) return;
    const late = await askOnce(address(), "/reset-late");
    expect(late.resetCode).not.toBe(0);
  });

  // Where a proxy stands before the endpoint, GOAWAY is said to that one.
  test.skipIf(service !== "node-h2")(
    "an endpoint that goes in the middle of an answer finishes it, and what it had not begun is served elsewhere",
    async () => {
      const session = openSession(address());
      const answers = await Promise.all(
        ["/goaway", "/hash", "/blob?bytes=6", "/small"].map(async (path) => await ask(session, path)),
      );
      expect(answers.map(({ status, resetCode }) => [status, resetCode])).toEqual(
        answers.map(() => [200, 0]),
      );
      expect(answers.map(({ bytes }) => bytes)).toEqual([6, 0, 6, 5]);
      expect((await ask(session, "/small")).status).toBe(200);
      session.destroy();
    },
  );

  test("200 requests at once on one connection", async () => {
    const session = openSession(address());
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, at) => await ask(session, "/hash", { bodyBytes: at })),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBe(200);
    session.destroy();
  });
});

describe("an endpoint that takes one stream at a time, in windows of one byte", () => {
  test("40 requests at once are served, on more connections than one", async () => {
    const session = openSession(bed.waystone.at("narrow"));
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => await ask(session, "/echo", { bodyBytes: 500 })),
    );
    session.destroy();
    expect(answers.map(({ sha256 }) => sha256)).toEqual(Array.from({ length: 40 }, () => blobHash(500)));
    expect(bed.narrow.connections()).toBeGreaterThan(1);
  });

  test("and a client whose windows are of one byte too", async () => {
    const session = openSession(bed.waystone.at("narrow"), { initialWindowSize: 1 });
    const answer = await ask(session, "/echo", { bodyBytes: 500 });
    session.destroy();
    expect([answer.bytes, answer.sha256]).toEqual([500, blobHash(500)]);
  });
});

test("what these tests call DATA frames of one byte are such", async () => {
  const { port } = bed.narrow;
  const answer = await askOnce({ host: "127.0.0.1", port }, "/hash", { bodyBytes: 100, piece: 1 });
  expect(answer.trailers["x-pieces"]).toBe("100");
});
