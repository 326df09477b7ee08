/** WebSocket through every pair of HTTP versions (RFC 6455, RFC 8441; reference U06): large frames, halves, idle tunnels, refusals. */
import { createHash, randomBytes } from "node:crypto";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until, within } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { endpointsOf, type RigPlaneOptions, useExchangeRig } from "../testing/exchange-rig.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { useTunnelPeers, type Version } from "../testing/tunnel-peers.ts";

const rig = useExchangeRig();
const http2 = useHttp2Peers();
const tunnels = useTunnelPeers();

const versions: readonly Version[] = ["HTTP/1.1", "HTTP/2"];
const pairs = versions.flatMap((client) => versions.map((endpoint) => ({ client, endpoint })));

async function openTunnel(pair: (typeof pairs)[number], options: RigPlaneOptions = {}) {
  const endpoint = await tunnels.endpoint(pair.endpoint);
  const protocol = pair.endpoint === "HTTP/2" ? ("http2" as const) : ("http" as const);
  const plane = await rig.openPlane({ ...options, protocol, endpoints: [endpoint.key] });
  const opened = await tunnels.open(pair.client, plane.port);
  return { ...opened, plane, server: await endpoint.next() };
}

/** A binary frame (RFC 6455 5.2), unmasked: nobody between the ends may look. */
function frame(bytes: number): Buffer {
  const whole = randomBytes(10 + bytes);
  whole[0] = 0x82;
  whole[1] = 127;
  whole.writeBigUInt64BE(BigInt(bytes), 2);
  return whole;
}

