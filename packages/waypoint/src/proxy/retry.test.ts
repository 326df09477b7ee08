/** What follows a failed attempt (R08): another one where that is safe and asked for, on another endpoint, or the error. */
import { freePort } from "@waystone/testkit/free-port";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { okAnswer, type AnswerRequest } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { endpointsOf, gaugeOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const toWeb = [{ service: "shop/web", port: 80, weight: 1 }];
const withRetry = (codes: number[], attempts = 3, backoffMs = 1): object[] => [
  { backends: toWeb, retry: { attempts, backoffMs, codes } },
];
const answer503 = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

/** Answers the given bytes one after the other; "reset" and "close" are done instead. */
function script(...steps: readonly string[]): AnswerRequest {
  let step = 0;
  return (_, connection) => {
    const next = steps[Math.min(step++, steps.length - 1)]!;
    if (next === "reset") connection.reset();
    else if (next === "close") connection.halfClose();
    else return next;
    return undefined;
  };
}

async function openWith(answer: AnswerRequest, rules?: object[]) {
  const upstream = await rig.openUpstream({ answer });
  const plane = await rig.openPlane({ upstreams: [upstream], ...(rules === undefined ? {} : { rules }) });
  return { upstream, plane, client: await rig.openClient(plane) };
}

test("[R08] a status that the rule names is tried again, up to the attempts, and each is counted", async () => {
  const { client, upstream, plane } = await openWith(
    script(answer503, answer503, okAnswer),
    withRetry([503]),
  );
  await client.send(get);
  expect((await client.readResponse()).status).toBe(200);
  expect(upstream.requests.length).toBe(3);
  expect(await plane.lines(1)).toMatchObject([{ response_code: 200, attempts: 3 }]);
});

test("[R08] the last attempt's answer is passed on as it is", async () => {
  const { client, upstream } = await openWith(script(answer503), withRetry([503], 2));
  await client.send(get);
  expect((await client.readResponse()).raw.toString()).toBe(answer503);
  expect(upstream.requests.length).toBe(3);
});

test("[R08] a status that the rule does not name is passed on", async () => {
  const { client, upstream } = await openWith(script(answer503), withRetry([500, 502]));
  await client.send(get);
  expect((await client.readResponse()).status).toBe(503);
  expect(upstream.requests.length).toBe(1);
});

test.for(["reset", "close"])(
  "[R08] a %s before any byte of an answer is tried again if the rule says so",
  async (end) => {
    const { client, upstream } = await openWith(script(end, okAnswer), withRetry([]));
    await client.send(get);
    expect((await client.readResponse()).status).toBe(200);
    expect(upstream.requests.length).toBe(2);
  },
);

test.for([
  ["reset", "UR", "upstream-reset"],
  ["close", "UC", "upstream-closed"],
] as const)("[R08] a %s on a new connection without a retry rule is a 503", async ([end, flag, details]) => {
  const { client, upstream, plane } = await openWith(script(end));
  await client.send(get);
  expect((await client.readResponse()).status).toBe(503);
  expect(upstream.requests.length).toBe(1);
  expect(await plane.lines(1)).toMatchObject([{ response_flags: flag, response_code_details: details }]);
});

test.for(["POST", "PATCH", "get", "UNKNOWN"])(
  "[R08] %s is never sent twice once it was sent",
  async (method) => {
    for (const [first, status] of [
      [answer503, 503],
      ["reset", 503],
      ["close", 503],
    ] as const) {
      const { client, upstream } = await openWith(script(first, okAnswer), withRetry([503]));
      await client.send(`${method} / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx`);
      expect((await client.readResponse(method)).status).toBe(status);
      expect(upstream.requests.length).toBe(1);
    }
  },
);

test("[R08] a body that fits into the replay buffer is sent again whole, with its trailers", async () => {
  const { client, upstream } = await openWith(script("reset", okAnswer), withRetry([]));
  const body = "x".repeat(30_000);
  await client.send(
    `PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7530\r\n${body}\r\n0\r\nX-Sum: 1\r\n\r\n`,
  );
  expect((await client.readResponse("PUT")).status).toBe(200);
  expect(upstream.requests.map((request) => [request.body.toString(), request.trailers])).toEqual([
    [body, [["X-Sum", "1"]]],
    [body, [["X-Sum", "1"]]],
  ]);
});

test("[R08] a body that outgrows the replay buffer is sent once", async () => {
  const { client, upstream } = await openWith(script("reset", okAnswer), withRetry([]));
  await client.send(`PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n${"x".repeat(300_000)}`);
  expect((await client.readResponse("PUT")).status).toBe(503);
  expect(upstream.requests.length).toBe(1);
});

test("[R08] what of a body comes while a retry is waited for is part of the retry, however much it is", async () => {
  const clock = new ManualClock();
  const bodies: string[] = [];
  const upstream = await rig.openUpstream({
    answer: ({ body }) => {
      bodies.push(body.toString());
      return okAnswer;
    },
    onConnection: (connection) => {
      // The first connection breaks as soon as the first byte of the body is there.
      if (upstream.connections.length > 1) return;
      connection.socket.on("data", () => {
        if (connection.bytes.includes("first")) connection.reset();
      });
    },
  });
  const plane = await rig.openPlane({ upstreams: [upstream], clock, rules: withRetry([], 1, 1000) });
  const client = await rig.openClient(plane);
  const rest = "y".repeat(200_000);
  await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 200005\r\n\r\nfirst");
  await until(
    () => upstream.connections[0]?.peerState !== "open" && clock.pending > 2,
    "the first attempt failed",
  );
  await client.send(rest);
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(1600);
  expect((await client.readResponse("PUT")).status).toBe(200);
  expect(bodies).toEqual([`first${rest}`]);
});

test("[R08] nothing is tried again once an answer's head is on its way", async () => {
  const { client, upstream } = await openWith(
    (_, connection) => {
      connection.halfClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
      return undefined;
    },
    withRetry([503]),
  );
  await client.send(get);
  expect((await client.readUntilEnd()).bytes.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*half$/s);
  expect(upstream.requests.length).toBe(1);
});

test("[R08] a retry waits as long as the rule says at least, and then longer", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: script(answer503) });
  const plane = await rig.openPlane({
    upstreams: [upstream],
    clock,
    rng: { next: () => 0 },
    rules: withRetry([503], 2, 100),
  });
  const client = await rig.openClient(plane);
  await client.send(get);
  for (const [index, pauseMs] of [100, 200].entries()) {
    await until(() => upstream.requests.length === index + 1 && clock.pending === 3, "an attempt failed");
    clock.advance(pauseMs - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(upstream.requests.length).toBe(index + 1);
    clock.advance(1);
  }
  expect((await client.readResponse()).status).toBe(503);
  expect(upstream.requests.length).toBe(3);
});

