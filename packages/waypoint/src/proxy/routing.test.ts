/** Routes through a whole data plane: which backend, with which headers and target, or which answer of our own. */
import { seededRng } from "@waystone/base/rng";
import type { ReadResponse } from "@waystone/testkit/read-message";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { serviceResource, sliceResource } from "../testing/open-test-plane.ts";

const rig = useExchangeRig();

const web = { service: "shop/web", port: 80, weight: 1 };
const prefix = (value: string): object[] => [{ path: { type: 1, value } }];
const okNoBody = "HTTP/1.1 200 OK\r\nX-Up: 1\r\nContent-Length: 0\r\n\r\n";

async function openWith(rules: object[], answer = okNoBody) {
  const upstream = await rig.openUpstream({ answer: () => answer });
  const plane = await rig.openPlane({ upstreams: [upstream], rules });
  return { upstream, plane, client: await rig.openClient(plane) };
}

const get = (target: string, headers = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: web.example\r\n${headers}\r\n`;

/** The header lines of what went upstream, but for the three that every request gets. */
function passed(raw: Buffer): string[] {
  const added = /^X-(Forwarded-For|Forwarded-Proto|Request-Id): /;
  const lines = raw.toString("latin1").split("\r\n");
  return lines.filter((line) => line !== "" && !added.test(line));
}

function headerLines(response: ReadResponse): string[] {
  return response.headers.map(([name, value]) => `${name}: ${value}`);
}

test("a request that no rule matches is a 404, and the connection goes on", async () => {
  const { client, upstream, plane } = await openWith([{ matches: prefix("/a"), backends: [web] }]);
  await client.send(get("/b"));
  expect((await client.readResponse()).raw.toString()).toBe(
    "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\nno route matches\n",
  );
  await client.send(get("/a"));
  expect((await client.readResponse()).status).toBe(200);
  expect(upstream.requests.length).toBe(1);
  expect(await plane.lines(2)).toMatchObject([
    { response_code: 404, response_flags: "NR", reason: "NotFound", route_name: null, upstream_host: null },
    { response_code: 200, response_flags: "-", reason: "Upstream", route_name: "shop/web/0" },
  ]);
});

test.for([
  ["a rule without backends", []],
  ["a backend that cannot be used", [{ ...web, invalid: "Service shop/gone is not there" }]],
  ["backends of weight 0", [{ ...web, weight: 0 }]],
] as const)("%s is a 500", async ([, backends]) => {
  const { client, plane } = await openWith([{ backends }]);
  await client.send(get("/"));
  expect((await client.readResponse()).status).toBe(500);
  expect(await plane.lines(1)).toMatchObject([{ response_flags: "NC", route_name: "shop/web/0" }]);
});

test("a backend whose endpoints are not ready is a 503", async () => {
  const plane = await rig.openPlane({
    rules: [{ backends: [{ service: "shop/empty", port: 80, weight: 1 }] }],
    more: [serviceResource("shop", "empty", 80)],
  });
  const client = await rig.openClient(plane);
  await client.send(get("/"));
  expect((await client.readResponse()).status).toBe(503);
  expect(await plane.lines(1)).toMatchObject([{ response_flags: "UH", upstream_cluster: "shop/empty:80" }]);
});

test("without a route the Service's own endpoints serve", async () => {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream] });
  const client = await rig.openClient(plane);
  await client.send(get("/x"));
  expect((await client.readResponse()).body.toString()).toBe("ok");
  expect(await plane.lines(1)).toMatchObject([{ route_name: null, upstream_cluster: "shop/web:80" }]);
});

test("every request is a fresh pick by weight, on one connection too, and an invalid backend has its share", async () => {
  const [one, two] = [await rig.openUpstream(), await rig.openUpstream()];
  const more = (["a", "b"] as const).flatMap((name, index) => [
    serviceResource("shop", name, 80),
    sliceResource("shop", name, [`127.0.0.1:${[one, two][index]!.port}`]),
  ]);
  const backends = [
    { service: "shop/a", port: 80, weight: 60 },
    { service: "shop/b", port: 80, weight: 30 },
    { service: "shop/b", port: 80, weight: 0 },
    { service: "shop/gone", port: 80, weight: 10, invalid: "gone" },
  ];
  const plane = await rig.openPlane({ more, rules: [{ backends }], rng: seededRng(7) });
  const client = await rig.openClient(plane);
  const count = 1000;
  await client.send(get("/").repeat(count));
  const statuses = new Map<number, number>();
  for (let i = 0; i < count; i++) {
    const { status } = await client.readResponse();
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  // Three standard deviations of a thousand picks.
  const within = (seen: number, share: number): void =>
    expect(Math.abs(seen - count * share)).toBeLessThan(3 * Math.sqrt(count * share * (1 - share)));
  within(one.requests.length, 0.6);
  within(two.requests.length, 0.3);
  within(statuses.get(500) ?? 0, 0.1);
});

test("header modifiers of the rule and then of the backend change what goes upstream and what comes back", async () => {
  const { client, upstream } = await openWith(
    [
      {
        filters: [
          {
            requestHeaderModifier: {
              set: [{ name: "X-Set", value: "rule" }],
              add: [{ name: "X-Add", value: "rule" }],
              remove: ["x-gone"],
            },
          },
          {
            responseHeaderModifier: {
              set: [{ name: "X-Up", value: "rule" }],
              add: [{ name: "X-More", value: "rule" }],
            },
          },
        ],
        backends: [
          {
            ...web,
            filters: [
              {
                requestHeaderModifier: {
                  set: [{ name: "X-Set", value: "backend" }],
                  add: [{ name: "X-Add", value: "backend" }],
                },
              },
              { responseHeaderModifier: { add: [{ name: "X-More", value: "backend" }], remove: ["Server"] } },
            ],
          },
        ],
      },
    ],
    "HTTP/1.1 200 OK\r\nX-Up: 1\r\nServer: s\r\nx-up: 2\r\nX-Kept: k\r\nContent-Length: 0\r\n\r\n",
  );
  await client.send(get("/", "X-SET: client\r\nX-Add: client\r\nX-Gone: 1\r\nX-Gone: 2\r\nX-Kept: k\r\n"));
  expect(headerLines(await client.readResponse())).toEqual([
    "X-Kept: k",
    "X-Up: rule",
    "X-More: rule",
    "X-More: backend",
    "Content-Length: 0",
  ]);
  expect(passed((await upstream.request()).raw)).toEqual([
    "GET / HTTP/1.1",
    "Host: web.example",
    "X-Add: client",
    "X-Kept: k",
    "X-Add: rule",
    "X-Set: backend",
    "X-Add: backend",
  ]);
});

test("a filter's own X-Forwarded-For or X-Request-Id takes the place of ours: none is sent twice", async () => {
  const set = [
    { name: "X-Request-Id", value: "fixed" },
    { name: "X-Forwarded-For", value: "10.0.0.1" },
  ];
  const { client, upstream } = await openWith([
    { filters: [{ requestHeaderModifier: { set } }], backends: [web] },
  ]);
  await client.send(get("/"));
  await client.readResponse();
  const text = (await upstream.request()).raw.toString("latin1");
  expect(text.match(/X-Request-Id: .*/g)).toEqual(["X-Request-Id: fixed"]);
  expect(text.match(/X-Forwarded-For: .*/g)).toEqual(["X-Forwarded-For: 10.0.0.1"]);
});

test.for([
  [
    "a prefix and a host",
    prefix("/old"),
    { hostname: "new.example", path: { replacePrefixMatch: "/new" } },
    "/old/a%20b?x=1&x",
    "/new/a%20b?x=1&x",
    "new.example",
  ],
  [
    "a prefix to nothing",
    prefix("/old"),
    { path: { replacePrefixMatch: "/" } },
    "/old/a",
    "/a",
    "web.example",
  ],
  [
    "a prefix that is all of the path",
    prefix("/old"),
    { path: { replacePrefixMatch: "/" } },
    "/old?q",
    "/?q",
    "web.example",
  ],
  [
    "the full path",
    prefix("/old"),
    { path: { replaceFullPath: "/all" } },
    "/old/a?q=1",
    "/all?q=1",
    "web.example",
  ],
  ["a host alone", prefix("/"), { hostname: "new.example" }, "/x", "/x", "new.example"],
] as const)(
  "a rewrite changes %s on the way upstream",
  async ([, matches, urlRewrite, target, expected, host]) => {
    const { client, upstream } = await openWith([{ matches, filters: [{ urlRewrite }], backends: [web] }]);
    await client.send(get(target));
    expect((await client.readResponse()).status).toBe(200);
    expect(passed((await upstream.request()).raw)).toEqual([`GET ${expected} HTTP/1.1`, `Host: ${host}`]);
  },
);

test("a rewrite of the backend goes before the rule's", async () => {
  const { client, upstream } = await openWith([
    {
      matches: prefix("/a"),
      filters: [{ urlRewrite: { path: { replacePrefixMatch: "/rule" } } }],
      backends: [{ ...web, filters: [{ urlRewrite: { path: { replacePrefixMatch: "/backend" } } }] }],
    },
  ]);
  await client.send(get("/a/b"));
  await client.readResponse();
  expect((await upstream.request()).target).toBe("/backend/b");
});

test.for([
  [
    "another host",
    { statusCode: 301, hostname: "new.example" },
    "/a?b=c",
    "HTTP/1.1 301 Moved Permanently",
    "http://new.example/a?b=c",
  ],
  [
    "https, whose port is said by it",
    { statusCode: 302, scheme: "https" },
    "/a",
    "HTTP/1.1 302 Found",
    "https://web.example/a",
  ],
  [
    "another prefix",
    { statusCode: 302, path: { replacePrefixMatch: "/z" } },
    "/a/b?c",
    "HTTP/1.1 302 Found",
    "http://web.example/z/b?c",
  ],
  [
    "another path",
    { statusCode: 302, path: { replaceFullPath: "/z" } },
    "/a/b?c",
    "HTTP/1.1 302 Found",
    "http://web.example/z?c",
  ],
  ["a port", { statusCode: 302, port: 8443 }, "/a", "HTTP/1.1 302 Found", "http://web.example:8443/a"],
] as const)(
  "a redirect to %s is answered by the waypoint, with the rule's response headers",
  async ([, requestRedirect, target, line, location]) => {
    const filters = [
      { requestRedirect },
      { responseHeaderModifier: { add: [{ name: "X-By", value: "us" }] } },
    ];
    const { client, upstream, plane } = await openWith([{ matches: prefix("/a"), filters }]);
    await client.send(get(target));
    expect((await client.readResponse()).raw.toString()).toBe(
      `${line}\r\nX-By: us\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(upstream.connections.length).toBe(0);
    expect(await plane.lines(1)).toMatchObject([
      { response_flags: "-", reason: "DirectResponse", response_code_details: "redirect" },
    ]);
  },
);

