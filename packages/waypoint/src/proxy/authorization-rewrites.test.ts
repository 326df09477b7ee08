/**
 * A Service is asked about what it gets: what a route has made of a request on its way there, be it one to a Service of the route's own
 * namespace that leads on, or one for the clients of that namespace (GEP-1294). Found by reading: either was a way past its policies.
 */
import { AuthorizerApi, type RouteRuleResource } from "@waystone/api/resources";
import type { PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import type { EncodedResource } from "@waystone/xds/resource";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { policy, useAuthorizationRig } from "../testing/authorization-rig.ts";
import { routeResource, serviceResource, sliceResource } from "../testing/open-test-plane.ts";
import { ask, openKnownClient, stranger } from "../testing/policy-clients.ts";
import {
  authorizerResources,
  customPolicy,
  no,
  useTestAuthorizers,
  yes,
} from "../testing/test-authorizer.ts";
import { bearer, jwks, token, who } from "../testing/token-clients.ts";

const { rig } = useAuthorizationRig();
const openAuthorizer = useTestAuthorizers();

type Filters = NonNullable<RouteRuleResource["filters"]>;
type Way = (filters: Filters) => readonly EncodedResource[];
const web = { service: "shop/web", port: 80, weight: 1 };

/** Whose policies are asked is shop/web in either case; the route is another namespace's. */
const ofItsClients: Way = (filters) => [
  routeResource("mine", { namespace: "other", rules: [{ filters, backends: [web] }] }),
];
const ways: readonly [string, Way][] = [
  ["a route for the clients of its namespace", ofItsClients],
  [
    "its backendRef",
    (filters) => [
      routeResource("mine", { namespace: "other", rules: [{ backends: [{ ...web, filters }] }] }),
    ],
  ],
];

async function open(more: readonly EncodedResource[]) {
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({ upstreams: [upstream], more: [...more] });
  const client = await openKnownClient(rig, plane, stranger);
  const heard = (): string[] => upstream.requests.at(-1)!.headers.map(([name, value]) => `${name}: ${value}`);
  return { upstream, plane, client, heard };
}

const deny = (to: Readonly<Record<string, readonly string[]>>): EncodedResource =>
  policy({ action: "DENY", rules: [{ to: [to] }] });
const toAdmin: Filters = [{ urlRewrite: { hostname: "", path: { replaceFullPath: "/admin" } } }];
const setUser: Filters = [{ requestHeaderModifier: { set: [{ name: "X-User", value: "root" }] } }];
const whoIsX = who({
  requirement: "Optional",
  target: { kind: "Service", name: "shop/web" },
  providers: [{ jwks, claimsToHeaders: { "x-user": "sub" } }],
});

describe.for(ways)("by %s", ([, way]) => {
  test.for<[string, Filters, Readonly<Record<string, readonly string[]>>]>([
    ["a path", toAdmin, { paths: ["/admin"] }],
    ["a host", [{ urlRewrite: { hostname: "admin.local" } }], { hosts: ["admin.local"] }],
    ["a header that is set", setUser, { "headers[x-user]": ["root"] }],
    [
      "a header that is added",
      [{ requestHeaderModifier: { add: [{ name: "X-Role", value: "root" }] } }],
      { "headers[x-role]": ["root"] },
    ],
    [
      "a header that is removed",
      [{ requestHeaderModifier: { remove: ["X-Team"] } }],
      { "notHeaders[x-team]": ["red"] },
    ],
  ])("%s is judged as it goes on, and as it came", async ([, filters, to]) => {
    const { client, upstream, plane } = await open([deny(to), ...way(filters)]);
    const headers = ["X-Team: red"];
    expect(await ask(client, "/public", { headers })).toBe(403);
    expect(upstream.requests).toEqual([]);
    plane.apply([], [deny(to)]);
    expect(await ask(client, "/public", { headers })).toBe(200);
    plane.apply([deny({ paths: ["/public"] })]);
    expect(await ask(client, "/public", { headers })).toBe(403);
  });

  test("what the Service's policies say about who asks has the last word", async () => {
    const { client, heard } = await open([whoIsX, ...way([...setUser])]);
    expect(await ask(client, "/", { headers: ["X-User: mallory"] })).toBe(200);
    expect(heard().filter((line) => /user/i.test(line))).toEqual([]);
    expect(await ask(client, "/", { headers: [bearer(token())] })).toBe(200);
    expect(heard().filter((line) => /user/i.test(line))).toEqual(["x-user: alice"]);
  });

  test("nor does whom the route asks put another word in its place", async () => {
    const authorizer = await openAuthorizer(() => ({
      ...yes,
      okResponse: { headers: [{ header: { key: "x-user", value: "root" } }] },
    }));
    const asked = { service: "policy/opa", port: 9191, api: AuthorizerApi.EXT_AUTHZ_V3 };
    const filter = { externalAuth: { ...asked, timeoutMs: 60_000, statusOnError: 403 } };
    const { client, heard } = await open([whoIsX, ...authorizerResources(authorizer.port), ...way([filter])]);
    expect(await ask(client)).toBe(200);
    expect(authorizer.asked.length).toBe(1);
    expect(heard().filter((line) => /user/i.test(line))).toEqual([]);
  });

  test("its authorizer is asked about what it gets", async () => {
    const authorizer = await openAuthorizer(({ attributes }) =>
      attributes?.request?.http?.path === "/admin" ? no : yes,
    );
    const { client, upstream } = await open([
      customPolicy({ rules: [{}] }),
      ...authorizerResources(authorizer.port),
      ...way(toAdmin),
    ]);
    expect(await ask(client, "/public")).toBe(403);
    expect(upstream.requests).toEqual([]);
  });

  test("what goes on is changed once, and the log has what came", async () => {
    const filters: Filters = [
      { urlRewrite: { hostname: "other.local", path: { replacePrefixMatch: "/a/a" } } },
      {
        requestHeaderModifier: {
          add: [{ name: "X-Team", value: "blue" }],
          set: [{ name: "X-Forwarded-For", value: "192.0.2.1" }],
        },
      },
    ];
    const { client, heard, upstream, plane } = await open(way(filters));
    expect(await ask(client, "/x?q=1", { headers: ["X-Team: red"] })).toBe(200);
    expect(upstream.requests[0]!.target).toBe("/a/a/x?q=1");
    expect(heard().filter((line) => /^(host|x-team|x-forwarded-for)/i.test(line))).toEqual([
      "Host: other.local",
      "X-Team: red",
      "X-Team: blue",
      "X-Forwarded-For: 192.0.2.1",
    ]);
    expect(await plane.lines(1)).toMatchObject([{ authority: "h", path: "/x?q=1" }]);
  });

  test("what is under way goes on, or ends, by what it is", async () => {
    const upstream = await rig.openUpstream({
      answer: () => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun",
    });
    const plane = await rig.openPlane({ upstreams: [upstream], more: [...way(toAdmin)] });
    const client = await openKnownClient(rig, plane, stranger);
    await client.send("GET /public HTTP/1.1\r\nHost: h\r\n\r\n");
    await until(() => client.received.includes("begun"), "it is under way");
    plane.apply([deny({ paths: ["/elsewhere"] })]);
    expect(client.peerState).toBe("open");
    plane.apply([deny({ paths: ["/admin"] })]);
    await until(() => client.peerState !== "open", "it is closed");
  });
});

test("a copy is judged like that too", async () => {
  const copies = await rig.openUpstream();
  const mirror = {
    requestMirror: { backend: { service: "bank/api", port: 80, weight: 1 }, numerator: 1, denominator: 1 },
  };
  const text: PolicyText = { action: "DENY", rules: [{ to: [{ paths: ["/admin"] }] }] };
  const ofBank = policy({ ...text, namespace: "bank", target: { kind: "Service", name: "bank/api" } });
  const { client, plane } = await open([
    serviceResource("bank", "api", 80),
    sliceResource("bank", "api", [`127.0.0.1:${copies.port}`]),
    ofBank,
    ...ofItsClients([mirror, ...toAdmin]),
  ]);
  expect(await ask(client, "/public")).toBe(200);
  plane.apply([], [ofBank]);
  expect(await ask(client, "/public?second")).toBe(200);
  expect((await copies.request()).target).toBe("/admin?second");
  expect(copies.requests.length).toBe(1);
});

test("a copy has no words of the client's in what the policies of its Service say", async () => {
  const copies = await rig.openUpstream();
  const mirror = {
    requestMirror: { backend: { service: "shop/copies", port: 80, weight: 1 }, numerator: 1, denominator: 1 },
  };
  const { client } = await open([
    serviceResource("shop", "copies", 80),
    sliceResource("shop", "copies", [`127.0.0.1:${copies.port}`]),
    who({ name: "front", requirement: "Optional", providers: [{ jwks }] }),
    who({
      requirement: "Optional",
      target: { kind: "Service", name: "shop/copies" },
      providers: [{ jwks, claimsToHeaders: { "x-user": "sub" } }],
    }),
    routeResource("web", { rules: [{ filters: [mirror], backends: [web] }] }),
  ]);
  const users = async (index: number): Promise<string[]> =>
    (await copies.request(index)).headers.flatMap(([name, value]) => (/user/i.test(name) ? [value] : []));
  expect(await ask(client, "/", { headers: ["X-User: root", "X_User: root"] })).toBe(200);
  expect(await users(0)).toEqual([]);
  expect(await ask(client, "/", { headers: ["X-User: root", bearer(token())] })).toBe(200);
  expect(await users(1)).toEqual(["alice"]);
});

test("what its own namespace's routes make of requests is its owner's affair: they are judged as they came", async () => {
  const own = routeResource("web", { rules: [{ filters: [...toAdmin, ...setUser], backends: [web] }] });
  const { client, heard, upstream } = await open([deny({ paths: ["/admin"] }), whoIsX, own]);
  expect(await ask(client, "/public")).toBe(200);
  expect(upstream.requests[0]!.target).toBe("/admin");
  expect(heard()).toContain("X-User: root");
  expect(await ask(client, "/admin")).toBe(403);
});
