/**
 * Clients that hold a place and give nothing for it: bodies that hardly come (reference D08, D09), and clients that have closed
 * their half and may be gone (RFC 9112 9.6).
 */
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { RawClient } from "@waystone/testkit/raw-http-client";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import type { UpstreamConnection } from "@waystone/testkit/upstream-connection";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { endpointsOf, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

interface Bed {
  readonly clock: ManualClock;
  readonly upstream: RecordingUpstream;
  readonly plane: RigPlane;
  readonly client: RawClient;
}

async function openBed(answer: () => string | undefined, timeouts: object = {}): Promise<Bed> {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer });
  const plane = await rig.openPlane({ clock, upstreams: [upstream], settings: { timeouts } });
  return { clock, upstream, plane, client: await rig.openClient(plane) };
}

/** One piece, and time, over and over; each piece has reached the endpoint before the time passes. */
async function dribble(
  { clock, client }: Bed,
  server: UpstreamConnection,
  { piece, everyMs, times }: { readonly piece: string; readonly everyMs: number; readonly times: number },
): Promise<void> {
  for (let i = 0; i < times; i++) {
    const before = server.bytes.length;
    await client.send(piece);
    await until(() => server.bytes.length >= before + piece.length, "the piece has come");
    clock.advance(everyMs);
  }
}

describe("[D08] a request's body", () => {
  const declared = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nx";

  test("of declared length that comes a byte at a time is answered with 408 after a minute", async () => {
    const bed = await openBed(() => undefined);
    await bed.client.send(declared);
    const server = await bed.upstream.connection();
    await until(() => server.bytes.toString("latin1").endsWith("\r\n\r\nx"), "it has begun");
    await dribble(bed, server, { piece: "y", everyMs: 5000, times: 11 });
    expect(bed.client.received.length).toBe(0);
    bed.clock.advance(5100);
    expect((await bed.client.readResponse()).status).toBe(408);
    expect(await server.untilEnd()).not.toBe("open");
    expect(await bed.plane.lines(1)).toMatchObject([
      { response_code: 408, response_flags: "DPE", response_code_details: "body-timeout" },
    ]);
  });

  test("of declared length may take as long as it likes at 16 KiB in a minute", async () => {
    const bed = await openBed(() => ok);
    await bed.client.send(declared);
    const server = await bed.upstream.connection();
    await until(() => server.bytes.length > 50, "it has begun");
    await dribble(bed, server, { piece: "y".repeat(8192), everyMs: 29_000, times: 40 });
    expect(bed.client.received.length).toBe(0);
    await bed.client.send("y".repeat(1_000_000 - 1 - 40 * 8192));
    expect((await bed.client.readResponse()).status).toBe(200);
  });

  test("without a length may be a stream of messages: any byte in five minutes will do", async () => {
    const bed = await openBed(() => ok);
    await bed.client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    const server = await bed.upstream.connection();
    await until(() => server.bytes.toString("latin1").includes("\r\n1\r\nx\r\n"), "it has begun");
    await dribble(bed, server, { piece: "1\r\ny\r\n", everyMs: 290_000, times: 5 });
    await bed.client.send("0\r\n\r\n");
    expect((await bed.client.readResponse()).status).toBe(200);
  });

  test("without a length is bounded as a whole by the request's time-out, where there is one", async () => {
    const bed = await openBed(() => undefined, { requestMs: 60_000 });
    await bed.client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
    const server = await bed.upstream.connection();
    await until(() => server.bytes.toString("latin1").includes("\r\n1\r\nx\r\n"), "it has begun");
    await dribble(bed, server, { piece: "1\r\ny\r\n", everyMs: 29_000, times: 2 });
    expect(bed.client.received.length).toBe(0);
    bed.clock.advance(2100);
    expect((await bed.client.readResponse()).status).toBe(504);
    expect(await server.untilEnd()).not.toBe("open");
  });

  test("that waits for 100 Continue is not late before it was asked for", async () => {
    const bed = await openBed(() => ok);
    await bed.client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    await until(() => bed.upstream.connections.length === 1, "it has begun");
    bed.clock.advance(200_000);
    await bed.client.send("hi");
    expect((await bed.client.readResponse()).status).toBe(200);
  });

  test("is in time as it comes where timeouts.bodyMs is 0", async () => {
    const bed = await openBed(() => ok, { bodyMs: 0 });
    await bed.client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nx");
    const server = await bed.upstream.connection();
    await until(() => server.bytes.toString("latin1").endsWith("\r\n\r\nx"), "it has begun");
    await dribble(bed, server, { piece: "y", everyMs: 200_000, times: 2 });
    await bed.client.send("z");
    expect((await bed.client.readResponse()).status).toBe(200);
  });
});

describe("[RFC 9112 9.6] a client that closes its half while its answer is waited for", () => {
  const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  async function halfClose(bed: Bed): Promise<UpstreamConnection> {
    await bed.client.send(get);
    bed.client.halfClose();
    await bed.upstream.request();
    return await bed.upstream.connection();
  }

  test("has two seconds for it; then its endpoint's request is given up, as where it is gone", async () => {
    const bed = await openBed(() => undefined);
    const server = await halfClose(bed);
    await until(() => bed.client.peerState === "open", "nothing is answered");
    await pass(bed, 1900);
    expect(endpointsOf(bed.plane)).toMatchObject([{ active: 1 }]);
    await until(() => {
      bed.clock.advance(100);
      return endpointsOf(bed.plane)[0]?.active === 0;
    }, "it is given up");
    expect(await server.untilEnd()).not.toBe("open");
    expect(await bed.plane.lines(1)).toMatchObject([{ response_code: 499, response_flags: "DC" }]);
  });

  test("gets an answer that goes on moving to its end", async () => {
    const bed = await openBed(() => undefined);
    const server = await halfClose(bed);
    server.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    for (let i = 1; i <= 10; i++) {
      server.write("x");
      await until(() => bed.client.received.toString("latin1").endsWith("x".repeat(i)), "a byte has come");
      bed.clock.advance(1500);
    }
    expect((await bed.client.readResponse()).status).toBe(200);
  });

  test("waits as any other where timeouts.halfClosedMs is 0", async () => {
    const bed = await openBed(() => undefined, { halfClosedMs: 0 });
    const server = await halfClose(bed);
    await pass(bed, 200_000);
    server.write(ok);
    expect((await bed.client.readResponse()).status).toBe(200);
  });

  async function pass({ clock }: Bed, ms: number): Promise<void> {
    // The end of its half is read before time goes on.
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  }
});