test("[R08] a kept connection that turns out closed never costs a safe request an error", async () => {
  for (let round = 0; round < 30; round++) {
    const upstream = await rig.openUpstream({
      answer: (_, connection) => {
        // Closes without a word in the answer, at once or while the next request is on its way.
        if (round % 3 === 0) setImmediate(() => connection.reset());
        else if (round % 3 === 1) setImmediate(() => connection.halfClose());
        else connection.socket.once("data", () => connection.reset());
        return okAnswer;
      },
    });
    const plane = await rig.openPlane({ upstreams: [upstream] });
    const client = await rig.openClient(plane);
    for (let i = 0; i < 5; i++) {
      await client.send(i % 2 === 0 ? get : "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
      expect((await client.readResponse()).status).toBe(200);
    }
    expect(plane.log().every(({ response_code }) => response_code === 200)).toBe(true);
    await rig.end();
  }
});

test("[R08] a kept connection that closes under a POST is a 503: it may have been acted upon", async () => {
  const { client, upstream } = await openWith(script(okAnswer, "reset"));
  await client.send(get);
  await client.readResponse();
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx");
  expect((await client.readResponse("POST")).status).toBe(503);
  expect(upstream.requests.length).toBe(2);
});

test("[R08] a connect failure goes to another endpoint without being asked for, POSTs too", async () => {
  const [upstream] = await rig.openUpstreams({});
  const plane = await rig.openPlane({
    endpoints: [`127.0.0.1:${upstream!.port}`, `127.0.0.2:${upstream!.port}`],
  });
  const client = await rig.openClient(plane);
  for (let i = 0; i < 20; i++) {
    await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    expect((await client.readResponse("POST")).status).toBe(200);
  }
  expect(upstream!.requests.every(({ body }) => body.toString() === "body")).toBe(true);
  const attempts = (await plane.lines(20)).map((line) => line["attempts"]);
  expect(new Set(attempts)).toEqual(new Set([1, 2]));
});

test("[R08] a retry goes to another endpoint than the one that failed", async () => {
  const [bad, good] = await rig.openUpstreams({ answer: script(answer503) }, {});
  const plane = await rig.openPlane({ upstreams: [bad!, good!], rules: withRetry([503], 1) });
  const client = await rig.openClient(plane);
  for (let i = 0; i < 20; i++) {
    await client.send(get);
    expect((await client.readResponse()).status).toBe(200);
  }
  expect(good!.requests.length).toBe(20);
  expect(bad!.requests.length).toBeGreaterThan(0);
});

test("a Service whose endpoints all refuse is a 503 after a few of them", async () => {
  const port = await freePort();
  const plane = await rig.openPlane({
    endpoints: [1, 2, 3, 4, 5, 6].map((host) => `127.0.0.${host}:${port}`),
  });
  const client = await rig.openClient(plane);
  await client.send(get);
  const response = await client.readResponse();
  expect(response.status).toBe(503);
  expect(response.body.toString()).toBe("upstream connect failure\n");
  expect(await plane.lines(1)).toMatchObject([
    { response_flags: "UF", attempts: 3, reason: "UpstreamFailure" },
  ]);
});

test("a retry that finds no endpoint any more is a 503", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: script(answer503) });
  const plane = await rig.openPlane({ upstreams: [upstream], clock, rules: withRetry([503], 1, 100) });
  const client = await rig.openClient(plane);
  await client.send(get);
  await until(() => clock.pending === 3, "the retry is waited for");
  plane.apply([sliceResource("shop", "web", [])]);
  expect(endpointsOf(plane)).toEqual([]);
  clock.advance(200);
  expect((await client.readResponse()).body.toString()).toBe("no healthy upstream\n");
});

test("a client that goes away while a retry is waited for ends it", async () => {
  const clock = new ManualClock();
  const upstream = await rig.openUpstream({ answer: script(answer503) });
  const plane = await rig.openPlane({ upstreams: [upstream], clock, rules: withRetry([503], 1, 100) });
  const client = await rig.openClient(plane);
  await client.send(get);
  await until(() => clock.pending === 3, "the retry is waited for");
  client.reset();
  await until(() => gaugeOf(plane, "waystone_downstream_connections") === 0, "its connection is gone");
  clock.advance(1000);
  expect(upstream.requests.length).toBe(1);
  expect(plane.log()).toMatchObject([{ response_code: 499 }]);
});
