/** What holds for any routes, requests and changes. */
import type { RouteMatchResource } from "@waystone/api/resources";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { Candidate, fitsRequest } from "./candidate.ts";
import type { Matched, RequestView, Route } from "./route.ts";
import { buildRouteTable } from "./route-table.ts";
import { exact, header, prefix, regex, route, view } from "./testing/route-words.ts";

const segment = fc.constantFrom("a", "b", "", "a-b");
const anyPath = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join("/")}`);
const anyMatch: fc.Arbitrary<RouteMatchResource> = fc
  .tuple(
    fc.oneof(
      anyPath.map(exact),
      anyPath.map(prefix),
      fc.constantFrom("/a.*", "/a/.*", "/a/[ab]", "/.*", ".*b", "/a/b/?", "/(a|b)/.*").map(regex),
    ),
    fc.option(fc.constantFrom("GET", "POST"), { nil: "" }),
    fc.subarray([header("h", "1"), header("i", "1")]),
    fc.subarray([header("q", "1"), header("r", "1")]),
  )
  .map(([path, method, headers, queryParams]) => ({ ...path, method, headers, queryParams }));
const anyRoutes = fc
  .array(
    fc.tuple(
      fc.array(fc.array(anyMatch, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      fc.nat(2),
    ),
    { maxLength: 8 },
  )
  .map((routes) =>
    routes.map(([rules, createdAtSeconds], index) => route(`r${index}`, rules, { createdAtSeconds })),
  );
const anyRequest = fc.record({
  path: anyPath,
  method: fc.constantFrom("GET", "POST"),
  query: fc.constantFrom("", "q=1", "q=1&r=1", "r=1"),
  headers: fc.constantFrom<Record<string, readonly string[]>>(
    {},
    { h: ["1"] },
    { h: ["1"], i: ["1"] },
    { i: ["2"] },
  ),
});

/** What the spec says, the slow way: the first of the sorted list that fits. */
function firstOf(entries: readonly Matched[], request: RequestView): Matched | undefined {
  return entries.find((entry) => {
    const { path } = entry.match;
    const isPath =
      path.type === "exact"
        ? request.path === path.value
        : path.type === "regex"
          ? path.pattern.test(request.path)
          : request.path === path.value || request.path.startsWith(`${path.value}/`);
    return isPath && fitsRequest(new Candidate(entry.rule, entry.rule.matches.indexOf(entry.match)), request);
  });
}

test("for any routes and request, the first entry that fits wins", () => {
  fc.assert(
    fc.property(anyRoutes, fc.array(anyRequest, { minLength: 1, maxLength: 10 }), (routes, asked) => {
      const table = buildRouteTable(routes);
      const entries = table.entries();
      for (const each of asked) {
        const won = table.match(view(each));
        const expected = firstOf(entries, view(each));
        expect(won?.match).toBe(expected?.match);
        expect(won?.rule).toBe(expected?.rule);
      }
    }),
    { numRuns: 500 },
  );
});

test("any sequence of changes gives the table of its outcome", () => {
  const changes = fc.array(
    fc.tuple(
      fc.boolean(),
      fc.nat(7),
      fc.array(fc.array(anyMatch, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
    ),
    {
      maxLength: 20,
      size: "max",
    },
  );
  fc.assert(
    fc.property(changes, fc.array(anyRequest, { maxLength: 8 }), (steps, asked) => {
      const model = new Map<string, Route>();
      let table = buildRouteTable([]);
      for (const [isRemoval, n, rules] of steps) {
        const changed = route(`r${n}`, rules);
        table = isRemoval ? table.with({ remove: [changed.key] }) : table.with({ add: [changed] });
        if (isRemoval) model.delete(changed.key);
        else model.set(changed.key, changed);
      }
      const fresh = buildRouteTable(model.values());
      expect(table.size).toBe(model.size);
      expect(table.entries().map((entry) => entry.match)).toEqual(
        fresh.entries().map((entry) => entry.match),
      );
      for (const each of asked) expect(table.match(view(each))?.match).toBe(fresh.match(view(each))?.match);
    }),
    { numRuns: 200 },
  );
});
