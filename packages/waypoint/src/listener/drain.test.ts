/** Shutting down: idle connections end, what is under way finishes and is the last, and there is a deadline. */
import { ManualClock } from "@waystone/testkit/manual-clock";
import { untilRead } from "@waystone/testkit/until-read";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const isDrained = (plane: RigPlane): boolean => plane.emitted.some(({ type }) => type === "drained");

async function openWith(options: object = {}) {
  const waiting = Promise.withResolvers<string>();
  const upstream = await rig.openUpstream({ answer: () => waiting.promise });
  const plane = await rig.openPlane({ upstreams: [upstream], ...options });
  return { waiting, upstream, plane };
}

test("idle connections end at once; a request in flight finishes with Connection: close; then it is drained", async () => {
  const { waiting, upstream, plane } = await openWith();
  const [idle, fresh, busy] = [
    await rig.openClient(plane),
    await rig.openClient(plane),
    await rig.openClient(plane),
  ];
  await busy.send(get);
  await upstream.request();
  plane.plane.drain(60_000);
  expect((await idle.readUntilEnd()).bytes.length).toBe(0);
  expect((await fresh.readUntilEnd()).bytes.length).toBe(0);
  idle.close();
  fresh.close();
  expect(isDrained(plane)).toBe(false);
  waiting.resolve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect((await busy.readUntilEnd()).bytes.toString()).toBe(
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
  );
  busy.close();
  await until(() => isDrained(plane), "it is drained");
});

test("a head that has begun is served, and is the last of its connection", async () => {
  const { waiting, plane } = await openWith();
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHo");
  await untilRead(client.socket);
  plane.plane.drain(60_000);
  await client.send("st: h\r\n\r\n");
  waiting.resolve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect((await client.readUntilEnd()).bytes.toString()).toContain("Connection: close\r\n\r\nok");
});

test("a connection that comes while draining is served once: the endpoints may not know yet", async () => {
  const { waiting, upstream, plane } = await openWith();
  const busy = await rig.openClient(plane);
  await busy.send(get);
  await upstream.request();
  plane.plane.drain(60_000);
  const late = await rig.openClient(plane);
  await late.send(get + get);
  waiting.resolve("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect((await late.readUntilEnd()).bytes.toString()).toBe(
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
  );
  expect((await busy.readUntilEnd()).state).toBe("ended");
});

test("what is still under way at the deadline is cut, and logged", async () => {
  const clock = new ManualClock();
  const { upstream, plane } = await openWith({ clock });
  const client = await rig.openClient(plane);
  await client.send(get);
  await upstream.request();
  plane.plane.drain(5_000);
  clock.advance(4_999);
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  expect([isDrained(plane), client.peerState]).toEqual([false, "open"]);
  clock.advance(1);
  expect(isDrained(plane)).toBe(true);
  expect(plane.log()).toMatchObject([
    { response_code: 503, response_code_details: "draining", reason: "Internal" },
  ]);
  await client.readUntilEnd();
});

test("a TCP connection goes on until the deadline, and is reset then", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ readsHttp: false });
  const plane = await rig.openPlane({ upstreams: [upstream], protocol: "tcp", clock });
  const client = await rig.openClient(plane);
  const server = await upstream.connection();
  await until(() => plane.emitted.length > 0 && upstream.connections.length === 1, "it is open");
  plane.plane.drain(5_000);
  await client.send("still");
  await server.untilBytes(5);
  clock.advance(5_000);
  expect((await client.readUntilEnd()).state).toBe("reset");
  expect(await server.untilEnd()).toBe("reset");
  expect(isDrained(plane)).toBe(true);
});

test("without connections it is drained at once, and no timer stays", async () => {
  const clock = new ManualClock();
  const plane = await rig.openPlane({ clock });
  plane.plane.drain(5_000);
  expect(isDrained(plane)).toBe(true);
  expect(clock.pending).toBe(0);
  await expect(rig.openClient(plane)).rejects.toThrow("ECONNREFUSED");
});
