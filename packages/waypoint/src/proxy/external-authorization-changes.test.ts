/**
 * CUSTOM beside the rest: configuration that changes while somebody is asked, exchanges that go on for long, Services that a route
 * leads to, copies, shadows, and ports about which nobody can be asked (docs/external-authorization.md, "Order").
 */
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { type RigPlaneOptions, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { ask, frontend, openKnownClient } from "../testing/policy-clients.ts";
import {
  authorizerResources,
  customPolicy,
  no,
  type TestAuthorizer,
  useTestAuthorizers,
  yes,
} from "../testing/test-authorizer.ts";

const rig = useExchangeRig();
const openAuthorizer = useTestAuthorizers();

async function open(options: RigPlaneOptions = {}) {
  const authorizer = await openAuthorizer();
  const upstream = options.upstreams?.[0] ?? (await rig.openUpstream());
  const more = [...authorizerResources(authorizer.port), ...(options.more ?? [])];
  const plane = await rig.openPlane({ upstreams: [upstream], ...options, more });
  return { authorizer, upstream, plane, client: await openKnownClient(rig, plane, frontend) };
}

const denyAll = customPolicy({ name: "deny", action: "DENY", rules: [{}] });

/** It waits for its answer until it is told. */
async function askSlowly(authorizer: TestAuthorizer): Promise<(answer: typeof yes) => void> {
  let tell: (answer: typeof yes) => void = () => {};
  authorizer.hold((answer) => {
    tell = answer;
  });
  await until(() => authorizer.asked.length > 0, "it is asked");
  return (answer) => tell(answer);
}

describe("while somebody is asked", () => {
  test("a DENY that comes holds: the request is judged by what is in force", async () => {
    const { authorizer, plane, client, upstream } = await open({ more: [customPolicy()] });
    const asking = askSlowly(authorizer);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    const answer = await asking;
    plane.apply([denyAll]);
    answer(yes);
    expect((await client.readResponse()).status).toBe(403);
    expect(upstream.requests).toEqual([]);
  });

  test("a CUSTOM that comes is asked as well", async () => {
    const { authorizer, plane, client } = await open({ more: [customPolicy()] });
    const asking = askSlowly(authorizer);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    const answer = await asking;
    authorizer.decide = () => no;
    plane.apply([customPolicy({ name: "second" })]);
    answer(yes);
    expect((await client.readResponse()).status).toBe(403);
    expect(authorizer.asked.length).toBe(2);
  });
});

describe("an exchange that was let through and goes on", () => {
  async function openStream() {
    const upstream = await rig.openUpstream({ answer: () => undefined });
    const opening = await open({ upstreams: [upstream], more: [customPolicy()] });
    await opening.client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => upstream.requests.length === 1, "the endpoint has it");
    return { ...opening, upstream };
  }

  test("stays while the same question has been answered, whatever else of the policy changes", async () => {
    const { plane, client, upstream, authorizer } = await openStream();
    plane.apply([customPolicy({ provider: { failOpen: true, timeoutMs: 5 } })]);
    (await upstream.connection()).write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    expect((await client.readResponse()).status).toBe(200);
    expect(authorizer.asked.length).toBe(1);
  });

  test("ends where somebody would have to be asked who was not", async () => {
    const { plane, client } = await openStream();
    plane.apply([customPolicy({ name: "second" })]);
    expect((await client.readResponse()).status).toBe(503);
    expect(await plane.lines(1)).toMatchObject([{ response_code_details: "authorizer-unasked" }]);
  });
});

test("with one that fails open before it, a question is given up with the client all the same", async () => {
  const lost = { service: "policy/lost", failOpen: true };
  const more = [customPolicy({ name: "a", provider: lost }), customPolicy({ name: "b" })];
  const { authorizer, client } = await open({ more });
  const asking = askSlowly(authorizer);
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  await asking;
  client.reset();
  await until(() => authorizer.cancelled === 1, "the question is cancelled");
});

