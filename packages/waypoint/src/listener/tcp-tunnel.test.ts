/** TCP passed on to an endpoint: either side first, half-close, reset, idleness, endpoints that are not there (U07). */
import { freePort } from "@waystone/testkit/free-port";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { openFullListener } from "@waystone/testkit/full-listener";
import { expect, onTestFinished, test } from "vitest";
import { endpointsOf, samplesOf, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, workloadResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

async function openPair(settings: object = {}, clock?: ManualClock) {
  const upstream = await rig.openUpstream({ readsHttp: false });
  const plane = await rig.openPlane({
    upstreams: [upstream],
    protocol: "tcp",
    settings: { timeouts: settings },
    ...(clock === undefined ? {} : { clock }),
  });
  const client = await rig.openClient(plane);
  return { plane, client, server: await upstream.connection() };
}

function counted(plane: RigPlane, name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { labels, value } of samplesOf(plane, name)) {
    const flag = labels["response_flags"] ?? "";
    counts[flag] = (counts[flag] ?? 0) + (value ?? 0);
  }
  return counts;
}

test("[U07] a server that speaks first is heard by a client that has said nothing", async () => {
  const upstream = await rig.openUpstream({
    readsHttp: false,
    onConnection: (one) => one.write("220 ready\r\n"),
  });
  const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp" });
  const client = await rig.openClient(plane);
  expect((await client.readBytes(11)).toString()).toBe("220 ready\r\n");
});

test("[U07] what a client says first reaches the server, bytes of any kind and number", async () => {
  const { client, server } = await openPair();
  const bytes = Buffer.concat([
    Buffer.from("\0\r\n\r\n\xff", "latin1"),
    Buffer.alloc(300_000, 7),
    Buffer.from("end"),
  ]);
  await client.send(bytes);
  expect(await server.untilBytes(bytes.length)).toEqual(bytes);
});

test("[U07] a client that ends its half goes on hearing the server", async () => {
  const { client, server, plane } = await openPair();
  await client.send("question");
  client.halfClose();
  expect(await server.untilEnd()).toBe("ended");
  expect(server.bytes.toString()).toBe("question");
  server.write("ans");
  await client.readBytes(3);
  server.halfClose("wer");
  expect(await client.readUntilEnd()).toEqual({ bytes: Buffer.from("answer"), state: "ended" });
  expect(await plane.lines(1)).toMatchObject([
    {
      protocol: "TCP",
      response_flags: "-",
      bytes_received: 8,
      bytes_sent: 6,
      attempts: 1,
      reason: "Upstream",
    },
  ]);
});

test("[U07] a server that ends its half goes on hearing the client", async () => {
  const { client, server, plane } = await openPair();
  server.halfClose("bye");
  expect(await client.readUntilEnd()).toEqual({ bytes: Buffer.from("bye"), state: "ended" });
  await client.send(Buffer.alloc(200_000, 1));
  client.halfClose();
  expect(await server.untilEnd()).toBe("ended");
  expect(server.bytes.length).toBe(200_000);
  expect(await plane.lines(1)).toMatchObject([
    { response_flags: "-", bytes_received: 200_000, bytes_sent: 3 },
  ]);
});

test("[U07] a client that has ended before its endpoint is connected is heard whole", async () => {
  const upstream = await rig.openUpstream({ readsHttp: false });
  const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp" });
  const client = await rig.openClient(plane);
  void client.send("all of it");
  client.halfClose();
  const server = await upstream.connection();
  expect(await server.untilEnd()).toBe("ended");
  expect(server.bytes.toString()).toBe("all of it");
});

test("[U07] a reset by the client resets the server's side", async () => {
  const { client, server, plane } = await openPair();
  await client.send("x");
  await server.untilBytes(1);
  client.reset();
  expect(await server.untilEnd()).toBe("reset");
  expect(await plane.lines(1)).toMatchObject([
    { response_flags: "DC", response_code_details: "downstream-closed" },
  ]);
});