const cors = {
  allowOrigins: ["https://a.example"],
  allowMethods: ["GET", "PUT"],
  allowHeaders: ["x-token"],
  exposeHeaders: ["x-up"],
  allowCredentials: true,
  maxAgeSeconds: 60,
};

test("a CORS preflight is answered by the waypoint and never forwarded", async () => {
  const { client, upstream, plane } = await openWith([{ filters: [{ cors }], backends: [web] }]);
  const preflight = (origin: string): string =>
    `OPTIONS /a HTTP/1.1\r\nHost: h\r\nOrigin: ${origin}\r\nAccess-Control-Request-Method: PUT\r\n\r\n`;
  await client.send(preflight("https://a.example"));
  const allowed = await client.readResponse();
  expect(allowed.status).toBe(200);
  expect(headerLines(allowed)).toEqual([
    "Access-Control-Allow-Origin: https://a.example",
    "Access-Control-Allow-Methods: GET, PUT",
    "Access-Control-Allow-Headers: x-token",
    "Access-Control-Max-Age: 60",
    "Access-Control-Allow-Credentials: true",
    "Access-Control-Expose-Headers: x-up",
    "Vary: Origin",
    "Content-Length: 0",
  ]);
  await client.send(preflight("https://b.example"));
  const denied = await client.readResponse();
  expect([denied.status, headerLines(denied)]).toEqual([403, ["Vary: Origin", "Content-Length: 0"]]);
  expect(upstream.connections.length).toBe(0);
  expect(await plane.lines(2)).toMatchObject([1, 2].map(() => ({ response_code_details: "cors_preflight" })));
});

