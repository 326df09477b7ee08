/** CUSTOM over gRPC, on real sockets (design/0005, "CUSTOM"): who is asked what, what an answer does, and what holds without one. */
import type { CheckResponseMessage } from "@waystone/api/ext-authz";
import type { EncodedResource } from "@waystone/xds/resource";
import type { PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { RecordingUpstreamOptions } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { type RigPlaneOptions, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { ask, frontend, openKnownClient } from "../testing/policy-clients.ts";
import {
  authorizerResources,
  customPolicy,
  no,
  useTestAuthorizers,
  yes,
} from "../testing/test-authorizer.ts";

const rig = useExchangeRig();
const openAuthorizer = useTestAuthorizers();

interface Options extends RigPlaneOptions {
  readonly upstream?: RecordingUpstreamOptions;
  readonly policies?: readonly EncodedResource[];
}

async function open(
  answer: CheckResponseMessage | undefined = yes,
  text: PolicyText = {},
  { upstream: upstreamOptions = {}, policies = [], ...options }: Options = {},
) {
  const authorizer = await openAuthorizer(() => answer);
  const upstream = await rig.openUpstream(upstreamOptions);
  const more = [...authorizerResources(authorizer.port), customPolicy(text), ...policies];
  const plane = await rig.openPlane({ upstreams: [upstream], more, ...options });
  const client = await openKnownClient(rig, plane, frontend);
  return { authorizer, upstream, plane, client };
}

const option = (key: string, value: string, append?: boolean) => ({
  header: { key, value },
  ...(append !== undefined && { append: { value: append } }),
});

describe("a yes", () => {
  test("lets the request through; questions share one connection to the authorizer", async () => {
    const { authorizer, client, plane } = await open();
    expect([await ask(client), await ask(client)]).toEqual([200, 200]);
    expect([authorizer.asked.length, authorizer.connections]).toEqual([2, 1]);
    const [line] = await plane.lines(1);
    expect(line).toMatchObject({
      authorizer_outcome: "allowed",
      policy: "AuthorizationPolicy/shop/policy",
      response_code: 200,
    });
    const outcomes = samplesOf(plane, "waystone_authorizer_requests_total");
    expect(outcomes.map(({ labels, value }) => [labels["outcome"], labels["mode"], value])).toEqual([
      ["allowed", "Enforce", 2],
    ]);
  });

  test("says who asks for what: the normalised path, headers without claims, client and Service", async () => {
    const { authorizer, client } = await open(yes, { provider: { contextExtensions: { tenant: "t1" } } });
    const headers = ["X-Team: a", "x-team: b", "X-Real-IP: 1.2.3.4", "Authorization: Bearer t"];
    await ask(client, "/x/../orders?b=1", { headers });
    const { attributes } = authorizer.asked[0]!;
    expect(attributes).toMatchObject({
      source: {
        address: { socketAddress: { address: frontend.address } },
        labels: { "waystone.dev/namespace": "shop", "waystone.dev/service-account": "frontend" },
      },
      destination: { service: "web.shop.svc.cluster.local" },
      request: { http: { method: "GET", path: "/orders?b=1", host: "h", protocol: "HTTP/1.1" } },
      contextExtensions: { tenant: "t1" },
    });
    expect(attributes?.request?.http?.headers).toMatchObject({
      ":path": "/orders?b=1",
      authorization: "Bearer t",
      "x-team": "a,b",
      "x-forwarded-for": expect.stringContaining(frontend.address),
    });
  });

  test("changes headers: set in place of the client's, appended, removed; and those of the answer", async () => {
    const { client, upstream } = await open({
      okResponse: {
        headers: [option("X-User", "ann"), option("x-group", "b", true)],
        headersToRemove: ["X-Secret"],
        responseHeadersToAdd: [option("X-Decided", "by-opa")],
      },
    });
    await client.send("GET / HTTP/1.1\r\nHost: h\r\nX-User: root\r\nX-Group: a\r\nx-secret: s\r\n\r\n");
    const { headers } = await client.readResponse();
    expect(headers).toContainEqual(["X-Decided", "by-opa"]);
    const lines = upstream.bytes
      .toString("latin1")
      .split("\r\n")
      .filter((line) => /^x-(user|group|secret)/i.test(line));
    expect(lines).toEqual(["X-Group: a", "X-User: ann", "x-group: b"]);
  });

  test("comes before DENY and ALLOW, which see the headers as changed", async () => {
    const deny = customPolicy({
      name: "deny",
      action: "DENY",
      rules: [{ to: [{ "headers[x-role]": ["guest"] }] }],
    });
    const answer = { okResponse: { headers: [option("x-role", "guest")] } };
    const { client, upstream } = await open(answer, {}, { policies: [deny] });
    expect(await ask(client, "/", { headers: ["X-Role: admin"] })).toBe(403);
    expect(upstream.requests).toEqual([]);
  });

  test.for<[string, CheckResponseMessage]>([
    ["Host", { okResponse: { headers: [option("host", "other")] } }],
    [":path", { okResponse: { headers: [option(":path", "/admin")] } }],
    ["Transfer-Encoding", { okResponse: { headers: [option("Transfer-Encoding", "chunked")] } }],
    ["a line of its own", { okResponse: { headers: [option("x-a", "b\r\nX-B: c")] } }],
    ["the query", { okResponse: { queryParametersToSet: [{ key: "a", value: "b" }] } }],
    ["too much", { okResponse: { headers: Array.from({ length: 101 }, (_, i) => option(`x-${i}`, "a")) } }],
  ])("that wants to change %s is none", async ([, answer]) => {
    const { client, upstream } = await open(answer);
    expect(await ask(client)).toBe(403);
    expect(upstream.requests).toEqual([]);
  });
});

describe("a no", () => {
  test("is 403 where it says nothing else, reaches no endpoint, and is logged and counted", async () => {
    const { client, upstream, plane } = await open(no);
    expect(await ask(client)).toBe(403);
    expect(upstream.connections.length).toBe(0);
    expect(await plane.lines(1)).toMatchObject([
      {
        response_code_details: "authorizer-denied",
        response_flags: "UAEX",
        reason: "Authorization",
        authorizer_outcome: "denied",
        policy: "AuthorizationPolicy/shop/policy",
      },
    ]);
    const [decision] = samplesOf(plane, "waystone_policy_decisions_total");
    expect(decision?.labels["decision"]).toBe("deny");
  });

  test("has the authorizer's status, headers and body, as far as these are its to say", async () => {
    const headers = [
      option("Location", "/login"),
      option("Content-Length", "999"),
      option("Content-Type", "text/html"),
    ];
    const { client } = await open({
      status: { code: 16 },
      deniedResponse: { status: { code: 302 }, headers, body: "<p>früh" },
    });
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    const { status, headers: lines, body } = await client.readResponse();
    expect([status, body.toString()]).toEqual([302, "<p>früh"]);
    expect(Object.fromEntries(lines)).toMatchObject({
      Location: "/login",
      "Content-Type": "text/html",
      "Content-Length": "8",
    });
    expect(await ask(client)).toBe(302);
  });

  test("to a gRPC call is a status in an answer without a body, mapped as gRPC maps HTTP's", async () => {
    const answer = { deniedResponse: { status: { code: 401 }, body: "who are you?" } };
    const { client } = await open(answer, {}, { protocol: "grpc" });
    await client.send(
      "POST /a.B/C HTTP/1.1\r\nHost: h\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n",
    );
    const { status, headers } = await client.readResponse("POST");
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      "grpc-status": "16",
      "grpc-message": "who are you?",
    });
  });
});

