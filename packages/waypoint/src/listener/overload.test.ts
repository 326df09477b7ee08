/** A data plane that runs low on memory or places: whom it turns away, and how (reference D10, D11). */
import { ManualClock } from "@waystone/testkit/manual-clock";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { gaugeOf, samplesOf, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { askHttp2, echo, useHttp2Peers } from "../testing/http2-peers.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const get = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
const mib = 1024 * 1024;

/** A plane that is told how much of its heap is in use. */
async function openLowPlane(options: Partial<Parameters<typeof rig.openPlane>[0]> = {}) {
  const clock = new ManualClock();
  const use = { heap: 0, buffers: 0 };
  const plane = await rig.openPlane({
    clock,
    memory: { read: () => use, collect() {}, collectYoung() {} },
    ...options,
  });
  const set = (heap: number): void => {
    use.heap = heap;
    clock.advance(1000);
  };
  return { plane, set, use, clock };
}

function refusedConnections(plane: RigPlane): readonly string[] {
  return samplesOf(plane, "waystone_downstream_connections_refused_total").map(
    ({ labels, value }) => `${labels["reason"]} ${value}`,
  );
}

/** A client may hear of the reset before or after its connection counts as open. */
async function howRefused(plane: RigPlane): Promise<string> {
  try {
    return (await (await rig.openClient(plane)).readUntilEnd()).state;
  } catch (error) {
    return String(error).includes("ECONNRESET") ? "reset" : String(error);
  }
}

describe("[D11] memory runs low", () => {
  test("at 90 % a new request gets 503 with Retry-After, and one under way finishes", async () => {
    const waiting = Promise.withResolvers<string>();
    const upstream = await rig.openUpstream({ answer: () => waiting.promise });
    const { plane, set } = await openLowPlane({ upstreams: [upstream] });
    const [busy, idle] = [await rig.openClient(plane), await rig.openClient(plane)];
    await busy.send(get);
    await upstream.request();
    set(0.92);
    for (const client of [idle, await rig.openClient(plane)]) {
      await client.send(get);
      const shed = (await client.readUntilEnd()).bytes.toString();
      expect(shed).toMatch(/^HTTP\/1\.1 503 /);
      expect(shed).toContain("Retry-After: 1\r\n");
      expect(shed).toContain("Connection: close\r\n");
    }
    waiting.resolve(okAnswer);
    expect((await busy.readUntilEnd()).bytes.toString()).toMatch(
      /^HTTP\/1\.1 200 [^]*Connection: close[^]*ok$/,
    );
    expect(upstream.requests.length).toBe(1);
    expect(gaugeOf(plane, "waystone_overload_level")).toBe(2);
  });

  test("it serves everything again once memory has gone", async () => {
    const upstream = await rig.openUpstream();
    const { plane, set } = await openLowPlane({ upstreams: [upstream] });
    set(0.97);
    set(0.5);
    const client = await rig.openClient(plane);
    await client.send(get + get);
    expect([(await client.readResponse()).status, (await client.readResponse()).status]).toEqual([200, 200]);
    expect(gaugeOf(plane, "waystone_overload_level")).toBe(0);
    const said = plane.emitted.flatMap((message) => (message.type === "log" ? [message.message] : []));
    expect(said).toEqual([
      "worker 0 refuses new connections: 97 % of its heap and 0 % of its buffers are in use; raise the memory limit or run more waypoints",
      "worker 0 serves everything again: 50 % of its heap and 0 % of its buffers are in use",
    ]);
  });

  test("at 85 % connections end with their next answer, and requests are served", async () => {
    const upstream = await rig.openUpstream();
    const { plane, set } = await openLowPlane({ upstreams: [upstream] });
    const client = await rig.openClient(plane);
    set(0.87);
    await client.send(get);
    expect((await client.readUntilEnd()).bytes.toString()).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close/);
  });

  test("at 95 % new connections are reset and idle ones are closed, without a word", async () => {
    const upstream = await rig.openUpstream();
    const { plane, set } = await openLowPlane({ upstreams: [upstream] });
    const idle = await rig.openClient(plane);
    await idle.send(get);
    expect((await idle.readResponse()).status).toBe(200);
    set(0.96);
    expect((await idle.readUntilEnd()).state).toBe("ended");
    expect(await howRefused(plane)).toBe("reset");
    expect(refusedConnections(plane)).toEqual(["overload 1"]);
  });

  test("at 95 % a request on which nothing has moved for 5 seconds is ended: its client may be gone long since", async () => {
    const upstream = await rig.openUpstream({ answer: () => undefined });
    const { plane, set } = await openLowPlane({ upstreams: [upstream] });
    const stalled = await rig.openClient(plane);
    await stalled.send(get);
    await upstream.request();
    for (let i = 0; i < 6; i++) set(0.94);
    expect(stalled.received.length).toBe(0);
    set(0.96);
    expect((await stalled.readUntilEnd()).bytes.toString()).toMatch(/^HTTP\/1\.1 504 /);
  });

  test.for([
    { heap: 1.1, afterMs: 1_000 },
    { heap: 1.6, afterMs: 250 },
  ])("where $heap of its memory is in use, after $afterMs ms", async ({ heap, afterMs }) => {
    const upstream = await rig.openUpstream({ answer: () => undefined });
    const { plane, use, clock } = await openLowPlane({ upstreams: [upstream] });
    const stalled = await rig.openClient(plane);
    await stalled.send(get);
    await upstream.request();
    use.heap = heap;
    clock.advance(afterMs - 100);
    expect(samplesOf(plane, "istio_requests_total")).toEqual([]);
    clock.advance(200);
    expect((await stalled.readUntilEnd()).bytes.toString()).toMatch(/^HTTP\/1\.1 504 /);
  });

  test("at 90 % no copy of a body is kept for another try", async () => {
    const upstream = await rig.openUpstream({
      answer: (_, connection) => {
        connection.reset();
        return undefined;
      },
    });
    const rules = [
      { backends: [{ service: "shop/web", port: 80, weight: 1 }], retry: { attempts: 3, codes: [] } },
    ];
    const { plane, set } = await openLowPlane({ upstreams: [upstream], rules });
    const client = await rig.openClient(plane);
    await client.send("PUT / HTTP/1.1\r\nHost: web\r\nContent-Length: 10\r\n\r\n12345");
    const connection = await upstream.connection();
    await until(() => connection.bytes.includes("12345"), "half of it is there");
    set(0.92);
    await client.send("67890");
    expect((await client.readResponse("PUT")).status).toBe(503);
    expect(upstream.requests.length).toBe(1);
  });

  test("a gRPC call is UNAVAILABLE, and its HTTP/2 connection goes with GOAWAY", async () => {
    const endpoint = await peers.endpoint(echo);
    const { plane, set } = await openLowPlane({ protocol: "grpc", endpoints: [endpoint.key] });
    const session = peers.client(plane.port);
    expect((await askHttp2(session)).status).toBe(200);
    let goaways = 0;
    session.on("goaway", () => goaways++);
    // Sent before it hears of the GOAWAY.
    set(0.92);
    const answer = await askHttp2(session, {
      ":method": "POST",
      ":path": "/shop.Cart/Get",
      "content-type": "application/grpc",
    });
    expect([answer.status, answer.headers["grpc-status"]]).toEqual([200, "14"]);
    await until(() => goaways > 0, "GOAWAY");
  });
});