test("other answers get the CORS headers of the waypoint in place of the backend's, local ones too", async () => {
  const { client } = await openWith(
    [
      { matches: prefix("/none"), filters: [{ cors }], backends: [] },
      { matches: prefix("/"), filters: [{ cors }], backends: [web] },
    ],
    "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nX-Up: 1\r\nContent-Length: 0\r\n\r\n",
  );
  const ours = [
    "Access-Control-Allow-Origin: https://a.example",
    "Access-Control-Allow-Credentials: true",
    "Access-Control-Expose-Headers: x-up",
    "Vary: Origin",
  ];
  await client.send(get("/", "Origin: https://a.example\r\n"));
  expect(headerLines(await client.readResponse())).toEqual(["X-Up: 1", ...ours, "Content-Length: 0"]);
  await client.send(get("/", "Origin: https://b.example\r\n"));
  expect(headerLines(await client.readResponse())).toEqual(["X-Up: 1", "Vary: Origin", "Content-Length: 0"]);
  await client.send(get("/none", "Origin: https://a.example\r\n"));
  const failed = await client.readResponse();
  expect([failed.status, headerLines(failed).slice(0, 4)]).toEqual([500, ours]);
});

test("OPTIONS without the headers of a preflight is forwarded", async () => {
  const { client, upstream } = await openWith([{ filters: [{ cors }], backends: [web] }]);
  await client.send("OPTIONS /a HTTP/1.1\r\nHost: h\r\n\r\n");
  expect((await client.readResponse()).status).toBe(200);
  expect((await upstream.request()).method).toBe("OPTIONS");
});

