/**
 * A Service's authorizer (CUSTOM) is asked about what came, and about what a route of another namespace makes of it: once where that is
 * the same, twice where it is not, or may not be (authorization-rewrites.test.ts says why it is asked about both).
 */
import { AuthorizerApi, type RouteRuleResource } from "@waystone/api/resources";
import type { CheckResponseMessage } from "@waystone/api/ext-authz";
import type { EncodedResource } from "@waystone/xds/resource";
import { until } from "@waystone/testkit/within";
import { describe, expect, test } from "vitest";
import { policy, useAuthorizationRig } from "../testing/authorization-rig.ts";
import { routeResource } from "../testing/open-test-plane.ts";
import { ask, openKnownClient, stranger } from "../testing/policy-clients.ts";
import { authorizerResources, customPolicy, useTestAuthorizers, yes } from "../testing/test-authorizer.ts";
import { bearer, jwks, token, who } from "../testing/token-clients.ts";

const { rig } = useAuthorizationRig();
const openAuthorizer = useTestAuthorizers();

type Filters = NonNullable<RouteRuleResource["filters"]>;
const web = { service: "shop/web", port: 80, weight: 1 };
const headers = ["X-Team: red"];

/** Whose question it is that the authorizer gets. */
const ofRoute = { contextExtensions: { who: "route" } };
const ofService = { contextExtensions: { who: "service" } };
const askingFilter: Filters[number] = {
  externalAuth: {
    service: "policy/opa",
    port: 9191,
    api: AuthorizerApi.EXT_AUTHZ_V3,
    timeoutMs: 60_000,
    statusOnError: 403,
    ...ofRoute,
  },
};
const setting = (key: string, value: string): CheckResponseMessage => ({
  ...yes,
  okResponse: { headers: [{ header: { key, value } }] },
});

interface Given {
  readonly filters: Filters;
  /** What the route's authorizer, and the Service's, say. */
  readonly route?: CheckResponseMessage;
  readonly service?: CheckResponseMessage;
  readonly more?: readonly EncodedResource[];
}

async function open({ filters, route = yes, service = yes, more = [] }: Given) {
  const authorizer = await openAuthorizer(({ attributes }) =>
    attributes?.contextExtensions?.["who"] === "route" ? route : service,
  );
  const upstream = await rig.openUpstream();
  const plane = await rig.openPlane({
    upstreams: [upstream],
    more: [
      ...authorizerResources(authorizer.port),
      customPolicy({ rules: [{}], provider: { ...ofService, timeoutMs: 60_000 } }),
      routeResource("mine", { namespace: "other", rules: [{ filters, backends: [web] }] }),
      ...more,
    ],
  });
  const client = await openKnownClient(rig, plane, stranger);
  /** The paths about which the Service's was asked. */
  const asked = (): unknown[] =>
    authorizer.asked.flatMap(({ attributes }) =>
      attributes?.contextExtensions?.["who"] === "service" ? [attributes.request?.http?.path] : [],
    );
  return { plane, upstream, client, authorizer, asked };
}

const rewriteTo = (path: string): Filters[number] => ({
  urlRewrite: { hostname: "", path: { replaceFullPath: path } },
});
const modify = (modifier: NonNullable<Filters[number]["requestHeaderModifier"]>): Filters[number] => ({
  requestHeaderModifier: modifier,
});

describe("once", () => {
  test.for<[string, Filters]>([
    ["where the route asks somebody of its own, who changes nothing", [askingFilter]],
    ["where it is rewritten to what it was", [rewriteTo("/a")]],
    ["where a header is to be removed that is not there", [modify({ remove: ["X-Other"] })]],
    [
      "where all of that comes together",
      [askingFilter, rewriteTo("/a"), modify({ remove: ["X-Other", "X-Another"] })],
    ],
  ])("%s", async ([, filters]) => {
    const { client, asked } = await open({ filters });
    expect(await ask(client, "/a", { headers })).toBe(200);
    expect(asked()).toEqual(["/a"]);
  });

  test("and a request of that kind that is under way is not taken for one that nobody was asked about", async () => {
    const { plane, upstream, client, asked } = await open({ filters: [askingFilter] });
    await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na");
    await until(() => upstream.bytes.includes("\r\n\r\na"), "it is under way");
    plane.apply([policy({ name: "other", action: "DENY", rules: [{ to: [{ paths: ["/elsewhere"] }] }] })]);
    await client.send("b");
    expect((await client.readResponse("POST")).status).toBe(200);
    expect(asked().length).toBe(1);
  });
});

describe("twice", () => {
  test.for<[string, Given, string[]]>([
    ["where the path is another", { filters: [rewriteTo("/b")] }, ["/a", "/b"]],
    ["where the host is", { filters: [{ urlRewrite: { hostname: "other.local" } }] }, ["/a", "/a"]],
    ["where a header is removed", { filters: [modify({ remove: ["X-Team"] })] }, ["/a", "/a"]],
    ["where one is set", { filters: [modify({ set: [{ name: "X-A", value: "1" }] })] }, ["/a", "/a"]],
    [
      "where one is set to what it says",
      { filters: [modify({ set: [{ name: "X-Team", value: "red" }] })] },
      ["/a", "/a"],
    ],
    [
      "where one is set that is written last",
      { filters: [modify({ set: [{ name: "X-Forwarded-For", value: "192.0.2.1" }] })] },
      ["/a", "/a"],
    ],
    [
      "where whom the route asks changes a header",
      { filters: [askingFilter], route: setting("x-team", "blue") },
      ["/a", "/a"],
    ],
    [
      "where whom the Service asks changes one",
      { filters: [askingFilter], service: setting("x-role", "reader") },
      ["/a", "/a"],
    ],
  ])("%s", async ([, given, paths]) => {
    const { client, asked } = await open(given);
    expect(await ask(client, "/a", { headers })).toBe(200);
    expect(asked()).toEqual(paths);
  });

  test("where the Service's policies say who asks", async () => {
    const claims = who({
      requirement: "Optional",
      target: { kind: "Service", name: "shop/web" },
      providers: [{ jwks, claimsToHeaders: { "x-user": "sub" } }],
    });
    const { client, asked } = await open({ filters: [askingFilter], more: [claims] });
    expect(await ask(client, "/a", { headers: [bearer(token())] })).toBe(200);
    expect(asked()).toEqual(["/a", "/a"]);
    // Who says nothing gets no header, and nothing is another.
    expect(await ask(client, "/a")).toBe(200);
    expect(asked()).toEqual(["/a", "/a", "/a"]);
  });
});

test("a no to what came is not asked about again, and one to what goes on is heard", async () => {
  const { client, asked, authorizer } = await open({ filters: [askingFilter, rewriteTo("/b")] });
  authorizer.decide = ({ attributes }) =>
    attributes?.request?.http?.path === "/b" ? { status: { code: 7 } } : yes;
  expect(await ask(client, "/a")).toBe(403);
  expect(asked()).toEqual(["/a", "/b"]);
});