test("[U07] a reset by the server resets the client's side", async () => {
  const { client, server, plane } = await openPair();
  server.reset();
  expect((await client.readUntilEnd()).state).toBe("reset");
  expect(await plane.lines(1)).toMatchObject([
    {
      response_flags: "UR",
      response_code_details: "upstream-reset",
      upstream_transport_failure_reason: "ECONNRESET",
    },
  ]);
});

test.for(["client", "server"] as const)(
  "[U07] a reset by the %s right behind its end leaves nothing behind",
  async (side) => {
    const upstream = await rig.openUpstream({ readsHttp: false });
    const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp" });
    for (let i = 0; i < 20; i++) {
      const client = await rig.openClient(plane);
      const server = await upstream.connection(i);
      const [one, other] = side === "client" ? [client, server] : [server, client];
      one.socket.end("bye", () => one.reset());
      await until(() => other.peerState !== "open", "the other side hears of it");
      if (i % 2 === 0) other.halfClose();
      else other.reset();
    }
    await plane.lines(20);
    await until(() => endpointsOf(plane)[0]?.active === 0, "all are over");
  },
);

test("[U07] a connection on which nothing moves ends after its time; bytes of either side keep it", async () => {
  const clock = new ManualClock();
  const { client, server, plane } = await openPair({ tunnelIdleMs: 1000, connectMs: 500 }, clock);
  await client.send("a");
  await server.untilBytes(1);
  clock.advance(900);
  server.write("b");
  await client.readBytes(1);
  clock.advance(980);
  expect(client.peerState).toBe("open");
  clock.advance(70);
  await client.readUntilEnd();
  expect(await server.untilEnd()).not.toBe("open");
  clock.advance(60);
  expect(plane.log()).toMatchObject([{ response_flags: "SI", reason: "Timeout" }]);
});

test("[U07] idle time-out 0 is off", async () => {
  const clock = new ManualClock();
  const { client, server } = await openPair({ tunnelIdleMs: 0 }, clock);
  await client.send("a");
  await server.untilBytes(1);
  clock.advance(24 * 3_600_000);
  server.write("b");
  await client.readBytes(1);
});

test("[U07] idleness ends a connection whose peer takes none of what is queued for it", async () => {
  const clock = new ManualClock();
  const { client, server } = await openPair({ tunnelIdleMs: 1000 }, clock);
  client.socket.pause();
  for (let i = 0; i < 24; i++) server.write(Buffer.alloc(1024 * 1024));
  await until(() => server.socket.writableLength > 0, "the server is held back");
  // Nothing moves: the last bytes that did reset the time.
  let before = -1;
  await until(() => {
    const same = before === server.socket.writableLength;
    before = server.socket.writableLength;
    return same;
  }, "nothing moves");
  clock.advance(1100);
  expect(await server.untilEnd()).not.toBe("open");
});

test("[U07] a backend that refuses connections resets the client", async () => {
  const plane = await rig.openPlane({ endpoints: [`127.0.0.1:${await freePort()}`], protocol: "tcp" });
  const client = await rig.openClient(plane);
  expect((await client.readUntilEnd()).state).toBe("reset");
  expect(await plane.lines(1)).toMatchObject([
    { response_flags: "UF", upstream_transport_failure_reason: "ECONNREFUSED", attempts: 1 },
  ]);
  expect(counted(plane, "istio_tcp_connections_opened_total")).toEqual({ UF: 1 });
  expect(counted(plane, "istio_tcp_connections_closed_total")).toEqual({ UF: 1 });
});

test("a backend that refuses connections is stepped over", async () => {
  const [upstream] = await rig.openUpstreams({ readsHttp: false });
  const plane = await rig.openPlane({
    endpoints: [`127.0.0.1:${upstream!.port}`, `127.0.0.2:${upstream!.port}`],
    protocol: "tcp",
  });
  for (let i = 0; i < 10; i++) {
    const client = await rig.openClient(plane);
    await client.send("x");
    await (await upstream!.connection(i)).untilBytes(1);
  }
});

