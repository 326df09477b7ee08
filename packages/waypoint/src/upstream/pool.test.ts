/** Connections to an endpoint: used again, limited, waited for in line, closed in time. */
import { freePort } from "@waystone/testkit/free-port";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { endpointsOf, pooledConnections, useExchangeRig } from "../testing/exchange-rig.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

/** An upstream whose answers wait until they are let out. */
async function openHeld(pool: object, clock?: ManualClock) {
  const held: ((bytes: string) => void)[] = [];
  const upstream = await rig.openUpstream({
    answer: () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      held.push(resolve);
      return promise;
    },
  });
  const plane = await rig.openPlane({
    upstreams: [upstream],
    settings: { pool },
    ...(clock === undefined ? {} : { clock }),
  });
  const ask = async () => {
    const client = await rig.openClient(plane);
    await client.send(get);
    return client;
  };
  const letOut = async (count: number): Promise<void> => {
    await until(() => held.length >= count, `${count} requests are upstream`);
    for (const resolve of held.splice(0, count)) resolve(okAnswer);
  };
  return { upstream, plane, ask, letOut, held };
}

async function openPlain(pool: object, answer = okAnswer) {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: () => answer });
  const plane = await rig.openPlane({ upstreams: [upstream], settings: { pool }, clock });
  const client = await rig.openClient(plane);
  const request = async (): Promise<void> => {
    await client.send(get);
    expect((await client.readResponse()).status).toBe(200);
  };
  return { clock, upstream, plane, request };
}

test("one after the other requests share one connection, from whichever client they come", async () => {
  const { upstream, plane, request } = await openPlain({});
  for (let i = 0; i < 5; i++) await request();
  const other = await rig.openClient(plane);
  await other.send(get);
  await other.readResponse();
  expect([upstream.connections.length, pooledConnections(plane)]).toEqual([1, 1]);
});

test("requests at the same time have connections of their own, up to the limit; further ones wait in line", async () => {
  const { upstream, plane, ask, letOut, held } = await openHeld({ connectionsPerEndpoint: 2 });
  const clients = [await ask(), await ask(), await ask(), await ask(), await ask()];
  await until(() => endpointsOf(plane)[0]?.active === 5, "all have come");
  await until(() => held.length === 2, "two are upstream");
  for (let left = 5; left > 0; left -= 2) await letOut(Math.min(2, left));
  for (const client of clients) expect((await client.readResponse()).status).toBe(200);
  expect([upstream.connections.length, upstream.requests.length]).toEqual([2, 5]);
});

test("beyond the line's limit a request is a 503 at once", async () => {
  const { plane, ask, letOut } = await openHeld({ connectionsPerEndpoint: 1, pendingPerEndpoint: 1 });
  const [first, second] = [await ask(), await ask()];
  await until(() => endpointsOf(plane)[0]?.active === 2, "one is upstream, one in line");
  const third = await ask();
  expect((await third.readResponse()).status).toBe(503);
  expect(await plane.lines(1)).toMatchObject([
    { response_flags: "UO", response_code_details: "pool-overflow" },
  ]);
  await letOut(1);
  await letOut(1);
  expect([(await first.readResponse()).status, (await second.readResponse()).status]).toEqual([200, 200]);
});

test("who leaves the line is not waited for, and who stays is served next", async () => {
  const { plane, ask, letOut, upstream } = await openHeld({ connectionsPerEndpoint: 1 });
  const first = await ask();
  await upstream.request();
  const leaving = await ask();
  await until(() => endpointsOf(plane)[0]?.active === 2, "one is in line");
  const staying = await ask();
  await until(() => endpointsOf(plane)[0]?.active === 3, "two are in line");
  leaving.reset();
  await until(() => endpointsOf(plane)[0]?.active === 2, "one has left");
  await letOut(1);
  await letOut(1);
  expect([(await first.readResponse()).status, (await staying.readResponse()).status]).toEqual([200, 200]);
  expect(upstream.requests.length).toBe(2);
});

test("who waits in line gets a connection of its own when the one before is cut", async () => {
  const { ask, letOut, upstream, plane } = await openHeld({ connectionsPerEndpoint: 1 });
  const first = await ask();
  await upstream.request();
  const second = await ask();
  await until(() => endpointsOf(plane)[0]?.active === 2, "one is in line");
  first.reset();
  await until(() => upstream.requests.length === 2, "the second is upstream");
  await letOut(2);
  expect((await second.readResponse()).status).toBe(200);
  expect(upstream.connections.length).toBe(2);
});

test("when an endpoint refuses, everybody in line hears of it", async () => {
  const port = await freePort();
  const plane = await rig.openPlane({
    endpoints: [`127.0.0.1:${port}`],
    settings: { pool: { connectionsPerEndpoint: 1 } },
  });
  const clients = await Promise.all(Array.from({ length: 6 }, async () => await rig.openClient(plane)));
  for (const client of clients) await client.send(get);
  for (const client of clients) expect((await client.readResponse()).status).toBe(503);
});

test("an idle connection is closed after its time, before many servers would", async () => {
  const { clock, upstream, request } = await openPlain({ idleMs: 4000 });
  await request();
  clock.advance(3990);
  await request();
  expect(upstream.connections.length).toBe(1);
  clock.advance(4060);
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  await request();
  expect(upstream.connections.length).toBe(2);
});

test("an upstream that says how long it keeps idle connections is believed, and a second is kept in hand", async () => {
  const answer = "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2, max=100\r\nContent-Length: 2\r\n\r\nok";
  const { clock, upstream, request } = await openPlain({ idleMs: 4000 }, answer);
  await request();
  clock.advance(1060);
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
});

test.for(["timeout=1", "timeout=0"])("a connection whose upstream says %s is not kept", async (hint) => {
  const answer = `HTTP/1.1 200 OK\r\nKeep-Alive: ${hint}\r\nContent-Length: 2\r\n\r\nok`;
  const { upstream, request } = await openPlain({}, answer);
  await request();
  expect(await (await upstream.connection()).untilEnd()).not.toBe("open");
  await request();
  expect(upstream.connections.length).toBe(2);
});

test("a connection serves as many requests as it may, and then another does", async () => {
  const { upstream, request } = await openPlain({ requestsPerConnection: 3 });
  for (let i = 0; i < 7; i++) await request();
  expect(upstream.connections.map(({ requests }) => requests.length)).toEqual([3, 3, 1]);
});

test("idle connections beyond the limit are closed", async () => {
  const { plane, ask, letOut, held } = await openHeld({ idlePerEndpoint: 2 });
  const clients = [await ask(), await ask(), await ask(), await ask()];
  await until(() => held.length === 4, "all are upstream");
  expect(pooledConnections(plane)).toBe(4);
  await letOut(4);
  for (const client of clients) await client.readResponse();
  await until(() => pooledConnections(plane) === 2, "two are kept");
});

test("an idle connection that its upstream closes leaves the pool", async () => {
  const { plane, upstream, request } = await openPlain({});
  await request();
  (await upstream.connection()).halfClose();
  await until(() => pooledConnections(plane) === 0, "it is gone");
  await request();
  expect(upstream.connections.length).toBe(2);
});
