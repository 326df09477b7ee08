import { MatchType } from "@waystone/api/resources";
import { describe, expect, test } from "vitest";
import type { RequestView, Route } from "./route.ts";
import { buildRouteTable } from "./route-table.ts";
import { type Asked, exact, header, labelOf, prefix, regex, route, view } from "./testing/route-words.ts";

function ask(routes: readonly Route[], asked: Asked): string {
  return labelOf(buildRouteTable(routes).match(view(asked)));
}

describe("paths", () => {
  const routes = [
    route("web", [
      [exact("/exact")],
      [prefix("/foo")],
      [prefix("/foo/bar/")],
      [regex("/re/[0-9]+")],
      [prefix("/re")],
      [exact("/foo/bar/exact")],
      [prefix("/a//b")],
    ]),
  ];
  test.for([
    ["/exact", "shop/web/0", "Exact is the whole path"],
    ["/exact/", "404", "a slash more is another path"],
    ["/Exact", "404", "case counts"],
    ["/foo", "shop/web/1", "a prefix holds itself"],
    ["/foo/", "shop/web/1", "with a slash"],
    ["/foo/x", "shop/web/1", "and what is below it"],
    ["/foobar", "404", "by element: /foobar is not below /foo (T08)"],
    ["/foo/bar", "shop/web/2", "a trailing slash of a prefix is ignored"],
    ["/foo/bar/x/y", "shop/web/2", "the longest prefix wins"],
    ["/foo/barx", "shop/web/1", "element by element"],
    ["/foo/bar/exact", "shop/web/5", "Exact beats every prefix"],
    ["/re/42", "shop/web/3", "RegularExpression beats a prefix"],
    ["/re/42/x", "shop/web/4", "and matches the whole path"],
    ["/re/x", "shop/web/4", "or does not match"],
    ["/a//b/c", "shop/web/6", "empty elements are elements"],
    ["/a/b/c", "404", "and are not skipped"],
    ["/", "404", "no prefix is the root's"],
  ] as const)("%s goes to %s: %s", ([path, expected]) => {
    expect(ask(routes, { path })).toBe(expected);
  });
});

describe("precedence, criterion by criterion (HTTPRouteRule.matches)", () => {
  const base = prefix("/a");
  const cases: readonly [string, Route[], Asked, string][] = [
    [
      "a longer prefix beats a method",
      [route("x", [[{ ...base, method: "GET" }], [prefix("/a/b")]])],
      { path: "/a/b" },
      "shop/x/1",
    ],
    [
      "a method beats headers",
      [
        route("x", [
          [{ ...base, headers: [header("h", "1"), header("i", "1")] }],
          [{ ...base, method: "GET" }],
        ]),
      ],
      { path: "/a", headers: { h: ["1"], i: ["1"] } },
      "shop/x/1",
    ],
    [
      "more headers beat fewer",
      [
        route("x", [
          [{ ...base, headers: [header("h", "1")] }],
          [{ ...base, headers: [header("h", "1"), header("i", "1")] }],
        ]),
      ],
      { path: "/a", headers: { h: ["1"], i: ["1"] } },
      "shop/x/1",
    ],
    [
      "headers beat query parameters",
      [
        route("x", [
          [{ ...base, queryParams: [header("q", "1"), header("r", "1")] }],
          [{ ...base, headers: [header("h", "1")] }],
        ]),
      ],
      { path: "/a", query: "q=1&r=1", headers: { h: ["1"] } },
      "shop/x/1",
    ],
    [
      "more query parameters beat fewer",
      [
        route("x", [
          [{ ...base, queryParams: [header("q", "1")] }],
          [{ ...base, queryParams: [header("q", "1"), header("r", "1")] }],
        ]),
      ],
      { path: "/a", query: "q=1&r=1" },
      "shop/x/1",
    ],
    [
      "the older route wins",
      [route("a", [[base]], { createdAtSeconds: 9 }), route("b", [[base]], { createdAtSeconds: 8 })],
      { path: "/a" },
      "shop/b/0",
    ],
    [
      "of equally old ones the first by {namespace}/{name}",
      [route("b", [[base]]), route("a", [[base]])],
      { path: "/a" },
      "shop/a/0",
    ],
    [
      "where a-b/x comes before a/x",
      [route("x", [[base]], { namespace: "a" }), route("x", [[base]], { namespace: "a-b" })],
      { path: "/a" },
      "a-b/x/0",
    ],
    ["within a route the first rule", [route("x", [[base], [base]])], { path: "/a" }, "shop/x/0"],
    [
      "the longest expression beats a shorter one",
      [route("x", [[regex("/a.*")], [regex("/a[/].*")]])],
      { path: "/a/b" },
      "shop/x/1",
    ],
    [
      "the longest expression, wherever the table files it",
      [route("x", [[regex("/a/b/c")], [regex("/.*[a-z]")]])],
      { path: "/a/b/c" },
      "shop/x/1",
    ],
    [
      "an expression of higher precedence beats a longer one",
      [
        route("x", [
          [{ path: { ...regex("/[^/]+/Add[a-z]*").path, precedence: 3 } }],
          [{ path: { ...regex("/a/.*").path, precedence: 4 } }],
        ]),
      ],
      { path: "/a/Add" },
      "shop/x/1",
    ],
    [
      "an expression's length beats its conditions",
      [route("x", [[{ ...regex("/.*"), method: "GET" }], [regex("/a/.*")]])],
      { path: "/a/b" },
      "shop/x/1",
    ],
    [
      "a more specific match that does not fit gives way",
      [route("x", [[{ ...prefix("/a/b"), method: "POST" }], [base]])],
      { path: "/a/b" },
      "shop/x/1",
    ],
    [
      "an exact match that does not fit gives way",
      [route("x", [[{ ...exact("/a/b"), method: "POST" }], [regex("/a/.")], [base]])],
      { path: "/a/b" },
      "shop/x/1",
    ],
    ["matches of one rule are alternatives", [route("x", [[exact("/b"), base]])], { path: "/a" }, "shop/x/0"],
  ];
  test.for(cases)("%s", ([, routes, asked, expected]) => {
    expect(ask(routes, asked)).toBe(expected);
    expect(ask(routes.toReversed(), asked)).toBe(expected);
  });
});

