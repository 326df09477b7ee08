/**
 * What a live waypoint makes of who asks, over HTTP/1.1, HTTP/2 and gRPC, is what `waystone explain` says of it: AuthenticationPolicies of
 * every level, authorizers that agree or not, Shadow mode, policies about principals, claims and headers that are set and taken away.
 * WAYSTONE_AGREEMENT_RUNS=20000 is the long form.
 */
import { isDeepStrictEqual } from "node:util";
import type { Explanation } from "@waystone/engine/explain/explanation";
import * as fc from "@waystone/testkit/fast-check";
import { until } from "@waystone/testkit/within";
import { afterEach, expect, test } from "vitest";
import {
  authenticationResources,
  authentications,
  authorizationResources,
  authorizations,
  shown,
} from "../testing/credential-arbitraries.ts";
import { samplesOf, useExchangeRig } from "../testing/exchange-rig.ts";
import { type AskedQuestion, ExplainedPlane, expectedAnswer, outcomeAt } from "../testing/explained-plane.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { routeResource } from "../testing/open-test-plane.ts";
import { frontend, stranger } from "../testing/policy-clients.ts";
import {
  authorizerResources,
  no,
  openTestAuthorizer,
  type TestAuthorizer,
  yes,
} from "../testing/test-authorizer.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
let authorizer: TestAuthorizer | undefined;
afterEach(async () => await authorizer?.close());
const runs = Number(process.env["WAYSTONE_AGREEMENT_RUNS"] ?? 300);
const perSet = 10;

const backends = [
  [{ service: "shop/web", port: 80, weight: 1 }],
  [{ service: "shop/a", port: 80, weight: 1 }],
  [
    { service: "shop/web", port: 80, weight: 1 },
    { service: "shop/a", port: 80, weight: 1 },
    { service: "shop/b", port: 80, weight: 2 },
  ],
];
const routes = fc.array(
  fc.record({
    name: fc.constantFrom("", "one"),
    matches: fc.constantFrom("/", "/a").map((value) => [{ path: { type: 1 as const, value } }]),
    backends: fc.constantFrom(...backends),
  }),
  { maxLength: 2 },
);
const question: fc.Arbitrary<AskedQuestion> = fc
  .record({
    person: fc.constantFrom(frontend, stranger),
    path: fc.constantFrom("/a", "/a/b", "/", "/pkg.Svc/Get", "/%2Fa"),
    shown,
    point: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    by: fc.constantFrom(undefined, "http2" as const, "grpc" as const),
  })
  .map(({ path, shown: { headers, query }, by, ...rest }) => ({
    ...rest,
    method: by === "grpc" ? "POST" : "GET",
    target: `${path}${query}`,
    host: "h",
    headers,
    ...(by && { by }),
  }));

/** By policy of this set, what shadowed ones would have denied so far. What was asked of others may be told late. */
function shadowDenials({ plane }: ExplainedPlane, isTold: (policy: string) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { labels, value } of samplesOf(plane, "waystone_policy_decisions_total")) {
    const { mode, decision, policy = "" } = labels;
    if (mode !== "Shadow" || decision !== "deny" || !isTold(policy)) continue;
    counts.set(policy, (counts.get(policy) ?? 0) + (value ?? 0));
  }
  return counts;
}

function isDenied({ headers }: AskedQuestion): boolean {
  return headers.some(([name]) => name === "X-Word");
}

/** What an authorizer says decides, where the explanation says that one is asked. */
function expected(explanation: Explanation, asked: AskedQuestion): string {
  const { asks } = outcomeAt(explanation, asked.point);
  if (isDenied(asked) && asks.length > 0) return asked.by === "grpc" ? "grpc 7" : "403";
  return expectedAnswer(explanation, asked);
}

test("whom a waypoint takes a client for, and what it lets it do, is what its explanation says", async () => {
  authorizer = await openTestAuthorizer(({ attributes }) =>
    attributes?.request?.http?.headers?.["x-word"] === "no" ? no : yes,
  );
  const live = await ExplainedPlane.open(rig, peers, authorizerResources(authorizer.port));
  const sets = fc.tuple(
    routes,
    authentications,
    authorizations,
    fc.array(question, { minLength: perSet, maxLength: perSet }),
  );
  let set = 0;
  const property = fc.asyncProperty(sets, async ([rules, authentication, authorization, questions]) => {
    set++;
    const route = rules.length === 0 ? [] : [routeResource("r0", { rules: [...rules] })];
    const policies = [
      ...authenticationResources(authentication, set),
      ...authorizationResources(authorization, set),
    ];
    live.apply([...route, ...policies]);
    const customs = authorization.flatMap(({ action }, at) =>
      action === "CUSTOM" ? `AuthorizationPolicy/shop/p${at}-${set}` : [],
    );
    // Where an authorizer stops a request, it is not told what shadowed policies were asked about it by then.
    const isTold = (policy: string): boolean => policy.endsWith(`-${set}`) && !customs.includes(policy);
    const isShadowTold = customs.length === 0 || authentication.every(({ mode }) => mode === "Enforce");
    for (const each of questions) {
      const explanation = await live.explain(each);
      const before = shadowDenials(live, isTold);
      expect([each, await live.ask(each)]).toEqual([each, expected(explanation, each)]);
      if (!isShadowTold || (isDenied(each) && customs.length > 0)) continue;
      const { shadowDeniedBy } = outcomeAt(explanation, each.point);
      // A token that is not remembered is looked into beside the request, which does not wait.
      const isSame = (): boolean => {
        const now = [...shadowDenials(live, isTold)];
        const denying = now.filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name);
        return isDeepStrictEqual(denying.toSorted(), shadowDeniedBy);
      };
      await until(isSame, `${shadowDeniedBy.join() || "nobody"} would deny ${JSON.stringify(each)}`);
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(runs / perSet), endOnFailure: true });
}, 600_000);