describe("a Service that a route leads to", () => {
  const target = { kind: "Service", name: "shop/other" } as const;
  const rules = [{ backends: [{ service: "shop/other", port: 80, weight: 1 }] }];
  const other = async () => {
    const endpoint = await rig.openUpstream();
    const resources = [
      serviceResource("shop", "other", 80),
      sliceResource("shop", "other", [`${endpoint.host}:${endpoint.port}`]),
      customPolicy({ target }),
    ];
    return { endpoint, resources };
  };

  test("has its own authorizers asked", async () => {
    const { endpoint, resources } = await other();
    const { authorizer, client } = await open({ rules, more: resources });
    authorizer.decide = () => no;
    expect(await ask(client)).toBe(403);
    authorizer.decide = () => yes;
    expect(await ask(client)).toBe(200);
    expect(endpoint.requests.length).toBe(1);
  });

  test("gets no copies about which it would have to ask", async () => {
    const { endpoint, resources } = await other();
    const backends = [{ service: "shop/web", port: 80, weight: 1 }];
    const mirrors = [
      {
        requestMirror: {
          backend: { service: "shop/other", port: 80, weight: 1 },
          numerator: 1,
          denominator: 1,
        },
      },
    ];
    const mirrored = [{ backends, filters: mirrors }];
    const { client, authorizer } = await open({ rules: mirrored, more: resources });
    expect(await ask(client)).toBe(200);
    expect([endpoint.connections.length, authorizer.asked.length]).toEqual([0, 0]);
  });
});

test("a copy has the body that was held while somebody was asked", async () => {
  const endpoint = await rig.openUpstream();
  const filters = [
    {
      requestMirror: { backend: { service: "shop/copy", port: 80, weight: 1 }, numerator: 1, denominator: 1 },
    },
  ];
  const rules = [{ backends: [{ service: "shop/web", port: 80, weight: 1 }], filters }];
  const more = [
    serviceResource("shop", "copy", 80),
    sliceResource("shop", "copy", [`${endpoint.host}:${endpoint.port}`]),
    customPolicy({ provider: { bodyMaxBytes: 100 } }),
  ];
  const { client } = await open({ rules, more });
  await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  expect((await client.readResponse("POST")).status).toBe(200);
  await until(() => endpoint.requests.length === 1, "the copy has come");
  expect(endpoint.requests[0]?.body.toString()).toBe("hello");
});

describe("a shadowed CUSTOM", () => {
  test("is asked beside the request, which does not wait, and its no is counted alone", async () => {
    const { authorizer, client, plane } = await open({ more: [customPolicy({ mode: "Shadow" })] });
    const asking = askSlowly(authorizer);
    expect(await ask(client)).toBe(200);
    (await asking)(no);
    const counted = () => samplesOf(plane, "waystone_authorizer_requests_total");
    await until(() => counted().length === 1, "its word is counted");
    expect(counted().map(({ labels }) => [labels["mode"], labels["outcome"]])).toEqual([
      ["Shadow", "denied"],
    ]);
    const [decision] = samplesOf(plane, "waystone_policy_decisions_total");
    expect([decision?.labels["decision"], decision?.labels["mode"]]).toEqual(["deny", "Shadow"]);
  });

  test("is in the log of a request that is still under way", async () => {
    const upstream = await rig.openUpstream({ answer: () => undefined });
    const more = [customPolicy({ mode: "Shadow" })];
    const { authorizer, client, plane } = await open({ upstreams: [upstream], more });
    authorizer.decide = () => no;
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(
      () => samplesOf(plane, "waystone_policy_decisions_total").length === 1,
      "its word is counted",
    );
    (await upstream.connection()).write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    expect((await client.readResponse()).status).toBe(200);
    expect(await plane.lines(1)).toMatchObject([{ shadow_denied_by: "AuthorizationPolicy/shop/policy" }]);
  });
});

test("a connection to a TCP port is denied, and nobody is asked", async () => {
  const authorizer = await openAuthorizer();
  const upstream = await rig.openUpstream({ readsHttp: false });
  const more = [...authorizerResources(authorizer.port), customPolicy()];
  const plane = await rig.openPlane({ protocol: "tcp", upstreams: [upstream], more });
  const client = await openKnownClient(rig, plane, frontend);
  await client.readUntilEnd();
  expect([upstream.connections.length, authorizer.asked.length]).toEqual([0, 0]);
});

test("series of a policy that is gone go with it", async () => {
  const policy = customPolicy();
  const { client, plane } = await open({ more: [policy] });
  expect(await ask(client)).toBe(200);
  plane.apply([], [policy]);
  for (const name of ["waystone_authorizer_requests_total", "waystone_authorizer_duration_milliseconds"])
    expect(samplesOf(plane, name)).toEqual([]);
});
