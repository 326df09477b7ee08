/** Time-outs: each fires when it is set to, is answered with 504, gives its place back, and 0 is off (R10). */
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { openFullListener } from "@waystone/testkit/full-listener";
import { expect, onTestFinished, test } from "vitest";
import { endpointsOf, pooledConnections, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const toWeb = [{ service: "shop/web", port: 80, weight: 1 }];

/** An upstream that never answers. */
async function openSilent(options: { settings?: object; rules?: object[]; answer?: string } = {}) {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: () => options.answer });
  const plane = await rig.openPlane({
    clock,
    upstreams: [upstream],
    ...(options.rules === undefined ? {} : { rules: options.rules }),
    settings: { timeouts: options.settings ?? {} },
  });
  const client = await rig.openClient(plane);
  return { clock, upstream, plane, client };
}

/** Nothing is answered before `ms`, and it is within 50 ms after. */
async function expectTimeoutAt(
  ms: number,
  { clock, client, plane }: Pick<Awaited<ReturnType<typeof openSilent>>, "clock" | "client" | "plane">,
): Promise<void> {
  clock.advance(ms - 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(client.received.length).toBe(0);
  clock.advance(51);
  expect((await client.readResponse()).status).toBe(504);
  await until(() => endpointsOf(plane).every(({ active }) => active === 0), "the place is free");
  await until(() => pooledConnections(plane) === 0, "the connection is gone");
  clock.advance(50);
}

test("[R10] the route's request time-out, whatever the upstream does meanwhile", async () => {
  const silent = await openSilent({ rules: [{ backends: toWeb, timeouts: { requestMs: 2000 } }] });
  await silent.client.send(get);
  await silent.upstream.request();
  await expectTimeoutAt(2000, silent);
  expect(silent.plane.log()).toMatchObject([
    { response_flags: "UT", reason: "Timeout", duration: 2000, response_code_details: "upstream-timeout" },
  ]);
  // The client's connection goes on.
  expect(silent.client.peerState).toBe("open");
});

test("[R10] the setting's request time-out, where the route does not say", async () => {
  const silent = await openSilent({ settings: { requestMs: 3000 } });
  await silent.client.send(get);
  await silent.upstream.request();
  await expectTimeoutAt(3000, silent);
});

test("[R10] 0s on the route turns the setting's request time-out off", async () => {
  const silent = await openSilent({
    rules: [{ backends: toWeb, timeouts: { requestMs: 0 } }],
    settings: { requestMs: 3000 },
  });
  await silent.client.send(get);
  await silent.upstream.request();
  silent.clock.advance(10_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(silent.client.received.length).toBe(0);
});

test("[R10] the backend request's time-out", async () => {
  const silent = await openSilent({ rules: [{ backends: toWeb, timeouts: { backendRequestMs: 700 } }] });
  await silent.client.send(get);
  await silent.upstream.request();
  await expectTimeoutAt(700, silent);
  expect(silent.plane.log()).toMatchObject([{ response_flags: "UT", attempts: 1 }]);
});

test("[R10] the backend request's time-out with retries: each attempt has it, the last is answered", async () => {
  const { clock, client, upstream, plane } = await openSilent({
    rules: [
      {
        backends: toWeb,
        timeouts: { backendRequestMs: 500 },
        retry: { attempts: 2, backoffMs: 10, codes: [] },
      },
    ],
  });
  await client.send(get);
  for (let attempt = 0; attempt < 3; attempt++) {
    await upstream.request(attempt);
    clock.advance(500);
    clock.advance(100);
  }
  expect((await client.readResponse()).status).toBe(504);
  clock.advance(100);
  expect(plane.log()).toMatchObject([{ response_flags: "UT", attempts: 3 }]);
});

test("[R10] the request's time-out ends the retries too", async () => {
  const { clock, client, upstream, plane } = await openSilent({
    rules: [
      {
        backends: toWeb,
        timeouts: { requestMs: 1000, backendRequestMs: 400 },
        retry: { attempts: 9, backoffMs: 300, codes: [] },
      },
    ],
  });
  await client.send(get);
  await upstream.request(0);
  clock.advance(1000);
  expect((await client.readResponse()).status).toBe(504);
  clock.advance(5000);
  expect(plane.log().length).toBe(1);
  expect(upstream.connections.length).toBeLessThanOrEqual(2);
});

test("[R10] the stream's idle time-out: before the answer it is a 504, and the connection closes", async () => {
  const silent = await openSilent({ settings: { streamIdleMs: 1500 } });
  await silent.client.send(get);
  await silent.upstream.request();
  await expectTimeoutAt(1500, silent);
  await silent.client.readUntilEnd();
  expect(silent.plane.log()).toMatchObject([{ response_code: 504, response_flags: "SI", reason: "Timeout" }]);
});

test("[R10] the stream's idle time-out within an answer breaks it off", async () => {
  const begun = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf";
  const { clock, client, plane } = await openSilent({ settings: { streamIdleMs: 1500 }, answer: begun });
  await client.send(get);
  await client.readBytes(begun.length);
  clock.advance(1550);
  expect((await client.readUntilEnd()).bytes.toString()).toBe(begun);
  clock.advance(60);
  expect(plane.log()).toMatchObject([{ response_code: 200, response_flags: "SI" }]);
});

test("[R10] a stream on which something moves either way is never idle, however long it is", async () => {
  const { clock, client, upstream } = await openSilent({ settings: { streamIdleMs: 1000 } });
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  const server = await upstream.connection();
  const upload = "1\r\na\r\n";
  for (let i = 1; i <= 5; i++) {
    await client.send(upload);
    await until(() => server.bytes.toString().split(upload).length === i + 1, "a piece is upstream");
    clock.advance(900);
  }
  await client.send("0\r\n\r\n");
  await upstream.request();
  server.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  for (let i = 1; i <= 5; i++) {
    clock.advance(900);
    server.write("b");
    await until(() => client.received.toString().endsWith(`\r\n${"b".repeat(i)}`), "a piece is there");
  }
  expect((await client.readResponse("POST")).status).toBe(200);
});

test("[R10] the connect time-out: 504, and it is not waited for longer", async () => {
  const clock = new ManualClock();
  const full = await openFullListener();
  onTestFinished(() => full.close());
  const plane = await rig.openPlane({
    clock,
    endpoints: [`127.0.0.1:${full.port}`],
    settings: { timeouts: { connectMs: 800 } },
  });
  const client = await rig.openClient(plane);
  await client.send(get);
  await until(() => pooledConnections(plane) === 1, "it is being connected");
  await expectTimeoutAt(800, { clock, client, plane });
  expect(plane.log()).toMatchObject([
    { response_flags: "UF", response_code_details: "connect-timeout", reason: "Timeout" },
  ]);
});

test("[R10] 0 is off, for each of them", async () => {
  const off = { requestMs: 0, streamIdleMs: 0, connectMs: 0, idleMs: 0, headerMs: 0 };
  const { clock, client, upstream } = await openSilent({
    settings: off,
    rules: [{ backends: toWeb, timeouts: { requestMs: 0, backendRequestMs: 0 } }],
  });
  clock.advance(3_600_000);
  await client.send("GET / HT");
  clock.advance(3_600_000);
  await client.send("TP/1.1\r\nHost: h\r\n\r\n");
  await upstream.request();
  clock.advance(3_600_000);
  (await upstream.connection()).write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
  clock.advance(3_600_000);
  (await upstream.connection()).write("ok");
  expect((await client.readResponse()).status).toBe(200);
  clock.advance(3_600_000);
  expect(client.peerState).toBe("open");
});

test("[R10] with the real clock they fire within 50 ms of their time", async () => {
  const upstream = await rig.openUpstream({ answer: () => undefined });
  const rules = (timeouts: object): object[] => [{ backends: toWeb, timeouts }];
  /** After its time; before two turns after a timer of our own, which a machine without time for us makes late as well. */
  const fires = async (plane: RigPlane): Promise<{ readonly after: number; readonly latest: number }> => {
    const client = await rig.openClient(plane);
    const start = performance.now();
    await client.send(get);
    await upstream.connection(0);
    const control = new Promise((resolve) => setTimeout(resolve, 250))
      .then(async () => await new Promise((resolve) => setImmediate(resolve)))
      .then(async () => await new Promise((resolve) => setImmediate(resolve)))
      .then(() => performance.now());
    expect((await client.readResponse()).status).toBe(504);
    const at = performance.now();
    return { after: at - start, latest: at - (await control) };
  };
  const planes = [
    await rig.openPlane({ upstreams: [upstream], rules: rules({ requestMs: 200 }) }),
    await rig.openPlane({ upstreams: [upstream], rules: rules({ backendRequestMs: 200 }) }),
    await rig.openPlane({ upstreams: [upstream], settings: { timeouts: { streamIdleMs: 200 } } }),
  ];
  for (const plane of planes) {
    // A machine that gives this thread no time for a while is not our lateness: the best of some tries counts.
    const tries = [await fires(plane)];
    while (tries.length < 10 && tries.every(({ latest }) => latest >= 0)) tries.push(await fires(plane));
    for (const { after } of tries) expect(after).toBeGreaterThan(195);
    expect(Math.min(...tries.map(({ latest }) => latest))).toBeLessThan(0);
  }
});

test("a request that waits in line for a connection and times out leaves the line", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: () => undefined });
  const plane = await rig.openPlane({
    clock,
    upstreams: [upstream],
    rules: [{ backends: toWeb, timeouts: { requestMs: 1000 } }],
    settings: { pool: { connectionsPerEndpoint: 1 } },
  });
  const [first, second] = [await rig.openClient(plane), await rig.openClient(plane)];
  await first.send(get);
  await upstream.request();
  clock.advance(500);
  await second.send(get);
  await until(() => endpointsOf(plane)[0]?.active === 2, "the second is in line");
  clock.advance(500);
  expect((await first.readResponse()).status).toBe(504);
  // The first's connection is gone: the second gets one of its own.
  await upstream.request(1);
  clock.advance(500);
  expect((await second.readResponse()).status).toBe(504);
  clock.advance(60);
  expect(plane.log().length).toBe(2);
});

test("a request that is over leaves no timer behind", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream();
  const rules = [
    {
      backends: toWeb,
      timeouts: { requestMs: 60_000, backendRequestMs: 60_000 },
      retry: { attempts: 1, backoffMs: 1000, codes: [503] },
    },
  ];
  const plane = await rig.openPlane({ clock, upstreams: [upstream], rules, settings: { accessLog: false } });
  const atRest = clock.pending;
  const client = await rig.openClient(plane);
  for (let i = 0; i < 3; i++) {
    await client.send(get);
    expect((await client.readResponse()).status).toBe(200);
  }
  // The one tick for how long an open connection may be idle.
  expect(clock.pending).toBe(atRest + 1);
  plane.emitted.push({ type: "access-log", lines: '{"response_code":200,"response_flags":"-"}\n'.repeat(3) });
});
