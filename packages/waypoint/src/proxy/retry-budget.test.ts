/** What bounds retries (R11): the budget of the backend's XBackendTrafficPolicy (GEP-3388), and the endpoint's own Retry-After. */
import { typeUrls } from "@waystone/api/names";
import { Policy, type BackendTrafficResource, PolicyMode } from "@waystone/api/resources";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { okAnswer } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { encodeResource } from "@waystone/xds/version";
import { expect, test } from "vitest";
import { requestCounts, type RigPlane, useExchangeRig } from "../testing/exchange-rig.ts";
import { testService } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();
const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const answer503 = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";
const rules = (attempts = 3): object[] => [
  {
    backends: [{ service: testService, port: 80, weight: 1 }],
    retry: { attempts, backoffMs: 1, codes: [500, 503] },
  },
];

function trafficPolicy(backendTraffic: BackendTrafficResource, name = "budget", createdAtSeconds = 1) {
  const message = {
    kind: "XBackendTrafficPolicy",
    namespace: "shop",
    name,
    generation: 1,
    createdAtSeconds,
    mode: PolicyMode.ENFORCE,
    targets: [{ kind: "Service", name: testService, section: "" }],
    backendTraffic,
  };
  return encodeResource(
    typeUrls.policy,
    `XBackendTrafficPolicy/shop/${name}`,
    new Uint8Array(Policy.encode(message).finish()),
  );
}

const budget = (percent: number, minRetries = 0, minRetriesIntervalMs = 1_000) => ({
  retryBudget: { percent, intervalMs: 10_000, minRetries, minRetriesIntervalMs },
});

async function askTimes(plane: RigPlane, times: number): Promise<number[]> {
  const client = await rig.openClient(plane);
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) {
    await client.send(get);
    statuses.push((await client.readResponse()).status);
  }
  client.reset();
  return statuses;
}

test("[R11] in an outage with 3 retries and a budget of 20 % the endpoint sees 1.2 times its clients' requests, not 4 times", async () => {
  const upstream = await rig.openUpstream({ answer: () => answer503 });
  const more = [trafficPolicy(budget(20))];
  const plane = await rig.openPlane({ upstreams: [upstream], rules: rules(), more });
  const statuses = await askTimes(plane, 400);
  expect(new Set(statuses)).toEqual(new Set([503]));
  const seen = upstream.requests.length / 400;
  expect(seen).toBeGreaterThan(1.15);
  expect(seen).toBeLessThanOrEqual(1.2);
});

test("when the budget is spent the answer is a 503 of ours, whatever the endpoint said (GEP-3388), and is counted as that", async () => {
  const answer = (): string => answer503.replace("503 Service Unavailable", "500 Internal Server Error");
  const upstream = await rig.openUpstream({ answer });
  const plane = await rig.openPlane({
    upstreams: [upstream],
    rules: rules(),
    more: [trafficPolicy(budget(0))],
  });
  const client = await rig.openClient(plane);
  await client.send(get);
  const response = await client.readResponse();
  expect([response.status, response.body.toString()]).toEqual([503, "the backend's retry budget is spent\n"]);
  expect(upstream.requests.length).toBe(1);
  expect(await plane.lines(1)).toMatchObject([
    { response_flags: "URX", response_code_details: "retry-budget-spent" },
  ]);
  expect(requestCounts(plane)).toEqual({ "503 URX": 1 });
});

test("so many retries are free in each interval, so that a quiet Service can retry", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: () => answer503 });
  const more = [trafficPolicy(budget(0, 2, 60_000))];
  const plane = await rig.openPlane({ upstreams: [upstream], rules: rules(), more, clock });
  const client = await rig.openClient(plane);
  for (const expected of [3, 4]) {
    const before = client.received.length;
    await client.send(get);
    await until(() => {
      clock.advance(10);
      return client.received.length > before;
    }, "it is answered");
    await client.readResponse();
    expect(upstream.requests.length).toBe(expected);
  }
});

