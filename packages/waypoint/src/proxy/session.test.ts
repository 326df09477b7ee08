/** Session persistence (GEP-1619): requests of one session go to one endpoint of the backend that weights picked. */
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import { encodeToken } from "@waystone/engine/session/session-token";
import { expect, test } from "vitest";
import { type RigPlane, type RigPlaneOptions, useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();
const toWeb = [{ service: "shop/web", port: 80, weight: 1 }];
const cookie = { sessionName: "cart", cookiePath: "/" };
const sessionRules = (session: object = cookie): object[] => [
  { backends: toWeb, sessionPersistence: session },
];

async function openEndpoints(count: number): Promise<readonly RecordingUpstream[]> {
  return await rig.openUpstreams(
    ...Array.from({ length: count }, (_, at) => ({
      answer: () => `HTTP/1.1 200 OK\r\nX-Endpoint: ${at}\r\nContent-Length: 0\r\n\r\n`,
    })),
  );
}

interface Answer {
  readonly status: number;
  readonly endpoint: string;
  readonly line: string | undefined;
}

async function ask(plane: RigPlane, ...lines: string[]): Promise<Answer> {
  const client = await rig.openClient(plane);
  await client.send(`GET / HTTP/1.1\r\nHost: h\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`);
  const { status, headers } = await client.readResponse();
  const value = (name: string): string | undefined =>
    headers.find(([other]) => other.toLowerCase() === name)?.[1];
  client.reset();
  return { status, endpoint: value("x-endpoint") ?? "", line: value("set-cookie") ?? value("x-cart") };
}

/** "cart=<token>" of a Set-Cookie. */
const cookieOf = (line: string | undefined): string => line?.split(";")[0] ?? "";

async function openSession(
  options: RigPlaneOptions,
): Promise<{ plane: RigPlane; first: Answer; token: string }> {
  const plane = await rig.openPlane(options);
  const first = await ask(plane);
  return { plane, first, token: cookieOf(first.line) };
}

test("the first answer hands out a token, and every request that brings it goes to the same endpoint, without another", async () => {
  const upstreams = await openEndpoints(4);
  const { plane, first, token } = await openSession({ upstreams, rules: sessionRules() });
  expect(first.line).toMatch(/^cart=[A-Za-z0-9_-]{18}; Path=\/; HttpOnly; SameSite=Strict$/);
  for (let i = 0; i < 30; i++) {
    expect(await ask(plane, `Cookie: a=1; ${token}; b=2`)).toEqual({ ...first, line: undefined });
  }
});

test("the cookie is passed on to the endpoint as it came (GEP-1619: the application may read it)", async () => {
  const upstreams = await openEndpoints(1);
  const { plane, token } = await openSession({ upstreams, rules: sessionRules() });
  await ask(plane, `Cookie: ${token}`);
  expect(upstreams[0]!.requests[1]!.headers).toContainEqual(["Cookie", token]);
});

test("a header works as a cookie does, for clients that hold no cookies", async () => {
  const upstreams = await openEndpoints(4);
  const rules = sessionRules({ type: 1, sessionName: "X-Cart" });
  const { plane, first, token } = await openSession({ upstreams, rules });
  for (let i = 0; i < 15; i++) expect((await ask(plane, `x-cart: ${token}`)).endpoint).toBe(first.endpoint);
});

test("a rule without sessions hands out nothing and spreads", async () => {
  const upstreams = await openEndpoints(2);
  const plane = await rig.openPlane({ upstreams, rules: [{ backends: toWeb }] });
  const answers = await Promise.all(Array.from({ length: 40 }, () => ask(plane, "Cookie: cart=x")));
  expect(new Set(answers.map(({ endpoint }) => endpoint)).size).toBe(2);
  expect(answers.every(({ line }) => line === undefined)).toBe(true);
});

test.for([
  ["no token at all", "nonsense"],
  ["of an endpoint that nobody has", encodeToken([{ hash: "AAAAAAAAAAA", startedAtSeconds: 5 }])],
  ["from the future", encodeToken([{ hash: "AAAAAAAAAAA", startedAtSeconds: 2 ** 35 }])],
  ["longer than any of ours", `1${"A".repeat(17 * 40)}`],
  ["8 KiB long", "1".repeat(8 * 1024)],
] as const)("a forged cookie, %s, is as none: any endpoint, and a new token", async ([, value]) => {
  const upstreams = await openEndpoints(2);
  const plane = await rig.openPlane({ upstreams, rules: sessionRules() });
  expect(await ask(plane, `Cookie: cart=${value}`)).toMatchObject({
    status: 200,
    line: expect.stringMatching(/^cart=1/),
  });
});

test("of several cookies of one name the first that is a token of ours counts", async () => {
  const upstreams = await openEndpoints(4);
  const { plane, first, token } = await openSession({ upstreams, rules: sessionRules() });
  for (let i = 0; i < 8; i++) {
    expect(await ask(plane, "Cookie: cart=old; x=1", `Cookie: ${token}`)).toMatchObject({
      endpoint: first.endpoint,
      line: undefined,
    });
  }
});

test("the endpoint is gone: another one answers, and its token takes the place of the old one", async () => {
  const upstreams = await openEndpoints(3);
  const { plane, first, token } = await openSession({ upstreams, rules: sessionRules() });
  const left = upstreams.filter((_, at) => `${at}` !== first.endpoint);
  plane.apply([
    sliceResource(
      "shop",
      "web",
      left.map(({ host, port }) => `${host}:${port}`),
    ),
  ]);
  const moved = await ask(plane, `Cookie: ${token}`);
  expect(moved.endpoint).not.toBe(first.endpoint);
  const again = await ask(plane, `Cookie: ${cookieOf(moved.line)}`);
  expect(again).toEqual({ ...moved, line: undefined });
});

test("a terminating endpoint keeps its sessions as long as it serves, and gets no new ones", async () => {
  const upstreams = await openEndpoints(2);
  const { plane, first, token } = await openSession({ upstreams, rules: sessionRules() });
  const places = upstreams.map(({ host, port }) => `${host}:${port}`);
  plane.apply([sliceResource("shop", "web", places, { terminating: [places[Number(first.endpoint)]!] })]);
  for (let i = 0; i < 8; i++) {
    expect((await ask(plane, `Cookie: ${token}`)).endpoint).toBe(first.endpoint);
    expect((await ask(plane)).endpoint).not.toBe(first.endpoint);
  }
});

test("a session that is over begins anew, and one that is not keeps the time at which it began", async () => {
  const clock = new ManualClock();
  const upstreams = await openEndpoints(1);
  const rules = sessionRules({ ...cookie, absoluteTimeoutMs: 60_000 });
  const { plane, token } = await openSession({ upstreams, rules, clock });
  clock.advance(59_000);
  expect((await ask(plane, `Cookie: ${token}`)).line).toBeUndefined();
  clock.advance(1_000);
  const renewed = cookieOf((await ask(plane, `Cookie: ${token}`)).line);
  expect(renewed).not.toBe("");
  expect(renewed).not.toBe(token);
});

test("an endpoint that cannot be connected to loses its sessions to the one that answers", async () => {
  const upstreams = await openEndpoints(2);
  const { plane, first, token } = await openSession({ upstreams, rules: sessionRules() });
  await upstreams[Number(first.endpoint)]!.close();
  const moved = await ask(plane, `Cookie: ${token}`);
  expect(moved).toMatchObject({ status: 200, line: expect.stringMatching(/^cart=1/) });
  expect(moved.endpoint).not.toBe(first.endpoint);
});

test("an answer of our own hands out nothing", async () => {
  const plane = await rig.openPlane({ endpoints: [], rules: sessionRules() });
  expect(await ask(plane)).toMatchObject({ status: 503, line: undefined });
});

test("an application that sets a cookie of that name keeps it: ours would take its place", async () => {
  const answer = (): string =>
    "HTTP/1.1 200 OK\r\nSet-Cookie: cart=its-own; Path=/\r\nContent-Length: 0\r\n\r\n";
  const upstream = await rig.openUpstream({ answer });
  const plane = await rig.openPlane({ upstreams: [upstream], rules: sessionRules() });
  const client = await rig.openClient(plane);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const { headers } = await client.readResponse();
  expect(headers.filter(([name]) => name === "Set-Cookie")).toEqual([["Set-Cookie", "cart=its-own; Path=/"]]);
});

test("weights are decided first, whatever the session says, and each backend keeps its own endpoint (GEP-1619)", async () => {
  const upstreams = await openEndpoints(4);
  const places = upstreams.map(({ host, port }) => `${host}:${port}`);
  const plane = await rig.openPlane({
    endpoints: places.slice(0, 2),
    rules: [
      {
        backends: [...toWeb, { service: "shop/canary", port: 80, weight: 1 }],
        sessionPersistence: cookie,
      },
    ],
    more: [serviceResource("shop", "canary", 80), sliceResource("shop", "canary", places.slice(2))],
  });
  let jar = "";
  const ofEach = { web: new Set<string>(), canary: new Set<string>() };
  for (let i = 0; i < 60; i++) {
    const { endpoint, line } = await ask(plane, ...(jar === "" ? [] : [`Cookie: ${jar}`]));
    if (line !== undefined) jar = cookieOf(line);
    ofEach[Number(endpoint) < 2 ? "web" : "canary"].add(endpoint);
  }
  expect([ofEach.web.size, ofEach.canary.size]).toEqual([1, 1]);
});

test("two waypoints understand each other's tokens", async () => {
  const upstreams = await openEndpoints(4);
  const one = await openSession({ upstreams, rules: sessionRules() });
  const other = await rig.openPlane({ upstreams, rules: sessionRules() });
  for (let i = 0; i < 8; i++) {
    expect(await ask(other, `Cookie: ${one.token}`)).toEqual({ ...one.first, line: undefined });
  }
});
