import {
  MatchType,
  Route as RouteMessage,
  type RouteResource,
  type RouteRuleResource,
} from "@waystone/api/resources";
import { describe, expect, test } from "vitest";
import { ResourceError } from "./problems.ts";
import type { Route, RouteRule } from "./route.ts";
import { routeFromResource } from "./route-from-resource.ts";

/** From a newer controller. */
const unknownType: object = { type: 9 };
const everyPath = [{ path: { type: MatchType.PREFIX, value: "/" } }];

/** Through the wire, as a waypoint gets it. */
function compile(rules: readonly RouteRuleResource[], change: Partial<RouteResource> = {}): Route {
  const resource: RouteResource = {
    kind: "HTTPRoute",
    namespace: "shop",
    name: "web",
    generation: 3,
    ...change,
    rules: [...rules],
  };
  return routeFromResource(RouteMessage.decode(RouteMessage.encode(resource).finish()));
}

function compileRule(rule: RouteRuleResource): RouteRule {
  return compile([{ matches: everyPath, ...rule }]).rules[0]!;
}

function reasonsOf(rule: RouteRuleResource): readonly string[] {
  try {
    compileRule(rule);
  } catch (error) {
    if (error instanceof ResourceError) return error.reasons;
    throw error;
  }
  return [];
}

test("a route has its key, its parents and its rules in order, each with its label", () => {
  const parents = [{ service: "shop/web", port: 80 }, { service: "shop/api" }];
  const route = compile([{ matches: everyPath }, { matches: everyPath, name: "canary" }], {
    parents,
    createdAtSeconds: 7,
  });
  expect(route).toMatchObject({
    key: "HTTPRoute/shop/web",
    generation: 3,
    createdAtSeconds: 7,
    parents: [
      { service: "shop/web", port: 80 },
      { service: "shop/api", port: 0 },
    ],
  });
  expect(route.rules.map((rule) => [rule.index, rule.label, rule.route === route])).toEqual([
    [0, "shop/web/0", true],
    [1, "shop/web/canary", true],
  ]);
});

describe("matches", () => {
  test.for([
    [MatchType.EXACT, "/a/", { type: "exact", value: "/a/" }],
    [MatchType.PREFIX, "/", { type: "prefix", value: "" }],
    [MatchType.PREFIX, "/a/", { type: "prefix", value: "/a" }],
    [MatchType.PREFIX, "/caf%c3%a9/%7e", { type: "prefix", value: "/caf%C3%A9/~" }],
    [
      MatchType.REGULAR_EXPRESSION,
      "/api/v[0-9]/.*",
      { type: "regex", source: "/api/v[0-9]/.*", under: "/api" },
    ],
    [MatchType.REGULAR_EXPRESSION, "/api/(v1|v2)", { type: "regex", under: "/api" }],
    [MatchType.REGULAR_EXPRESSION, "/[0-9]+", { type: "regex", under: "" }],
    [MatchType.REGULAR_EXPRESSION, ".*", { type: "regex", under: "" }],
  ] as const)("a path of type %s, %s, is in the form that requests are in", ([type, value, expected]) => {
    expect(compileRule({ matches: [{ path: { type, value } }] }).matches[0]!.path).toMatchObject(expected);
  });

  test("header names compare without case, query names with it, and the first of equivalent ones counts", () => {
    const [match] = compileRule({
      matches: [
        {
          ...everyPath[0],
          headers: [
            { name: "X-A", value: "1" },
            { name: "x-a", value: "2" },
          ],
          queryParams: [
            { name: "A", value: "1" },
            { name: "a", value: "2" },
            { name: "a", value: "3" },
          ],
          method: "GET",
        },
      ],
    }).matches;
    expect(match!.headers.map(({ name, source }) => [name, source])).toEqual([["x-a", "1"]]);
    expect(match!.queryParams.map(({ name, source }) => [name, source])).toEqual([
      ["A", "1"],
      ["a", "2"],
    ]);
    expect(match!.method).toBe("GET");
  });
});

test("filters, backends, timeouts and retry come through the wire", () => {
  const rule = compileRule({
    filters: [
      { requestHeaderModifier: { set: [{ name: "X-A", value: "1" }], remove: ["x-b"] } },
      { responseHeaderModifier: { add: [{ name: "X-C", value: "2" }] } },
      { urlRewrite: { hostname: "one.example", path: { replacePrefixMatch: "" } } },
      { requestMirror: { backend: { service: "shop/a", port: 80 }, numerator: 100, denominator: 100 } },
      { requestMirror: { backend: { service: "shop/b", port: 80 }, numerator: 1, denominator: 4 } },
      { cors: { allowOrigins: ["*"] } },
    ],
    backends: [
      {
        service: "shop/v1",
        port: 8080,
        weight: 9,
        filters: [{ requestRedirect: { scheme: "https", statusCode: 301 } }],
      },
      { service: "", weight: 1, invalid: "Service shop/gone does not exist" },
    ],
    timeouts: { requestMs: 1000, backendRequestMs: 500 },
    retry: { attempts: 2, backoffMs: 50, codes: [500, 503] },
  });
  expect(rule).toMatchObject({
    requestHeaders: { set: [{ line: "X-A: 1\r\n" }] },
    responseHeaders: { add: [{ line: "X-C: 2\r\n" }] },
    rewrite: { hostname: "one.example", path: { type: "prefix", prefix: "" } },
    redirect: undefined,
    mirrors: [
      { backend: { service: "shop/a" }, fraction: 1 },
      { backend: { service: "shop/b" }, fraction: 0.25 },
    ],
    cors: { origins: { any: true } },
    backends: [
      { service: "shop/v1", port: 8080, weight: 9, invalid: "", redirect: { scheme: "https", status: 301 } },
      { weight: 1, invalid: "Service shop/gone does not exist" },
    ],
    requestTimeoutMs: 1000,
    backendRequestTimeoutMs: 500,
    retry: { attempts: 2, backoffMs: 50, codes: [500, 503] },
  });
  expect([...rule.requestHeaders!.removeNames]).toEqual(["x-a", "x-b"]);
});