test("an answer of our own before the request has ended closes the connection", async () => {
  const { client, upstream } = await openWith([{ matches: prefix("/a"), backends: [web] }]);
  await client.send(
    "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n",
  );
  const response = await client.readResponse("POST");
  expect([response.status, headerLines(response).at(-1)]).toEqual([404, "Connection: close"]);
  await client.readUntilEnd();
  expect(upstream.connections.length).toBe(0);
});

test("HTTP/1.0 without a Host is served, under the Service's name", async () => {
  const { client, upstream } = await openWith([{ backends: [web] }]);
  await client.send("GET / HTTP/1.0\r\n\r\n");
  expect((await client.readResponse()).status).toBe(200);
  expect(passed((await upstream.request()).raw)).toEqual([
    "GET / HTTP/1.1",
    "Host: web.shop.svc.cluster.local",
  ]);
});

test("a mistake of ours costs the request that found it, and no other", async () => {
  const upstream = await rig.openUpstream();
  let isBroken = true;
  const next = (): number => {
    if (isBroken) throw new Error("no more chances");
    return 0.5;
  };
  const plane = await rig.openPlane({ upstreams: [upstream], rules: [{ backends: [web] }], rng: { next } });
  const [one, other] = [await rig.openClient(plane), await rig.openClient(plane)];
  await one.send(get("/"));
  expect((await one.readResponse()).status).toBe(500);
  await one.readUntilEnd();
  isBroken = false;
  await other.send(get("/"));
  expect((await other.readResponse()).status).toBe(200);
  expect(await plane.lines(2)).toMatchObject([
    { response_code: 500, reason: "Internal", upstream_transport_failure_reason: "no more chances" },
    { response_code: 200 },
  ]);
});