describe("several authorizers", () => {
  test("are asked the older first, and the first no is the answer", async () => {
    const second = await openAuthorizer(() => ({ deniedResponse: { status: { code: 418 } } }));
    const policies = [
      ...authorizerResources(second.port).slice(1),
      customPolicy({ name: "a", createdAtSeconds: 9, provider: { contextExtensions: { who: "younger" } } }),
    ];
    const { client } = await open(
      yes,
      { createdAtSeconds: 5, provider: { contextExtensions: { who: "older" } } },
      { policies },
    );
    // Both ask one Service, which is the second server by now.
    expect(await ask(client)).toBe(418);
    expect(second.asked.map(({ attributes }) => attributes?.contextExtensions)).toEqual([{ who: "older" }]);
    second.decide = () => yes;
    expect(await ask(client)).toBe(200);
    expect(second.asked.slice(1).map(({ attributes }) => attributes?.contextExtensions?.["who"])).toEqual([
      "older",
      "younger",
    ]);
  });

  test("are asked only about what a rule matches", async () => {
    const { client, authorizer } = await open(no, { rules: [{ to: [{ paths: ["/admin*"] }] }] });
    expect([await ask(client, "/"), await ask(client, "/admin")]).toEqual([200, 403]);
    expect(authorizer.asked.length).toBe(1);
  });

  test("are not asked about a path that servers read in two ways", async () => {
    const { client, authorizer } = await open();
    expect(await ask(client, "/a%2Fb")).toBe(400);
    expect(authorizer.asked).toEqual([]);
  });
});