test("without filters, timeouts and retry all of it is off", () => {
  expect(compileRule({})).toMatchObject({
    mirrors: [],
    backends: [],
    requestTimeoutMs: undefined,
    backendRequestTimeoutMs: 0,
    retry: undefined,
    session: undefined,
  });
});

describe("a route with anything wrong in it is refused, with the rule and the field", () => {
  test.for<[RouteRuleResource, string]>([
    [{ matches: [] }, "rules[0].matches: is empty"],
    [
      { matches: [{ path: { type: MatchType.EXACT, value: "a" } }] },
      'rules[0].matches[0].path.value: "a" is no path: the path does not',
    ],
    [
      { matches: [{ path: { type: MatchType.PREFIX, value: "/a/../b" } }] },
      'rules[0].matches[0].path.value: "/a/../b" has dot segments',
    ],
    [
      { matches: [{ path: { type: MatchType.PREFIX, value: "/%2e" } }] },
      'rules[0].matches[0].path.value: "/%2e" has dot segments',
    ],
    [
      { matches: [{ path: { type: MatchType.REGULAR_EXPRESSION, value: "(" } }] },
      'rules[0].matches[0].path.value: the expression "(" is not RE2',
    ],
    [
      { matches: [{ path: { value: "/", ...unknownType } }] },
      "rules[0].matches[0].path.type: the match type 9 is not known",
    ],
    [{ matches: [{}] }, 'rules[0].matches[0].path.value: "" is no path'],
    [{ matches: [{ ...everyPath[0], method: "G T" }] }, 'rules[0].matches[0].method: "G T" is not a method'],
    [
      { matches: [{ ...everyPath[0], headers: [{ name: "a b", value: "" }] }] },
      'rules[0].matches[0].headers[0].name: "a b" is not a header name',
    ],
    [
      { matches: [{ ...everyPath[0], headers: [{ name: "a", type: MatchType.PREFIX }] }] },
      "rules[0].matches[0].headers[0].type: is neither",
    ],
    [
      { matches: [{ ...everyPath[0], queryParams: [{ name: "", value: "x" }] }] },
      "rules[0].matches[0].queryParams[0].name: is empty",
    ],
    [
      {
        matches: [
          { ...everyPath[0], queryParams: [{ name: "a", type: MatchType.REGULAR_EXPRESSION, value: "[" }] },
        ],
      },
      "rules[0].matches[0].queryParams[0].value: the expression",
    ],
    [{ filters: [{}] }, "rules[0].filters[0]: the filter is of a kind that this version does not know"],
    [{ filters: [{ cors: {} }, { cors: {} }] }, "rules[0].filters[1]: this kind of filter appears twice"],
    [
      { filters: [{ urlRewrite: {} }, { requestRedirect: {} }] },
      "rules[0].filters: a redirect and a URL rewrite exclude each other",
    ],
    [
      { filters: [{ requestMirror: { backend: { service: "a/b", port: 1 } } }] },
      "rules[0].filters[0]: 0/0 is not a share",
    ],
    [
      { filters: [{ requestMirror: { numerator: 1, denominator: 1 } }] },
      "rules[0].filters[0].backend.service",
    ],
    [
      { backends: [{ service: "web", port: 80 }] },
      'rules[0].backends[0].service: "web" is not "<namespace>/<name>"',
    ],
    [{ backends: [{ service: "shop/web" }] }, "rules[0].backends[0].port: 0 is not a port"],
    [
      { backends: [{ service: "shop/web", port: 80, filters: [{}] }] },
      "rules[0].backends[0].filters[0]: the filter is of a kind",
    ],
    [{ retry: { codes: [200] } }, "rules[0].retry.codes[0]: 200 is not between 400 and 599"],
  ])("%j: %s", ([rule, reason]) => {
    expect(
      reasonsOf(rule).some((found) => found.startsWith(reason)),
      reasonsOf(rule).join("\n"),
    ).toBe(true);
  });

  test("with every reason at once, after the resource's name", () => {
    expect(() =>
      compile([
        { matches: [], backends: [{ service: "x", port: 80 }] },
        { matches: everyPath, retry: { codes: [1] } },
      ]),
    ).toThrow(
      'HTTPRoute/shop/web cannot be used: rules[0].matches: is empty, so that the rule could never be used; rules[0].backends[0].service: "x" is not "<namespace>/<name>"; rules[1].retry.codes[0]: 1 is not between 400 and 599',
    );
  });

  test("a route without a name is nobody's", () => {
    expect(() => routeFromResource({})).toThrow(/kind: is empty; namespace: is empty; name: is empty/);
  });
});