test("a policy that goes, or comes, takes effect at the next retry; of two the older holds, then the name (GEP-713)", async () => {
  const upstream = await rig.openUpstream({ answer: () => answer503 });
  const strict = trafficPolicy(budget(0), "strict", 5);
  const plane = await rig.openPlane({ upstreams: [upstream], rules: rules(1), more: [strict] });
  const sentFor = async (): Promise<number> => {
    const before = upstream.requests.length;
    await askTimes(plane, 1);
    return upstream.requests.length - before;
  };
  expect(await sentFor()).toBe(1);
  const free = budget(0, 100);
  plane.apply([trafficPolicy(free, "younger", 6)]);
  expect(await sentFor()).toBe(1);
  plane.apply([trafficPolicy(free, "same-age-earlier-name", 5)]);
  expect(await sentFor()).toBe(2);
  plane.apply([], [trafficPolicy(free, "same-age-earlier-name", 5)]);
  expect(await sentFor()).toBe(1);
  plane.apply([], [strict]);
  expect(await sentFor()).toBe(2);
});

test("a policy that cannot be used, or read, bounds nothing and shuts nothing", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], rules: rules() });
  const bad = trafficPolicy(budget(101));
  const { rejected } = plane.store.apply([{ typeUrl: bad.typeUrl, upserts: [bad], removals: [] }]);
  expect(rejected.flat()).toMatchObject([{ reason: expect.stringContaining("101 is more than 100") }]);
  plane.plane.follow(plane.store.current());
  expect(await askTimes(plane, 2)).toEqual([200, 200]);
});

test("[R11] a retry waits as long as the endpoint asks for in Retry-After", async () => {
  const clock = new ManualClock();
  let asked = 0;
  const busy = answer503.replace("\r\n", "\r\nRetry-After: 2\r\n");
  const upstream = await rig.openUpstream({ answer: () => (asked++ === 1 ? busy : okAnswer) });
  const plane = await rig.openPlane({ upstreams: [upstream], rules: rules(), clock });
  const client = await rig.openClient(plane);
  await client.send(get);
  await client.readResponse();
  const idle = clock.pending;
  await client.send(get);
  await until(() => clock.pending > idle, "the retry waits");
  clock.advance(1_999);
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(upstream.requests.length).toBe(2);
  clock.advance(1);
  expect((await client.readResponse()).status).toBe(200);
});

test("[R11] an endpoint that asks to be left alone for longer than a retry waits is not asked again: the client gets to know", async () => {
  const busy = answer503.replace("\r\n", "\r\nRetry-After: 11\r\n");
  const upstream = await rig.openUpstream({ answer: () => busy });
  const plane = await rig.openPlane({ upstreams: [upstream], rules: rules() });
  const client = await rig.openClient(plane);
  await client.send(get);
  const response = await client.readResponse();
  expect(response.headers).toContainEqual(["Retry-After", "11"]);
  expect(upstream.requests.length).toBe(1);
});

test("the session of the backend's policy holds where the rule has none, and without any route", async () => {
  const upstreams = await rig.openUpstreams({}, {}, {});
  const policy = trafficPolicy({ sessionPersistence: { sessionName: "all", cookiePath: "/" } });
  const plane = await rig.openPlane({ upstreams, more: [policy] });
  const client = await rig.openClient(plane);
  await client.send(get);
  const line = (await client.readResponse()).headers.find(([name]) => name === "Set-Cookie")?.[1] ?? "";
  expect(line).toMatch(/^all=1/);
  for (let i = 0; i < 12; i++) {
    await client.send(`GET / HTTP/1.1\r\nHost: h\r\nCookie: ${line.split(";")[0]}\r\n\r\n`);
    expect((await client.readResponse()).headers.some(([name]) => name === "Set-Cookie")).toBe(false);
  }
  expect(upstreams.filter(({ requests }) => requests.length > 0)).toHaveLength(1);
});