test("a Service without endpoints resets the client, and the waypoint lives on", async () => {
  const plane = await rig.openPlane({ endpoints: [], protocol: "tcp" });
  for (let i = 0; i < 3; i++) {
    // The reset may come before this client has noticed that it is connected.
    const state = rig.openClient(plane).then(
      async (client) => (await client.readUntilEnd()).state,
      (error: Error) => error.message,
    );
    expect(await state).toMatch(/reset/i);
  }
  expect(await plane.lines(3)).toMatchObject([1, 2, 3].map(() => ({ response_flags: "UH", attempts: 0 })));
});

test("a connection to the server that does not come about in time resets the client", async () => {
  const clock = new ManualClock();
  const full = await openFullListener();
  onTestFinished(() => full.close());
  const plane = await rig.openPlane({
    endpoints: [`127.0.0.1:${full.port}`],
    protocol: "tcp",
    clock,
    settings: { timeouts: { connectMs: 1000 } },
  });
  const client = await rig.openClient(plane);
  await until(() => endpointsOf(plane)[0]?.active === 1, "it is being connected");
  clock.advance(1050);
  expect((await client.readUntilEnd()).state).toBe("reset");
  clock.advance(60);
  expect(plane.log()).toMatchObject([{ response_flags: "UF", response_code_details: "connect-timeout" }]);
});

test("a connection is counted when it opens, and its bytes when it closes, under the client's name", async () => {
  const upstream = await rig.openUpstream({ readsHttp: false });
  const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp" });
  const client = await rig.openClient(plane, { localAddress: "127.4.0.1" });
  const server = await upstream.connection();
  expect(counted(plane, "istio_tcp_connections_opened_total")).toEqual({ "-": 1 });
  expect(counted(plane, "istio_tcp_connections_closed_total")).toEqual({ "-": 0 });
  plane.apply([workloadResource({ address: "127.4.0.1", workload: { namespace: "ns", workload: "w" } })]);
  await client.send("12345");
  client.halfClose();
  await server.untilEnd();
  server.halfClose("123");
  await client.readUntilEnd();
  await plane.lines(1);
  expect(counted(plane, "istio_tcp_received_bytes_total")).toEqual({ "-": 5 });
  expect(counted(plane, "istio_tcp_sent_bytes_total")).toEqual({ "-": 3 });
  const closed = samplesOf(plane, "istio_tcp_connections_closed_total");
  expect(closed.filter(({ value }) => value === 1)).toMatchObject([
    { labels: { source_workload: "w", request_protocol: "tcp", reporter: "waypoint" } },
  ]);
});

test("a connection is reset when the Service's port goes, or speaks HTTP now; a port that is given back leaves it", async () => {
  const web = (plane: RigPlane, options: object = {}) =>
    serviceResource("shop", "web", 80, { listen: plane.port, protocol: "tcp", ...options });
  const gone = await openPair();
  gone.plane.apply([], [web(gone.plane)]);
  expect((await gone.client.readUntilEnd()).state).toBe("reset");
  expect(await gone.server.untilEnd()).toBe("reset");
  const changed = await openPair();
  changed.plane.apply([web(changed.plane, { protocol: "http" })]);
  expect((await changed.client.readUntilEnd()).state).toBe("reset");
  expect(await changed.plane.lines(1)).toMatchObject([
    { response_flags: "NR", upstream_transport_failure_reason: "the Service's port is HTTP now" },
  ]);
  const given = await openPair();
  given.plane.apply([web(given.plane, { releasing: true })]);
  given.plane.apply([], [web(given.plane)]);
  await given.client.send("still");
  await given.server.untilBytes(5);
});