describe("[D10] places for connections", () => {
  test("one address has so many, another is served all the same, and a place is free once its connection has gone", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({
      upstreams: [upstream],
      settings: { limits: { connectionsPerSource: 2 } },
    });
    const first = await rig.openClient(plane);
    await rig.openClient(plane);
    await until(() => gaugeOf(plane, "waystone_downstream_connections") === 2, "two are open");
    expect(await howRefused(plane)).toBe("reset");
    const other = await rig.openClient(plane, { localAddress: "127.0.0.9" });
    await other.send(get);
    expect((await other.readResponse()).status).toBe(200);
    expect(refusedConnections(plane)).toEqual(["source 1"]);
    first.reset();
    await until(() => gaugeOf(plane, "waystone_downstream_connections") === 2, "a place is free");
    const next = await rig.openClient(plane);
    await next.send(get);
    expect((await next.readResponse()).status).toBe(200);
  });

  test("no more than half as many as there are descriptors, as each may need another towards its endpoint", async () => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream], descriptors: 4 });
    await rig.openClient(plane);
    const served = await rig.openClient(plane);
    await until(() => gaugeOf(plane, "waystone_downstream_connections") === 2, "two are open");
    expect(await howRefused(plane)).toBe("reset");
    expect(refusedConnections(plane)).toEqual(["descriptors 1"]);
    await served.send(get);
    expect((await served.readResponse()).status).toBe(200);
  });
});

describe("[D08] heads that are not whole, over all connections", () => {
  test("beyond their sum the next that grows gets 503, whole requests pass, and the memory is given back", async () => {
    const upstream = await rig.openUpstream();
    const limits = { unfinishedHeadBytes: mib, headerBytes: 64 * 1024 };
    const plane = await rig.openPlane({ upstreams: [upstream], settings: { limits } });
    const half = `GET / HTTP/1.1\r\nHost: web\r\nX: ${"x".repeat(60_000)}`;
    const slow = await Promise.all(Array.from({ length: 30 }, () => rig.openClient(plane)));
    for (const client of slow) await client.send(half);
    await until(
      () => plane.log().length > 0 || slow.some(({ peerState }) => peerState !== "open"),
      "some are refused",
    );
    const refused = slow.filter(({ received }) => received.length > 0);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.received.toString()).toMatch(/^HTTP\/1\.1 503 [^]*Retry-After: 1/);
    const good = await rig.openClient(plane);
    await good.send(get);
    expect((await good.readResponse()).status).toBe(200);
    for (const client of slow) client.reset();
    await until(() => gaugeOf(plane, "waystone_downstream_connections") === 1, "the slow ones have gone");
    const late = await rig.openClient(plane);
    await late.send(half);
    await late.send("\r\n\r\n");
    expect((await late.readResponse()).status).toBe(200);
  });
});
