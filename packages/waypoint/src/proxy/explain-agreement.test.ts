/**
 * What a live waypoint does with a request, asked over sockets, is what `waystone explain` says of it: random routes, policies of
 * every level, policies of the backends' Services, random requests of two known clients. WAYSTONE_AGREEMENT_RUNS=20000 is the long form.
 */
import type { RouteRuleResource } from "@waystone/api/resources";
import {
  type Fields,
  policyMessage,
  type PolicyText,
} from "@waystone/engine/authorization/testing/policy-rig";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { expectedAnswer, ExplainedPlane } from "../testing/explained-plane.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { routeResource } from "../testing/open-test-plane.ts";
import { frontend, stranger } from "../testing/policy-clients.ts";
import { resource } from "../testing/token-clients.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const runs = Number(process.env["WAYSTONE_AGREEMENT_RUNS"] ?? 300);
const perSet = 10;

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
const redirect = {
  requestRedirect: { scheme: "", hostname: "elsewhere", port: 0, statusCode: 301 },
};
const cors = { cors: { allowOrigins: ["http://red"], allowMethods: ["GET"] } };
const rule: fc.Arbitrary<RouteRuleResource> = fc.record({
  name: fc.constantFrom("", "one", "two"),
  matches: fc.array(match, { minLength: 1, maxLength: 2 }),
  backends: fc.array(backend, { maxLength: 3 }),
  filters: fc.constantFrom([], [], [], [redirect], [cors]),
});
const routes = fc.array(
  fc.record({
    namespace: fc.constantFrom("shop", "other"),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 3 },
);

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
const policies = fc
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

test("what a waypoint does with a request is what its explanation says, whatever routes and policies there are", async () => {
  const live = await ExplainedPlane.open(rig, peers);
  const sets = fc.tuple(routes, policies, fc.array(question, { minLength: perSet, maxLength: perSet }));
  const property = fc.asyncProperty(sets, async ([given, texts, questions]) => {
    live.apply([
      ...given.map((each, at) => routeResource(`r${at}`, { ...each, rules: [...each.rules] })),
      ...texts.map((text) => resource(policyMessage(text))),
    ]);
    for (const each of questions) {
      const expected = expectedAnswer(await live.explain(each), each);
      expect([each, await live.ask(each)]).toEqual([each, expected]);
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(runs / perSet) });
}, 600_000);
