/** Mirrors: copies whose answers nobody waits for, and which never change what the request itself gets. */
import { createHash } from "node:crypto";
import { seededRng } from "@waystone/base/rng";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { digestAnswer } from "../testing/digest-answer.ts";
import { endpointsOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const web = { service: "shop/web", port: 80, weight: 1 };
const get = "GET /a?b HTTP/1.1\r\nHost: h\r\nX-A: b\r\n\r\n";
const mirrorTo = (name: string, numerator = 100): object => ({
  requestMirror: { backend: { service: `shop/${name}`, port: 80, weight: 1 }, numerator, denominator: 100 },
});

function backend(name: string, ...endpoints: string[]) {
  return [serviceResource("shop", name, 80), sliceResource("shop", name, endpoints)];
}

/** The bytes of a request without its id and the length or coding that frames it. */
const text = (raw: Buffer): string => raw.toString("latin1");

test("several mirrors, of the rule and of the backend, each get the request as it goes upstream, with its body", async () => {
  const [main, one, two] = [await rig.openUpstream(), await rig.openUpstream(), await rig.openUpstream()];
  const plane = await rig.openPlane({
    upstreams: [main],
    more: [...backend("m1", `127.0.0.1:${one.port}`), ...backend("m2", `127.0.0.1:${two.port}`)],
    rules: [
      {
        filters: [
          mirrorTo("m1"),
          { requestHeaderModifier: { set: [{ name: "X-Set", value: "1" }] } },
          { urlRewrite: { path: { replaceFullPath: "/rewritten" } } },
        ],
        backends: [{ ...web, filters: [mirrorTo("m2")] }],
      },
    ],
  });
  const client = await rig.openClient(plane);
  const body = "x".repeat(50_000);
  await client.send(`POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n`);
  await client.send(body.slice(0, 20_000));
  await client.send(body.slice(20_000));
  expect((await client.readResponse("POST")).status).toBe(200);
  const raw = text((await main.request()).raw);
  expect(raw).toContain("POST /rewritten HTTP/1.1\r\nHost: h\r\nX-Set: 1\r\n");
  expect(text((await one.request()).raw)).toBe(raw);
  expect(text((await two.request()).raw)).toBe(raw);
  expect((await plane.lines(1)).length).toBe(1);
});

test("a mirror's answer, or its lack of one, is nobody's business", async () => {
  const main = await rig.openUpstream();
  const bad = await rig.openUpstream({ answer: () => "nonsense\r\n\r\n" });
  const failing = await rig.openUpstream({
    answer: () => "HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nmine",
  });
  const silent = await rig.openUpstream({ answer: () => undefined });
  const names = {
    bad: `127.0.0.1:${bad.port}`,
    failing: `127.0.0.1:${failing.port}`,
    silent: `127.0.0.1:${silent.port}`,
  };
  const plane = await rig.openPlane({
    upstreams: [main],
    more: [
      ...Object.entries(names).flatMap(([name, endpoint]) => backend(name, endpoint)),
      ...backend("gone", "127.0.0.1:1"),
      ...backend("empty"),
    ],
    rules: [
      {
        filters: ["bad", "failing", "silent", "gone", "empty"].map((name) => mirrorTo(name)),
        backends: [web],
      },
    ],
  });
  const client = await rig.openClient(plane);
  for (let i = 0; i < 3; i++) {
    await client.send(get);
    expect((await client.readResponse()).raw.toString()).toBe(okAnswer);
  }
  await silent.request(2);
  await failing.request(2);
  expect((await plane.lines(3)).length).toBe(3);
});

test("a mirror that takes nothing delays nothing, and is dropped", async () => {
  const body = Buffer.alloc(16 * 1024 * 1024, 3);
  const main = await rig.openUpstream(digestAnswer(body.length));
  const stuck = await rig.openUpstream({
    readsHttp: false,
    onConnection: (connection) => connection.pause(),
  });
  const plane = await rig.openPlane({
    upstreams: [main],
    more: backend("stuck", `127.0.0.1:${stuck.port}`),
    rules: [{ filters: [mirrorTo("stuck")], backends: [web] }],
  });
  const client = await rig.openClient(plane);
  await client.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\n`);
  await client.send(body);
  expect((await client.readResponse("POST")).body.toString()).toBe(
    createHash("sha256").update(body).digest("hex"),
  );
  await until(() => endpointsOf(plane).every(({ active }) => active === 0), "the mirror is dropped");
});

test("a mirror that never answers is given up when nothing has moved for the stream's idle time", async () => {
  const clock = new ManualClock();
  const [main, silent] = [await rig.openUpstream(), await rig.openUpstream({ answer: () => undefined })];
  const plane = await rig.openPlane({
    clock,
    upstreams: [main],
    more: backend("silent", `127.0.0.1:${silent.port}`),
    rules: [{ filters: [mirrorTo("silent")], backends: [web] }],
    settings: { timeouts: { streamIdleMs: 1000 } },
  });
  const client = await rig.openClient(plane);
  await client.send(get);
  expect((await client.readResponse()).status).toBe(200);
  await silent.request();
  expect(
    endpointsOf(plane)
      .map(({ active }) => active)
      .toSorted((a, b) => a - b),
  ).toEqual([0, 1]);
  clock.advance(1050);
  expect(endpointsOf(plane).map(({ active }) => active)).toEqual([0, 0]);
  expect(await (await silent.connection()).untilEnd()).not.toBe("open");
});

test("a mirror of a part of the requests gets about that part", async () => {
  const [main, copy] = [await rig.openUpstream(), await rig.openUpstream()];
  const plane = await rig.openPlane({
    upstreams: [main],
    rng: seededRng(3),
    more: backend("copy", `127.0.0.1:${copy.port}`),
    rules: [{ filters: [mirrorTo("copy", 20)], backends: [web] }],
  });
  const client = await rig.openClient(plane);
  await client.send(get.repeat(500));
  for (let i = 0; i < 500; i++) await client.readResponse();
  expect(main.requests.length).toBe(500);
  await until(() => endpointsOf(plane).every(({ active }) => active === 0), "all copies are answered");
  expect(Math.abs(copy.requests.length - 100)).toBeLessThan(27);
});

test("a request that is broken off within its body is broken off at its mirrors: none looks whole", async () => {
  const [main, copy] = [await rig.openUpstream(), await rig.openUpstream()];
  const plane = await rig.openPlane({
    upstreams: [main],
    more: backend("copy", `127.0.0.1:${copy.port}`),
    rules: [{ filters: [mirrorTo("copy")], backends: [web] }],
  });
  const client = await rig.openClient(plane);
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  await until(() => copy.bytes.includes("hello"), "the copy has begun");
  client.halfClose();
  expect(await (await copy.connection()).untilEnd()).not.toBe("open");
  expect(copy.requests).toEqual([]);
});

test("a mirror does not wait for 100 and asks for none", async () => {
  const [main, copy] = [
    await rig.openUpstream({
      onConnection: (connection) =>
        connection.socket.once("data", () => {
          connection.write("HTTP/1.1 100 Continue\r\n\r\n");
        }),
    }),
    await rig.openUpstream(),
  ];
  const plane = await rig.openPlane({
    upstreams: [main],
    more: backend("copy", `127.0.0.1:${copy.port}`),
    rules: [{ filters: [mirrorTo("copy")], backends: [web] }],
  });
  const client = await rig.openClient(plane);
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  expect((await client.readResponse()).status).toBe(100);
  await client.send("hi");
  expect((await client.readResponse()).status).toBe(200);
  const { raw } = await copy.request();
  expect(text(raw)).toMatch(/\r\n\r\nhi$/);
  expect(text(raw)).not.toContain("Expect");
});

test("a copy that waits for a connection is dropped once more of its body has come than may be kept", async () => {
  const main = await rig.openUpstream();
  const silent = await rig.openUpstream({ answer: () => undefined });
  const plane = await rig.openPlane({
    upstreams: [main],
    more: backend("silent", `127.0.0.1:${silent.port}`),
    rules: [{ filters: [mirrorTo("silent")], backends: [web] }],
    settings: { pool: { connectionsPerEndpoint: 1 } },
  });
  const copies = (): number =>
    endpointsOf(plane)
      .filter(({ key }) => key.endsWith(`:${silent.port}`))
      .reduce((sum, { active }) => sum + active, 0);
  const client = await rig.openClient(plane);
  await client.send(get);
  await client.readResponse();
  await until(() => copies() === 1, "the first copy has the one connection");
  const body = "x".repeat(100_000);
  await client.send(`POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: ${body.length}\r\n\r\nx`);
  await until(() => copies() === 2, "the second waits for it");
  await client.send(body.slice(1));
  expect((await client.readResponse("POST")).status).toBe(200);
  await until(() => copies() === 1, "the second is dropped");
  expect((await main.request(1)).body.length).toBe(body.length);
  expect(silent.requests.length).toBe(1);
});
