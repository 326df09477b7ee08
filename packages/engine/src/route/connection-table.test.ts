/** Which TLSRoute or TCPRoute a connection gets (Gateway API, TLSRoute.hostnames; GEP-1294 for the order of kinds). */
import type { RouteResource } from "@waystone/api/resources";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { buildConnectionTable, type ConnectionTable } from "./connection-table.ts";
import type { Route } from "./route.ts";
import { routeFromResource } from "./route-from-resource.ts";

function route(name: string, hostnames: readonly string[] = [], more: Partial<RouteResource> = {}): Route {
  const backends = [{ service: "shop/web", port: 443, weight: 1 }];
  return routeFromResource({
    kind: "TLSRoute",
    namespace: "shop",
    name,
    hostnames: [...hostnames],
    rules: [{ backends }],
    ...more,
  });
}

const named = (table: ConnectionTable, serverName: string): string | undefined =>
  table.match(serverName)?.route.name;

describe("of the routes that take a name", () => {
  const table = buildConnectionTable([
    route("any"),
    route("wild", ["*.shop.example"]),
    route("longer", ["*.eu.shop.example"]),
    route("exact", ["web.shop.example", "api.eu.shop.example"]),
  ]);

  test.for([
    ["web.shop.example", "exact", "the one with the name itself wins"],
    ["api.eu.shop.example", "exact", "over every wildcard"],
    ["www.shop.example", "wild", "then a wildcard"],
    ["a.b.shop.example", "wild", "which stands for several labels too"],
    ["www.eu.shop.example", "longer", "the longest wildcard"],
    ["shop.example", "any", "which never stands for no label"],
    ["eu.shop.example", "wild", "whatever longer one is below it"],
    ["other", "any", "then one without hostnames"],
    ["", "any", "which takes connections that name nothing too"],
  ] as const)("%j: %s; %s", ([serverName, expected]) => {
    expect(named(table, serverName)).toBe(expected);
  });

  test("the entries are in that order, for listings", () => {
    expect(table.entries().map(({ serverName, rule }) => [serverName, rule.route.name])).toEqual([
      ["api.eu.shop.example", "exact"],
      ["web.shop.example", "exact"],
      ["*.eu.shop.example", "longer"],
      ["*.shop.example", "wild"],
      ["*", "any"],
    ]);
  });
});

test("without one that takes the name there is none", () => {
  const table = buildConnectionTable([route("exact", ["web.shop"])]);
  expect(named(table, "api.shop")).toBeUndefined();
  expect(named(table, "")).toBeUndefined();
});

test("of two that take the same the older wins, then the name", () => {
  const old = route("z-old", ["web.shop"], { createdAtSeconds: 1 });
  const twins = [
    route("b", ["web.shop"], { createdAtSeconds: 5 }),
    route("a", ["web.shop"], { createdAtSeconds: 5 }),
  ];
  expect(named(buildConnectionTable([...twins, old]), "web.shop")).toBe("z-old");
  expect(named(buildConnectionTable(twins), "web.shop")).toBe("a");
  expect(named(buildConnectionTable([route("b"), route("a")]), "x")).toBe("a");
});

test("TCPRoutes take everything, and nothing where a TLSRoute is", () => {
  const tcp = route("tcp", [], { kind: "TCPRoute" });
  const alone = buildConnectionTable([tcp]);
  expect([alone.readsServerName, named(alone, "")]).toEqual([false, "tcp"]);
  const both = alone.with({ add: [route("tls", ["web.shop"])] });
  expect([both.readsServerName, named(both, "web.shop"), named(both, "")]).toEqual([true, "tls", undefined]);
  const again = both.with({ remove: ["TLSRoute/shop/tls"] });
  expect([again.readsServerName, named(again, "web.shop")]).toEqual([false, "tcp"]);
});

test("a route in another version takes the place of the one before", () => {
  const before = buildConnectionTable([route("web", ["a.shop"])]);
  const after = before.with({ add: [route("web", ["b.shop"])] });
  expect([named(after, "a.shop"), named(after, "b.shop"), named(before, "a.shop")]).toEqual([
    undefined,
    "web",
    "web",
  ]);
});

test("property: the winner is the one that a look at every route finds", () => {
  const part = fc.constantFrom("a", "b", "c");
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
  const hostname = fc.oneof(
    name,
    name.map((suffix) => `*.${suffix}`),
  );
  const routes = fc.array(
    fc.record({ hostnames: fc.array(hostname, { maxLength: 3 }), createdAtSeconds: fc.nat(2) }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(routes, fc.oneof(name, fc.constant("")), (given, serverName) => {
      const made = given.map(({ hostnames, createdAtSeconds }, at) =>
        route(`r${at}`, hostnames, { createdAtSeconds }),
      );
      expect(named(buildConnectionTable(made), serverName)).toBe(winner(made, serverName));
    }),
  );
});

function winner(routes: readonly Route[], serverName: string): string | undefined {
  const fits = routes.flatMap((one) => {
    const lengths = one.hostnames.flatMap((hostname) => {
      if (hostname === serverName) return [1000];
      return hostname.startsWith("*") && serverName.endsWith(hostname.slice(1)) ? [hostname.length] : [];
    });
    if (one.hostnames.length > 0 && lengths.length === 0) return [];
    return [{ one, rank: Math.max(0, ...lengths) }];
  });
  const [first] = fits.toSorted(
    (a, b) =>
      b.rank - a.rank ||
      a.one.createdAtSeconds - b.one.createdAtSeconds ||
      (a.one.name < b.one.name ? -1 : 1),
  );
  return first?.one.name;
}

test.for([
  ["an upper-case hostname", { hostnames: ["Web.shop"] }, 'hostnames[0]: "Web.shop" is no server name'],
  ["a bare asterisk", { hostnames: ["*"] }, 'hostnames[0]: "*" is no server name'],
  ["matches", { rules: [{ matches: [{}] }] }, "rules[0].matches: a TLSRoute has none"],
] as const)("a TLSRoute with %s is refused", ([, change, reason]) => {
  const more = JSON.parse(JSON.stringify(change)) as Partial<RouteResource>;
  expect(() => route("web", [], more)).toThrow(reason);
});
