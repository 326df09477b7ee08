/**
 * Node's HTTP/2 at both ends, and between them a waypoint with Envoy or HAProxy before or behind it, or neither: what one end
 * sends is what the other gets, whatever the bodies, and what one end breaks off ends at the other.
 */
import { constants } from "node:http2";
import { until, within } from "@waystone/testkit/within";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blobHash } from "../harness/blob.ts";
import { ask, askOnce, openSession, readAnswer } from "../harness/node-client.ts";
import { type NodeEndpoint, openHttp1Endpoint, openHttp2Endpoint } from "../harness/node-endpoint.ts";
import { largeHeaders } from "../harness/node-endpoint.ts";
import { type RunningProxy, startEnvoy, startHaproxy } from "../harness/proxies.ts";
import { type Address, type RunningWaystone, startWaystone } from "../harness/waystone.ts";

const large = 100_000_000;

interface Chain {
  readonly name: string;
  /** What stands between the waypoint and the endpoint, and which version they speak with it. */
  readonly service: string;
  /** What stands before the waypoint, and which version it speaks with it. */
  readonly before?: "envoy-h1" | "envoy-h2" | "haproxy-h1" | "haproxy-h2";
  /** The last stretch is HTTP/1.1: an endpoint there cannot reset, only close. */
  readonly endsInHttp1?: boolean;
}

const chains: readonly Chain[] = [
  { name: "waystone", service: "node-h2" },
  { name: "waystone -> HTTP/1.1", service: "node-h1", endsInHttp1: true },
  { name: "waystone -> Envoy", service: "envoy-h2" },
  { name: "waystone -> HTTP/1.1 -> Envoy", service: "envoy-h1" },
  { name: "waystone -> HAProxy", service: "haproxy-h2" },
  { name: "waystone -> HTTP/1.1 -> HAProxy", service: "haproxy-h1" },
  { name: "Envoy -> waystone", service: "node-h2", before: "envoy-h2" },
  { name: "Envoy -> HTTP/1.1 -> waystone", service: "node-h2", before: "envoy-h1" },
  { name: "HAProxy -> waystone", service: "node-h2", before: "haproxy-h2" },
  { name: "HAProxy -> HTTP/1.1 -> waystone", service: "node-h2", before: "haproxy-h1" },
];

const stops: (() => Promise<unknown>)[] = [];
const fronts = new Map<string, Address>();
let http2: NodeEndpoint;
let http1: NodeEndpoint;
let narrow: NodeEndpoint;
let waystone: RunningWaystone;

beforeAll(async () => {
  http2 = await openHttp2Endpoint();
  http1 = await openHttp1Endpoint();
  narrow = await openHttp2Endpoint({ initialWindowSize: 7, maxConcurrentStreams: 1 });
  const behind = { host: "127.0.0.1", port: http2.port };
  const envoy = keep(await startEnvoy(behind, "http/2"));
  const haproxy = keep(await startHaproxy(behind, "http/2"));
  waystone = await startWaystone([
    { name: "node-h2", appProtocol: "http2", endpointPort: http2.port },
    { name: "node-h1", appProtocol: "http", endpointPort: http1.port },
    { name: "narrow", appProtocol: "http2", endpointPort: narrow.port },
    { name: "envoy-h2", appProtocol: "http2", endpointPort: envoy.address.port },
    { name: "envoy-h1", appProtocol: "http", endpointPort: envoy.address.port },
    { name: "haproxy-h2", appProtocol: "http2", endpointPort: haproxy.address.port },
    { name: "haproxy-h1", appProtocol: "http", endpointPort: haproxy.address.port },
  ]);
  const to = waystone.at("node-h2");
  fronts.set("envoy-h2", keep(await startEnvoy(to, "http/2")).address);
  fronts.set("envoy-h1", keep(await startEnvoy(to, "http/1.1")).address);
  fronts.set("haproxy-h2", keep(await startHaproxy(to, "http/2")).address);
  fronts.set("haproxy-h1", keep(await startHaproxy(to, "http/1.1")).address);
});

function keep(proxy: RunningProxy): RunningProxy {
  stops.push(async () => await proxy.stop());
  return proxy;
}

afterAll(async () => {
  for (const stop of stops) await stop();
  await waystone.stop();
  for (const endpoint of [http2, http1, narrow]) await endpoint.close();
});

describe.for(chains)("$name", ({ service, before, endsInHttp1 = false }) => {
  const address = (): Address => (before === undefined ? waystone.at(service) : fronts.get(before)!);
  const endpoint = (): NodeEndpoint => (endsInHttp1 ? http1 : http2);

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

describe("an endpoint that takes one stream at a time, in windows of seven bytes", () => {
  test("40 requests at once are served, on more connections than one", async () => {
    const session = openSession(waystone.at("narrow"));
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => await ask(session, "/echo", { bodyBytes: 1000 })),
    );
    session.destroy();
    expect(answers.map(({ sha256 }) => sha256)).toEqual(Array.from({ length: 40 }, () => blobHash(1000)));
    expect(narrow.connections()).toBeGreaterThan(1);
  });
});