function digestOf(...pieces: readonly Buffer[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

/** The digest of all that comes until the end, and how much that is. */
function receiveAll(side: Duplex): Promise<{ digest: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  side.on("data", (piece: Buffer) => {
    hash.update(piece);
    bytes += piece.length;
  });
  return within(
    new Promise((resolve) => side.once("end", () => resolve({ digest: hash.digest("hex"), bytes }))),
    "the end of one half",
  );
}

async function untilOver(side: Duplex): Promise<void> {
  if (side.closed) return;
  side.resume();
  const over = new Promise((resolve) => {
    side.once("end", resolve);
    side.once("close", resolve);
  });
  await within(over, "the end of a side");
}

describe.for(pairs)("[U06] $client to $endpoint", (pair) => {
  test("the answer opens the tunnel, and the key's proof is for HTTP/1.1 alone", async () => {
    const { status, headers } = await openTunnel(pair);
    expect([status, headers.get("sec-websocket-protocol"), headers.get("sec-websocket-accept")]).toEqual(
      pair.client === "HTTP/2" ? [200, "chat", undefined] : [101, "chat", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
    );
  });

  test("what the client says before the answer reaches the endpoint without another word", async () => {
    const endpoint = await tunnels.endpoint(pair.endpoint);
    const protocol = pair.endpoint === "HTTP/2" ? ("http2" as const) : ("http" as const);
    const plane = await rig.openPlane({ protocol, endpoints: [endpoint.key] });
    await tunnels.open(pair.client, plane.port, Buffer.from("early"));
    const server = await endpoint.next();
    const heard = new Promise((resolve) => server.once("data", (piece: Buffer) => resolve(piece.toString())));
    expect(await within(heard, "the first words")).toBe("early");
  });

  test("frames of 64 KB to 16 MB pass both ways at once, byte for byte", async () => {
    const { client, server, plane } = await openTunnel(pair);
    const frames = [frame(64 * 1024), frame(1024 * 1024), frame(16 * 1024 * 1024)];
    const sent = { digest: digestOf(...frames), bytes: frames.reduce((sum, { length }) => sum + length, 0) };
    const received = [receiveAll(client), receiveAll(server)];
    for (const side of [client, server]) {
      for (const each of frames) side.write(each);
      side.end();
    }
    expect(await Promise.all(received)).toEqual([sent, sent]);
    expect(await plane.lines(1)).toMatchObject([
      { response_code: 101, response_flags: "-", bytes_received: sent.bytes, bytes_sent: sent.bytes },
    ]);
  });

  test.for(["client", "server"] as const)(
    "after the %s has ended its half, the other goes on",
    async (first) => {
      const { client, server, plane } = await openTunnel(pair);
      const [one, other] = first === "client" ? [client, server] : [server, client];
      const received = receiveAll(other);
      // Before its own end: Node resets a stream that has ended and that nobody reads.
      const back = receiveAll(one);
      one.end("last words");
      expect((await received).bytes).toBe(10);
      const tail = randomBytes(300_000);
      other.end(tail);
      expect(await back).toEqual({ digest: digestOf(tail), bytes: tail.length });
      expect(await plane.lines(1)).toMatchObject([{ response_code: 101, response_flags: "-" }]);
      await until(() => endpointsOf(plane).every(({ active }) => active === 0), "it is over");
    },
  );

  test("a ping of either side keeps a tunnel that is idle else", async () => {
    const clock = new ManualClock();
    const settings = { timeouts: { tunnelIdleMs: 1000 } };
    const { client, server, plane } = await openTunnel(pair, { clock, settings });
    const ping = Buffer.from([0x89, 0x00]);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      clock.advance(900);
      const arrived = new Promise((resolve) => to.once("data", resolve));
      from.write(ping);
      expect(await within(arrived, "the ping")).toEqual(ping);
    }
    clock.advance(900);
    expect(plane.log()).toEqual([]);
    clock.advance(150);
    await Promise.all([client, server].map(untilOver));
    clock.advance(100);
    expect(await plane.lines(1)).toMatchObject([{ response_code: 101, response_flags: "SI" }]);
  });

  test("a side that goes without a word takes the other with it", async () => {
    for (const who of ["client", "server"] as const) {
      const { client, server } = await openTunnel(pair);
      const [gone, left] = who === "client" ? [client, server] : [server, client];
      // With HTTP/1.1 its FIN would say that one half has ended.
      if (gone instanceof Socket) gone.resetAndDestroy();
      else gone.destroy(new Error("the test's"));
      await untilOver(left);
    }
  });
});

describe.for(versions)("[U06] %s to an endpoint that speaks HTTP/2", (version) => {
  test("what it refuses is answered as it says", async () => {
    const endpoint = await http2.endpoint(
      (stream) => {
        stream.respond({ ":status": 403, "content-length": 2 });
        stream.end("no");
      },
      { settings: { enableConnectProtocol: true } },
    );
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const { client, status } = await tunnels.open(version, plane.port);
    const body = new Promise((resolve) => client.once("data", (piece: Buffer) => resolve(piece.toString())));
    expect([status, await within(body, "the body")]).toEqual([403, "no"]);
    await until(() => endpointsOf(plane).every(({ active }) => active === 0), "it is over");
  });

  test("without ENABLE_CONNECT_PROTOCOL no CONNECT is sent to it: the request goes without its Upgrade (RFC 8441 3)", async () => {
    const endpoint = await http2.endpoint((stream) =>
      stream.respond({ ":status": 426 }, { endStream: true }),
    );
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    const { status } = await tunnels.open(version, plane.port);
    const [head] = endpoint.heads;
    expect([status, head?.[":method"], head?.[":protocol"]]).toEqual([426, "GET", undefined]);
  });

  test("its CONNECT has what the client asked for, but for the key (RFC 8441 5)", async () => {
    const endpoint = await http2.endpoint((stream) => stream.respond({ ":status": 200 }), {
      settings: { enableConnectProtocol: true },
    });
    const plane = await rig.openPlane({ protocol: "http2", endpoints: [endpoint.key] });
    await tunnels.open(version, plane.port);
    expect(endpoint.heads[0]).toMatchObject({
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":scheme": "http",
      ":path": "/chat",
      "sec-websocket-version": "13",
      "sec-websocket-protocol": "chat",
    });
    expect(Object.keys(endpoint.heads[0]!)).not.toContain("sec-websocket-key");
    expect(Object.keys(endpoint.heads[0]!)).not.toContain("upgrade");
  });
});