describe("an authorizer that cannot be asked", () => {
  const nobody = async (text: PolicyText) => {
    const opening = await open(yes, text);
    await opening.authorizer.close();
    return opening;
  };

  test("refuses, with 403 or what the policy says", async () => {
    const closed = await nobody({});
    expect(await ask(closed.client)).toBe(403);
    const other = await nobody({ provider: { statusOnError: 503 } });
    expect(await ask(other.client)).toBe(503);
    expect(await other.plane.lines(1)).toMatchObject([
      { authorizer_outcome: "error", response_code_details: "authorizer-error" },
    ]);
  });

  test("lets through where the policy fails open, and is counted", async () => {
    const { client, plane } = await nobody({ provider: { failOpen: true } });
    expect(await ask(client)).toBe(200);
    const [sample] = samplesOf(plane, "waystone_authorizer_requests_total");
    expect([sample?.labels["outcome"], sample?.value]).toEqual(["failed_open", 1]);
  });

  test("never fails open for a mistake in its configuration", async () => {
    const { client } = await open(yes, { provider: { failOpen: true, invalid: "no such Service" } });
    expect(await ask(client)).toBe(403);
  });

  test("is not waited for longer than its timeout, and the question is given up", async () => {
    const clock = new ManualClock();
    const { client, authorizer } = await open(undefined, { provider: { timeoutMs: 700 } }, { clock });
    authorizer.decide = () => undefined;
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => authorizer.asked.length === 1, "it is asked");
    clock.advance(700);
    expect((await client.readResponse()).status).toBe(403);
    await until(() => authorizer.cancelled === 1, "the question is cancelled");
  });

  test("is given up with the client that goes away", async () => {
    const { client, authorizer, plane } = await open(undefined);
    authorizer.decide = () => undefined;
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => authorizer.asked.length === 1, "it is asked");
    client.reset();
    await until(() => authorizer.cancelled === 1, "the question is cancelled");
    expect(await plane.lines(1)).toMatchObject([{ response_flags: "DC" }]);
  });
});

describe("a body that the authorizer sees", () => {
  const seen = { provider: { bodyMaxBytes: 10 } };
  const echo: RecordingUpstreamOptions = {
    answer: ({ body }) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body.toString()}`,
  };
  const post = (head: string, body: string) => `POST / HTTP/1.1\r\nHost: h\r\n${head}\r\n\r\n${body}`;

  test.for([
    ["with a length", "Content-Length: 5", "hello"],
    ["in chunks", "Transfer-Encoding: chunked", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"],
  ] as const)("%s goes on to the endpoint as it came", async ([, head, body]) => {
    const { client, authorizer } = await open(yes, seen, { upstream: echo });
    await client.send(post(head, body));
    expect((await client.readResponse("POST")).body.toString()).toBe("hello");
    const http = authorizer.asked[0]?.attributes?.request?.http;
    expect([http?.body, http?.headers?.["x-envoy-auth-partial-body"]]).toEqual(["hello", "false"]);
  });

  test("is asked for where the client waits to be told", async () => {
    const { client } = await open(yes, seen, { upstream: echo });
    await client.send(post("Content-Length: 5\r\nExpect: 100-continue", ""));
    expect((await client.readResponse("POST")).status).toBe(100);
    await client.send("hello");
    expect((await client.readResponse("POST")).body.toString()).toBe("hello");
  });

  test.for([
    ["by its length", "Content-Length: 11"],
    ["as it comes", "Transfer-Encoding: chunked"],
  ] as const)("is refused with 413 where it is too long, %s, and nobody is asked", async ([, head]) => {
    const { client, authorizer } = await open(yes, seen);
    const body = head.startsWith("C") ? "hello world" : "b\r\nhello world\r\n0\r\n\r\n";
    await client.send(post(head, body));
    expect((await client.readResponse("POST")).status).toBe(413);
    expect(authorizer.asked).toEqual([]);
  });

  test("is seen in part where the policy says so, and goes on whole", async () => {
    const text = { provider: { bodyMaxBytes: 10, bodyAllowPartial: true } };
    const { client, authorizer } = await open(yes, text, { upstream: echo });
    const body = "0123456789abcdef".repeat(10_000);
    await client.send(post(`Content-Length: ${body.length}`, body));
    expect((await client.readResponse("POST")).body.toString()).toBe(body);
    const http = authorizer.asked[0]?.attributes?.request?.http;
    expect([http?.body, http?.headers?.["x-envoy-auth-partial-body"]]).toEqual(["0123456789", "true"]);
  });

  test("that is no text goes as bytes", async () => {
    const { client, authorizer } = await open(yes, seen);
    await client.send(Buffer.concat([Buffer.from(post("Content-Length: 2", "")), Buffer.from([0xff, 0xfe])]));
    expect((await client.readResponse("POST")).status).toBe(200);
    expect(Buffer.from(authorizer.asked[0]!.attributes!.request!.http!.rawBody!)).toEqual(
      Buffer.from([0xff, 0xfe]),
    );
  });

  test("is no longer counted as held when the endpoint has it, however long its answer goes on", async () => {
    const settings = { limits: { unfinishedHeadBytes: 600 } };
    const text = { provider: { bodyMaxBytes: 1000 } };
    const endless = { answer: () => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbegun" };
    const { client, plane } = await open(yes, text, { settings, upstream: endless });
    await client.send(post("Content-Length: 500", "x".repeat(500)));
    await until(() => client.received.includes("begun"), "the answer has begun");
    const second = await openKnownClient(rig, plane, frontend);
    await second.send(post("Content-Length: 500", "x".repeat(500)));
    await until(() => second.received.includes("begun"), "the second is answered as well");
  });

  test("is held within what the worker may hold: beyond it requests are turned away", async () => {
    const settings = { limits: { unfinishedHeadBytes: 100 } };
    const text = { provider: { bodyMaxBytes: 1000 } };
    const { client } = await open(yes, text, { settings });
    await client.send(post("Content-Length: 500", "x".repeat(20)));
    expect((await client.readResponse("POST")).status).toBe(503);
  });
});