describe("conditions", () => {
  const canary = [route("x", [[{ ...prefix("/"), headers: [header("x-canary", "true")] }]])];
  const version = [
    route("x", [[{ ...prefix("/"), headers: [header("v", "v[12]", MatchType.REGULAR_EXPRESSION)] }]]),
  ];
  test.for<[string, readonly Route[], Asked, string]>([
    ["a header must be there", canary, {}, "404"],
    ["and have the value", canary, { headers: { "x-canary": ["true"] } }, "shop/x/0"],
    [
      "every line of it must match, not the first alone (L10)",
      canary,
      { headers: { "x-canary": ["true", "false"] } },
      "404",
    ],
    ["nor the last alone", canary, { headers: { "x-canary": ["false", "true"] } }, "404"],
    ["all lines may match", canary, { headers: { "x-canary": ["true", "true"] } }, "shop/x/0"],
    ["lines are never joined", canary, { headers: { "x-canary": ["tr", "ue"] } }, "404"],
    ["a list is one value", canary, { headers: { "x-canary": ["true, true"] } }, "404"],
    ["an expression matches the whole value", version, { headers: { v: ["v1"] } }, "shop/x/0"],
    ["and no part of it", version, { headers: { v: ["v12"] } }, "404"],
    [
      "a method is compared with case (RFC 9110 9.1)",
      [route("x", [[{ ...prefix("/"), method: "GET" }]])],
      { method: "get" },
      "404",
    ],
    [
      "all conditions of a match must hold",
      [route("x", [[{ ...prefix("/"), method: "GET", queryParams: [header("q", "1")] }]])],
      { query: "q=2" },
      "404",
    ],
  ])("%s", ([, routes, asked, expected]) => {
    expect(ask(routes, asked)).toBe(expected);
  });
});

describe("a table changes into another and stays as it is", () => {
  const web = route("web", [[prefix("/web")], [exact("/only")]]);
  const api = route("api", [[prefix("/api")], [regex("/api/v[0-9]")]]);
  const table = buildRouteTable([web, api]);

  test("adding a route with a known key takes its place", () => {
    const changed = table.with({ add: [route("web", [[prefix("/new")]])] });
    expect(changed.size).toBe(2);
    expect(["/web", "/only", "/new", "/api"].map((path) => labelOf(changed.match(view({ path }))))).toEqual([
      "404",
      "404",
      "shop/web/0",
      "shop/api/0",
    ]);
    expect(["/web", "/only", "/new"].map((path) => labelOf(table.match(view({ path }))))).toEqual([
      "shop/web/0",
      "shop/web/1",
      "404",
    ]);
  });

  test("removing all routes leaves nothing", () => {
    const empty = table.with({ remove: [web.key, api.key, "HTTPRoute/shop/unknown"] });
    expect(empty.size).toBe(0);
    expect(empty.entries()).toEqual([]);
    expect(empty.match(view({ path: "/api/v1" }))).toBeUndefined();
  });

  test("no change gives the same table", () => {
    expect(table.with({ remove: ["HTTPRoute/shop/unknown"] })).toBe(table);
  });

  test("a route is found by its key", () => {
    expect(table.route("HTTPRoute/shop/web")).toBe(web);
    expect(table.route("HTTPRoute/shop/none")).toBeUndefined();
  });
});

test("a request is compared with the matches on the way of its path alone, among thousands", () => {
  const routes = Array.from({ length: 3000 }, (_, i) =>
    route(`r${i}`, [
      [{ ...prefix(`/api/service-${i}`), headers: [header("h", "1")] }],
      [{ ...exact(`/api/service-${i}/x`), headers: [header("h", "2")] }],
      [{ ...prefix(`/api/service-${i}/x/y`), headers: [header("h", "1")] }],
    ]),
  );
  const table = buildRouteTable(routes);
  let looks = 0;
  const request: RequestView = {
    method: "GET",
    path: "/api/service-1234/x",
    query: "",
    headerValues: () => {
      looks++;
      return ["1"];
    },
  };
  expect(labelOf(table.match(request))).toBe("shop/r1234/0");
  expect(looks).toBe(2);
});
