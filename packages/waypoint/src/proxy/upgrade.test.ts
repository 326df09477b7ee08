/** Upgrade: which are passed on (WebSocket alone), and the tunnel that follows (reference U04, U06). */
import { createHash, randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { RawClient } from "@waystone/testkit/raw-http-client";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import type { UpstreamConnection } from "@waystone/testkit/upstream-connection";
import { until } from "@waystone/testkit/within";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { expect, test } from "vitest";
import { endpointsOf, type RigPlane, type RigPlaneOptions, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const offer =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
const upgradeRequest = `GET /chat HTTP/1.1\r\nHost: h\r\n${offer}\r\n`;
const switching =
  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
const switchingForwarded =
  "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" +
  "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n";

interface Tunnel {
  readonly upstream: RecordingUpstream;
  readonly plane: RigPlane;
  readonly client: RawClient;
  readonly server: UpstreamConnection;
  /** Bytes before the tunnel, each way. */
  readonly sentBefore: number;
}

async function openTunnel(options: RigPlaneOptions = {}): Promise<Tunnel> {
  const upstream = await rig.openUpstream({ answer: () => switching });
  const plane = await rig.openPlane({ ...options, upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(upgradeRequest);
  expect((await client.readBytes(switchingForwarded.length)).toString("latin1")).toBe(switchingForwarded);
  const server = await upstream.connection();
  return { upstream, plane, client, server, sentBefore: server.bytes.length };
}

const notUpgraded = [
  [
    "h2c",
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n",
  ],
  ["an unknown protocol", "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: irc/6.9\r\n\r\n"],
  [
    "a list of protocols",
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c, websocket\r\n\r\n",
  ],
  ["a POST", `POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n${offer}\r\n`.replace("POST", "POST")],
  ["a GET with a body", `GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n${offer}\r\nx`],
  ["HTTP/1.0", `GET / HTTP/1.0\r\nHost: h\r\n${offer}\r\n`],
  [
    "no Connection: Upgrade",
    "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
  ],
] as const;

test.for(notUpgraded)(
  "[U04] an upgrade to %s is not passed on: the request goes without it",
  async ([, request]) => {
    const upstream = await rig.openUpstream();
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const client = await rig.openClient(plane);
    await client.send(request);
    expect((await client.readResponse()).status).toBe(200);
    const { raw } = await upstream.request();
    expect(raw.toString("latin1").toLowerCase()).not.toMatch(/\r\n(upgrade|connection|http2-settings):/);
  },
);

test("[U04] an answer of 426 to an upgrade is passed on, and the connection serves the next request", async () => {
  const refusal = "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\nContent-Length: 0\r\n\r\n";
  const upstream = await rig.openUpstream({
    answer: ({ target }) => (target === "/chat" ? refusal : undefined),
  });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(upgradeRequest.replace("Version: 13", "Version: 99"));
  expect((await client.readResponse()).raw.toString("latin1")).toBe(refusal);
  await client.send(upgradeRequest);
  expect((await client.readResponse()).status).toBe(426);
});

test.for([
  ["nobody asked to switch", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", switching],
  ["another protocol was asked for", upgradeRequest, switching.replace("Upgrade: websocket", "Upgrade: h2c")],
  ["it names no protocol", upgradeRequest, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n"],
] as const)("[U04] a 101 is a 502 where %s", async ([, request, answer]) => {
  const upstream = await rig.openUpstream({ answer: () => answer });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(request);
  expect((await client.readResponse()).status).toBe(502);
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
});

test("[U06] WebSocket frames pass both ways, byte for byte, and the tunnel is one log line", async () => {
  const { client, server, plane, sentBefore } = await openTunnel();
  const frames = Buffer.concat([Buffer.from([0x81, 0x85]), randomBytes(9), Buffer.from([0x89, 0x00])]);
  await client.send(frames, "byte-by-byte");
  expect((await server.untilBytes(sentBefore + frames.length)).subarray(sentBefore)).toEqual(frames);
  server.write(frames);
  const got = await client.readBytes(switchingForwarded.length + frames.length);
  expect(got.subarray(switchingForwarded.length)).toEqual(frames);
  server.halfClose();
  expect((await client.readUntilEnd()).state).toBe("ended");
  client.halfClose();
  expect(await server.untilEnd()).toBe("ended");
  expect(await plane.lines(1)).toMatchObject([
    { response_code: 101, response_flags: "-", bytes_received: frames.length, bytes_sent: frames.length },
  ]);
});

test("[U06] what a client sends before the 101 goes through the tunnel", async () => {
  const answers = Promise.withResolvers<string>();
  const upstream = await rig.openUpstream({ answer: () => answers.promise });
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  const early = randomBytes(200_000);
  await client.send(upgradeRequest);
  const before = (await upstream.request()).raw.length;
  await client.send(early);
  answers.resolve(switching);
  const server = await upstream.connection();
  expect((await server.untilBytes(before + early.length)).subarray(before)).toEqual(early);
});

test.for(["client", "server"] as const)(
  "[U06] after the %s has ended its half, the other half goes on",
  async (first) => {
    const { client, server, plane, sentBefore } = await openTunnel();
    const tail = randomBytes(300_000);
    if (first === "client") {
      await client.send("bye");
      client.halfClose();
      expect(await server.untilEnd()).toBe("ended");
      expect(server.bytes.subarray(sentBefore).toString()).toBe("bye");
      server.halfClose(tail);
      expect((await client.readUntilEnd()).bytes.subarray(switchingForwarded.length)).toEqual(tail);
    } else {
      server.halfClose("bye");
      expect((await client.readUntilEnd()).bytes.subarray(switchingForwarded.length).toString()).toBe("bye");
      await client.send(tail);
      client.halfClose();
      expect(await server.untilEnd()).toBe("ended");
      expect(server.bytes.subarray(sentBefore)).toEqual(tail);
    }
    expect(await plane.lines(1)).toMatchObject([{ response_code: 101, response_flags: "-" }]);
  },
);

test("[U06] the last bytes to a slow server arrive although both halves have ended", async () => {
  const { client, server } = await openTunnel();
  server.pause();
  server.halfClose();
  expect((await client.readUntilEnd()).state).toBe("ended");
  const digest = sendUntilHeld(client.socket);
  client.halfClose();
  const received = hashOf(server.socket);
  server.resume();
  expect(await server.untilEnd()).toBe("ended");
  expect(received()).toBe(digest);
});

test("[U06] a reset of either side resets the other", async () => {
  const one = await openTunnel();
  one.client.reset();
  expect(await one.server.untilEnd()).toBe("reset");
  const two = await openTunnel();
  two.server.reset();
  expect((await two.client.readUntilEnd()).state).toBe("reset");
  expect(await two.plane.lines(1)).toMatchObject([{ response_code: 101, response_flags: "UC" }]);
});

test.for(["to the client", "to the server"] as const)(
  "[U06] a tunnel holds back a sender whose bytes %s are not read, and loses none",
  async (direction) => {
    const { client, server } = await openTunnel();
    const [sender, reader] = direction === "to the client" ? [server, client] : [client, server];
    reader.socket.pause();
    const digest = sendUntilHeld(sender.socket);
    expect(await settled(() => sender.socket.writableLength)).toBeGreaterThan(0);
    sender.halfClose();
    const received = hashOf(reader.socket);
    reader.socket.resume();
    await until(() => reader.peerState === "ended", "all has arrived");
    expect(received()).toBe(digest);
  },
);

test("[U06] an idle tunnel ends after its time, and bytes of either side alone keep it", async () => {
  const clock = new ManualClock();
  const { client, server, plane, sentBefore } = await openTunnel({
    clock,
    settings: { timeouts: { tunnelIdleMs: 1000 } },
  });
  clock.advance(900);
  await client.send("c");
  await server.untilBytes(sentBefore + 1);
  clock.advance(900);
  server.write("s");
  await client.readBytes(switchingForwarded.length + 1);
  clock.advance(900);
  expect(client.peerState).toBe("open");
  clock.advance(150);
  await client.readUntilEnd();
  expect(await server.untilEnd()).not.toBe("open");
  clock.advance(100);
  expect(plane.log()).toMatchObject([{ response_code: 101, response_flags: "SI", reason: "Timeout" }]);
});

test("the time-outs of a request end with its 101: a tunnel outlives them", async () => {
  const clock = new ManualClock();
  const backends = [{ service: "shop/web", port: 80, weight: 1 }];
  const { client, server, sentBefore } = await openTunnel({
    clock,
    settings: { timeouts: { requestMs: 500, streamIdleMs: 500 } },
    rules: [{ backends, timeouts: { requestMs: 400, backendRequestMs: 300 } }],
  });
  clock.advance(60_000);
  await client.send("still here");
  await server.untilBytes(sentBefore + 10);
});

test("an upgraded request is under way until its tunnel ends", async () => {
  const { plane, client, server } = await openTunnel();
  expect(endpointsOf(plane).map(({ active }) => active)).toEqual([1]);
  client.halfClose();
  server.halfClose();
  await until(() => endpointsOf(plane)[0]?.active === 0, "the tunnel has ended");
});

/** More than the kernel holds on the way; gives back its digest. */
function sendUntilHeld(socket: Socket): string {
  const hash = createHash("sha256");
  for (let sent = 0; sent < 24; sent++) {
    const piece = randomBytes(1024 * 1024);
    // So that the recording upstream looks for no request in it.
    piece.write("no request\r\n\r\n");
    hash.update(piece);
    socket.write(piece);
  }
  return hash.digest("hex");
}

/** The digest of what arrives from now on. */
function hashOf(socket: Socket): () => string {
  const hash = createHash("sha256");
  socket.on("data", (chunk: Buffer) => hash.update(chunk));
  return () => hash.digest("hex");
}

/** The value once it has been the same for some turns of the event loop. */
async function settled(read: () => number): Promise<number> {
  let same = 0;
  let last = read();
  await until(() => {
    const value = read();
    same = value === last ? same + 1 : 0;
    last = value;
    return same === 10;
  }, "nothing moves any more");
  return last;
}

test("tunnels do not count among the connections to their endpoint: requests go on beside any number of them", async () => {
  const upstream = await rig.openUpstream({
    answer: ({ target }) => (target === "/chat" ? switching : undefined),
  });
  const settings = { pool: { connectionsPerEndpoint: 1 } };
  const plane = await rig.openPlane({ upstreams: [upstream], settings });
  for (let i = 0; i < 3; i++) {
    const tunnel = await rig.openClient(plane);
    await tunnel.send(upgradeRequest);
    await tunnel.readBytes(switchingForwarded.length);
  }
  // The one place is free, and taken by one request at a time.
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  await until(() => upstream.connections.length === 4, "a fourth connection");
  const waiting = await rig.openClient(plane);
  await waiting.send(upgradeRequest);
  upstream.connections[3]!.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  expect((await client.readResponse()).status).toBe(200);
  await waiting.readBytes(switchingForwarded.length);
});
