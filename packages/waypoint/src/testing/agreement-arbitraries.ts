/**
 * Random routes, policies and requests for the tests that hold a live waypoint against its explanation: of a small world, so that
 * much of what is drawn meets.
 */
import type { RouteRuleResource } from "@waystone/api/resources";
import type { Fields, PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import * as fc from "@waystone/testkit/fast-check";
import { frontend, stranger } from "./policy-clients.ts";

/** Requests in all, ten of them to each configuration; WAYSTONE_AGREEMENT_RUNS=20000 is the long form. */
export const agreementRuns = Number(process.env["WAYSTONE_AGREEMENT_RUNS"] ?? 300);
export const questionsPerSet = 10;

const pathMatch = fc.oneof(
  fc.record({ type: fc.constant(0 as const), value: fc.constantFrom("/a", "/a/b") }),
  fc.record({ type: fc.constant(1 as const), value: fc.constantFrom("/", "/a", "/x") }),
  fc.record({ type: fc.constant(2 as const), value: fc.constantFrom("/[ax].*", "/a/b?", "/.*/y/.*") }),
);
const match = fc.record({
  path: pathMatch,
  method: fc.constantFrom("", "", "GET", "PUT"),
  headers: fc.subarray([{ type: 0 as const, name: "x-team", value: "red" }]),
  queryParams: fc.subarray([{ type: 0 as const, name: "q", value: "1" }]),
});
const backend = fc.record({
  service: fc.constantFrom("shop/web", "shop/a", "shop/b", "shop/empty"),
  port: fc.constant(80),
  weight: fc.constantFrom(0, 1, 3),
  invalid: fc.constantFrom("", "", "", "", "there is no such Service"),
});
export const redirect = {
  requestRedirect: { scheme: "", hostname: "elsewhere", port: 0, statusCode: 301 },
};
/** What the Service that it leads to is asked about. */
export const rewrite = { urlRewrite: { hostname: "other", path: { replaceFullPath: "/a/rewritten" } } };
export const red = { requestHeaderModifier: { set: [{ name: "X-Team", value: "red" }] } };
export const blue = { requestHeaderModifier: { add: [{ name: "X-Team", value: "blue" }] } };
export const cors = { cors: { allowOrigins: ["http://red"], allowMethods: ["GET"] } };
type Filters = NonNullable<RouteRuleResource["filters"]>;

/** `filters`, `backendFilters`: those that rules and backendRefs have, one of the lists each. */
export function drawRoutes(filters: readonly Filters[], backendFilters: readonly Filters[] = [[]]) {
  const rule: fc.Arbitrary<RouteRuleResource> = fc.record({
    name: fc.constantFrom("", "one", "two"),
    matches: fc.array(match, { minLength: 1, maxLength: 2 }),
    backends: fc.array(
      fc.tuple(backend, fc.constantFrom(...backendFilters)).map(([to, list]) => ({ ...to, filters: list })),
      { maxLength: 3 },
    ),
    filters: fc.constantFrom(...filters),
  });
  return fc.array(
    fc.record({
      namespace: fc.constantFrom("shop", "other"),
      rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 3 },
  );
}

const fields: fc.Arbitrary<Fields> = fc
  .array(
    fc.constantFrom<readonly [string, readonly string[]]>(
      ["paths", ["/a*"]],
      ["notPaths", ["/x/*"]],
      ["methods", ["GET"]],
      ["hosts", ["h"]],
      ["headers[x-team]", ["red"]],
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list) => Object.fromEntries(list));
const policy = fc.record({
  action: fc.constantFrom("ALLOW" as const, "DENY" as const, "AUDIT" as const),
  mode: fc.constantFrom("Enforce" as const, "Enforce" as const, "Shadow" as const),
  target: fc.constantFrom<NonNullable<PolicyText["target"]>>(
    { kind: "Service", name: "shop/web" },
    { kind: "Service", name: "shop/a" },
    { kind: "Service", name: "shop/b", section: "main" },
    { kind: "Namespace", name: "shop" },
    { kind: "HTTPRoute", name: "shop/r0" },
    { kind: "HTTPRoute", name: "shop/r0", section: "one" },
  ),
  rules: fc.array(
    fc.record(
      {
        from: fc.constantFrom([{ namespaces: ["shop"] }], [{ serviceAccounts: ["other/default"] }]),
        to: fields.map((each) => [each]),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  ),
});
export const policies = fc
  .array(policy, { maxLength: 3 })
  .map((list) => list.map((each, at): PolicyText => ({ ...each, name: `p${at}` })));

const question = fc.record({
  person: fc.constantFrom(frontend, stranger),
  method: fc.constantFrom("GET", "PUT", "OPTIONS"),
  target: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom("/a", "/a/b", "/%61/b?q=1", "/x/../a?q=2", "/x/y/z", "/") },
    { weight: 1, arbitrary: fc.constantFrom("/a%2Fb", "/a\\b", "*", "http://h/a", "http://i/a") },
  ),
  host: fc.constantFrom(...Array<string>(8).fill("h"), "H.:80", "h..i"),
  headers: fc.subarray([
    ["X-Team", "red"],
    ["X-Team", "blue"],
    ["Origin", "http://red"],
    ["Origin", "http://blue"],
    ["Access-Control-Request-Method", "GET"],
  ] as const),
  point: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

export const questions = fc.array(question, { minLength: questionsPerSet, maxLength: questionsPerSet });
