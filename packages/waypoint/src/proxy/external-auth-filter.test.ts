/** An HTTPRoute's ExternalAuth filter (GEP-1494) on real sockets: whom it has asked, about what, and what the answers come to. */
import {
  AuthorizerApi,
  type AuthorizerResource,
  MatchType,
  type RouteRuleResource,
} from "@waystone/api/resources";
import type { RecordingUpstream } from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { type RigPlaneOptions, samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { ask, frontend, openKnownClient } from "../testing/policy-clients.ts";
import {
  askingOpa,
  authorizerResources,
  customPolicy,
  no,
  useTestAuthorizers,
  yes,
} from "../testing/test-authorizer.ts";

const rig = useExchangeRig();
const openAuthorizer = useTestAuthorizers();

const web = { service: "shop/web", port: 80, weight: 1 };

function filterOf(resource: AuthorizerResource = {}): NonNullable<RouteRuleResource["filters"]>[number] {
  return { externalAuth: { ...askingOpa, ...resource } };
}

/** /open is another rule's, about which nobody is asked. */
const open: RouteRuleResource = {
  matches: [{ path: { type: MatchType.EXACT, value: "/open" } }],
  backends: [web],
};
const asking = (resource: AuthorizerResource = {}): RouteRuleResource[] => [
  { backends: [web], filters: [filterOf(resource)] },
  open,
];

async function openPlane(options: RigPlaneOptions = {}) {
  const authorizer = await openAuthorizer();
  const upstream = options.upstreams?.[0] ?? (await rig.openUpstream());
  const more = [...authorizerResources(authorizer.port), ...(options.more ?? [])];
  const plane = await rig.openPlane({ rules: asking(), ...options, upstreams: [upstream], more });
  return { authorizer, upstream, plane, client: await openKnownClient(rig, plane, frontend) };
}

/** The same over plain HTTP: the authorizer gives every request this answer. */
async function openOverHttp(answer: string, resource: AuthorizerResource = {}) {
  const authorizer = await rig.openUpstream({ answer: () => answer });
  const upstream = await rig.openUpstream();
  const rules = asking({ api: AuthorizerApi.HTTP_CHECK, ...resource });
  const more = authorizerResources(authorizer.port, "http");
  const plane = await rig.openPlane({ rules, upstreams: [upstream], more });
  return { authorizer, upstream, client: await rig.openClient(plane) };
}

function headersOf({ requests }: RecordingUpstream): Readonly<Record<string, string>> {
  return Object.fromEntries(requests[0]!.headers.map(([name, value]) => [name.toLowerCase(), value]));
}

describe("over gRPC", () => {
  test("what the rule matched is asked about, and no other request", async () => {
    const { authorizer, client, upstream } = await openPlane();
    authorizer.decide = () => no;
    expect([await ask(client, "/open"), authorizer.asked.length]).toEqual([200, 0]);
    expect([await ask(client), authorizer.asked.length]).toEqual([403, 1]);
    authorizer.decide = () => yes;
    expect(await ask(client)).toBe(200);
    expect(upstream.requests.length).toBe(2);
  });

  test("it hears of the headers that the filter allows alone, where it allows some; else of all", async () => {
    const { authorizer, plane, client } = await openPlane({ rules: asking({ allowedHeaders: ["X-One"] }) });
    const headers = ["X-One: 1", "X-Two: 2"];
    expect(await ask(client, "/", { headers })).toBe(200);
    plane.apply([routeResource("web", { rules: asking() })]);
    expect(await ask(client, "/", { headers })).toBe(200);
    const names = authorizer.asked.map(({ attributes }) =>
      Object.keys(attributes?.request?.http?.headers ?? {}).filter((name) => !name.startsWith(":")),
    );
    expect(names[0]).toEqual(["x-one"]);
    expect(names[1]).toEqual(expect.arrayContaining(["x-one", "x-two", "x-forwarded-for"]));
  });

  test("a body as long as maxSize goes along, and a longer one is refused with 413", async () => {
    const { authorizer, client, upstream } = await openPlane({ rules: asking({ bodyMaxBytes: 5 }) });
    await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
    expect((await client.readResponse("POST")).status).toBe(200);
    expect(authorizer.asked[0]?.attributes?.request?.http?.body).toBe("hello");
    await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nhello!");
    expect((await client.readResponse("POST")).status).toBe(413);
    expect([upstream.requests.length, authorizer.asked.length]).toEqual([1, 1]);
  });
});

describe("over HTTP", () => {
  const allowed =
    "HTTP/1.1 200 OK\r\nX-User: ann\r\nX-Role: staff\r\nHost: evil\r\nConnection: x-hop\r\nX-Hop: 1\r\nContent-Type: a/b\r\nContent-Length: 0\r\n\r\n";

  test("it gets host, Authorization and the headers that the filter allows, and no body", async () => {
    const { authorizer, client } = await openOverHttp(allowed, {
      path: "/check",
      allowedHeaders: ["Cookie"],
    });
    const lines = "Authorization: Bearer t\r\nCookie: a=b\r\nX-Secret: s\r\nContent-Length: 5";
    await client.send(`POST /orders HTTP/1.1\r\nHost: api.example\r\n${lines}\r\n\r\nhello`);
    expect((await client.readResponse("POST")).status).toBe(200);
    expect(authorizer.requests[0]).toMatchObject({ method: "POST", target: "/check/orders" });
    const headers = headersOf(authorizer);
    expect(headers).toMatchObject({
      host: "api.example",
      authorization: "Bearer t",
      cookie: "a=b",
      "content-length": "0",
    });
    expect(headers).not.toHaveProperty("x-secret");
  });

  test("without allowedResponseHeaders all of its headers go on, but for Host and what is about its own body", async () => {
    const { upstream, client } = await openOverHttp(allowed, { allHeadersToBackend: true });
    await client.send("GET / HTTP/1.1\r\nHost: h\r\nX-User: root\r\nX_User: root\r\nX-Other: o\r\n\r\n");
    expect((await client.readResponse()).status).toBe(200);
    const headers = headersOf(upstream);
    expect(headers).toMatchObject({ host: "h", "x-user": "ann", "x-role": "staff", "x-other": "o" });
    for (const name of ["x_user", "x-hop", "content-type", "content-length"])
      expect(headers).not.toHaveProperty(name);
  });

  test("with allowedResponseHeaders those alone, and none of the client's of these names", async () => {
    const { upstream, client } = await openOverHttp(allowed, { headersToBackend: ["X-User", "X-Group"] });
    await client.send("GET / HTTP/1.1\r\nHost: h\r\nX-User: root\r\nX-Group: admin\r\n\r\n");
    expect((await client.readResponse()).status).toBe(200);
    const headers = headersOf(upstream);
    expect(headers["x-user"]).toBe("ann");
    for (const name of ["x-role", "x-group"]) expect(headers).not.toHaveProperty(name);
  });

  test("any other answer than 200 is the client's, with its headers", async () => {
    const answer =
      "HTTP/1.1 302 Found\r\nLocation: /login\r\nSet-Cookie: a=b\r\nContent-Length: 3\r\n\r\nno!";
    const { upstream, client } = await openOverHttp(answer);
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    const { status, headers, body } = await client.readResponse();
    expect([status, body.toString()]).toEqual([302, "no!"]);
    expect(headers.map(([name]) => name.toLowerCase())).toEqual(
      expect.arrayContaining(["location", "set-cookie"]),
    );
    expect(upstream.requests).toEqual([]);
  });

  test("it fails closed: who cannot be asked refuses, and what leads nowhere is an error of the server", async () => {
    const busy = await openOverHttp("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    expect(await ask(busy.client)).toBe(403);
    const lost = await openOverHttp(allowed, { invalid: "no such Service", statusOnError: 500 });
    expect(await ask(lost.client)).toBe(500);
    expect([...busy.upstream.requests, ...lost.upstream.requests, ...lost.authorizer.requests]).toEqual([]);
  });
});

describe("on a backendRef", () => {
  /** Everything goes to the first; the other has the filter, and a share where `weight` gives it one. */
  const rules = (weight: number): RouteRuleResource[] => [
    {
      backends: [
        { ...web, weight: 1 - weight },
        { ...web, weight, filters: [filterOf()] },
      ],
    },
  ];

  test("what goes there is asked about, and nothing else", async () => {
    const { authorizer, plane, client } = await openPlane({ rules: rules(0) });
    authorizer.decide = () => no;
    expect([await ask(client), authorizer.asked.length]).toEqual([200, 0]);
    plane.apply([routeResource("web", { rules: rules(1) })]);
    expect([await ask(client), authorizer.asked.length]).toEqual([403, 1]);
    authorizer.decide = () => yes;
    expect(await ask(client)).toBe(200);
  });

  test("a path with an encoded slash is refused: nobody knows how the authorizer reads it", async () => {
    const { authorizer, client } = await openPlane({ rules: rules(1) });
    expect([await ask(client, "/a%2Fb"), authorizer.asked.length]).toEqual([400, 0]);
  });

  test("it is asked beside the CUSTOM of a Service that the route leads to, whose word is the last", async () => {
    const endpoint = await rig.openUpstream();
    const more = [
      serviceResource("shop", "other", 80),
      sliceResource("shop", "other", [`${endpoint.host}:${endpoint.port}`]),
      customPolicy({
        target: { kind: "Service", name: "shop/other" },
        provider: { contextExtensions: { by: "policy" } },
      }),
    ];
    const leading = [{ backends: [{ service: "shop/other", port: 80, weight: 1, filters: [filterOf()] }] }];
    const { authorizer, client } = await openPlane({ rules: leading, more });
    expect(await ask(client)).toBe(200);
    expect(authorizer.asked.map((each) => each.attributes?.contextExtensions?.["by"])).toEqual([
      undefined,
      "policy",
    ]);
  });
});

test("one that comes to the backendRef while somebody is asked about the request is asked as well", async () => {
  const { authorizer, plane, client, upstream } = await openPlane();
  let tell: (said: typeof yes) => void = () => {};
  authorizer.hold((answer) => (tell = answer));
  await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  await until(() => authorizer.asked.length === 1, "it is asked");
  authorizer.decide = () => no;
  const other = { ...web, filters: [filterOf({ contextExtensions: { by: "backendRef" } })] };
  plane.apply([routeResource("web", { rules: [{ backends: [other], filters: [filterOf()] }] })]);
  tell(yes);
  expect((await client.readResponse()).status).toBe(403);
  expect([authorizer.asked.length, upstream.requests.length]).toEqual([2, 0]);
});

describe("beside policies", () => {
  const by = { contextExtensions: { by: "policy" } };

  test("every CUSTOM goes before it, and DENY after it, on the headers as it changed them", async () => {
    const deny = customPolicy({
      name: "deny",
      action: "DENY",
      rules: [{ to: [{ "headers[x-role]": ["guest"] }] }],
    });
    const { authorizer, client } = await openPlane({ more: [customPolicy({ provider: by }), deny] });
    const asked = (): unknown => authorizer.asked.map((each) => each.attributes?.contextExtensions?.["by"]);
    authorizer.decide = () => ({ okResponse: { headers: [{ header: { key: "x-role", value: "guest" } }] } });
    expect([await ask(client), asked()]).toEqual([403, ["policy", undefined]]);
    authorizer.decide = ({ attributes }) => (attributes?.contextExtensions?.["by"] === "policy" ? no : yes);
    expect([await ask(client), asked()]).toEqual([403, ["policy", undefined, "policy"]]);
  });

  test("a preflight that a CORS filter beside it answers is answered unasked: it shows no credentials", async () => {
    const cors = { cors: { allowOrigins: ["https://a.example"], allowMethods: ["GET"] } };
    const { authorizer, client } = await openPlane({
      rules: [{ backends: [web], filters: [filterOf(), cors] }],
    });
    const headers = ["Origin: https://a.example", "Access-Control-Request-Method: GET"];
    expect([await ask(client, "/", { method: "OPTIONS", headers }), authorizer.asked.length]).toEqual([
      200, 0,
    ]);
    expect([await ask(client, "/", { headers }), authorizer.asked.length]).toEqual([200, 1]);
  });
});

describe("a stream that was let through", () => {
  const onRule = (resource: AuthorizerResource = {}): RouteRuleResource[] => asking(resource);
  const onBackend = (resource: AuthorizerResource = {}): RouteRuleResource[] => [
    { backends: [{ ...web, filters: [filterOf(resource)] }] },
  ];

  test.for([
    ["of the rule", onRule],
    ["of the backendRef", onBackend],
  ] as const)(
    "goes on while the filter %s asks the same, and ends when it asks something else",
    async ([, rules]) => {
      const upstream = await rig.openUpstream({ answer: () => undefined });
      const { authorizer, plane, client } = await openPlane({ upstreams: [upstream], rules: rules() });
      await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await until(() => upstream.requests.length === 1, "the endpoint has it");
      plane.apply([routeResource("web", { generation: 2, rules: rules({ timeoutMs: 5 }) })]);
      (await upstream.connection()).write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok");
      await until(() => client.received.includes("ok"), "the answer has begun");
      plane.apply([routeResource("web", { generation: 3, rules: rules({ allowedHeaders: ["x-one"] }) })]);
      await client.readUntilEnd();
      expect(await plane.lines(1)).toMatchObject([{ response_code_details: "authorizer-unasked" }]);
      expect(authorizer.asked.length).toBe(1);
    },
  );

  const one = { ...web, filters: [filterOf({ contextExtensions: { by: "one" } })] };
  const two = { ...web, filters: [filterOf({ contextExtensions: { by: "two" } })] };
  const none = { ...web, weight: 0 };
  const other = { service: "shop/other", port: 80, weight: 0 };

  test.for([
    [
      "it has no filter, and one before it has",
      [{ ...one, weight: 0 }, web],
      [{ ...one, weight: 0 }, other, web],
    ],
    ["it asks something, and one that asks nobody comes before it", [one], [none, one]],
    ["those that ask change places", [one, { ...two, weight: 0 }], [{ ...two, weight: 0 }, one]],
  ] as const)(
    "by one of several backendRefs to the same port goes on when others come and go beside it: %s",
    async ([, before, after]) => {
      const upstream = await rig.openUpstream({ answer: () => undefined });
      const rules = [{ backends: [...before] }];
      const { plane, client } = await openPlane({ upstreams: [upstream], rules });
      await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await until(() => upstream.requests.length === 1, "the endpoint has it");
      plane.apply([routeResource("web", { generation: 2, rules: [{ backends: [...after] }] })]);
      (await upstream.connection()).write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      expect((await client.readResponse()).body.toString()).toBe("ok");
    },
  );

  test("by a backendRef without a filter ends when each that leads there has somebody asked", async () => {
    const upstream = await rig.openUpstream({ answer: () => undefined });
    const { plane, client } = await openPlane({ upstreams: [upstream], rules: [{ backends: [web] }] });
    await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => upstream.requests.length === 1, "the endpoint has it");
    plane.apply([routeResource("web", { generation: 2, rules: [{ backends: [two, one] }] })]);
    expect((await client.readResponse()).status).toBe(503);
    expect(await plane.lines(1)).toMatchObject([{ response_code_details: "authorizer-unasked" }]);
  });
});

test("what was asked is counted by the route and its rule, and goes with the route", async () => {
  const { client, plane } = await openPlane();
  expect(await ask(client)).toBe(200);
  const [asked] = samplesOf(plane, "waystone_authorizer_requests_total");
  expect(asked?.labels).toMatchObject({ policy: "HTTPRoute/shop/web", outcome: "allowed", mode: "Enforce" });
  const [decision] = samplesOf(plane, "waystone_policy_decisions_total");
  expect(decision?.labels).toMatchObject({ policy: "HTTPRoute/shop/web", rule: "0", decision: "allow" });
  expect(await plane.lines(1)).toMatchObject([
    { policy: "HTTPRoute/shop/web", authorizer_outcome: "allowed" },
  ]);
  plane.apply([], [routeResource("web", { rules: asking() })]);
  for (const name of ["waystone_authorizer_requests_total", "waystone_policy_decisions_total"])
    expect(samplesOf(plane, name)).toEqual([]);
});
