/**
 * Whom a live waypoint asks about a request (CUSTOM, and ExternalAuth of rules and backendRefs) is whom `waystone explain` says, and
 * what comes of their yes or no: as explain-agreement.test.ts, with an authorizer on a socket of its own.
 */
import type { RouteRuleResource } from "@waystone/api/resources";
import { policyMessage, type PolicyText } from "@waystone/engine/authorization/testing/policy-rig";
import type { Explanation } from "@waystone/engine/explain/explanation";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import {
  agreementRuns,
  cors,
  drawRoutes,
  policies,
  questions,
  questionsPerSet,
  red,
  redirect,
  rewrite,
} from "../testing/agreement-arbitraries.ts";
import { useExchangeRig } from "../testing/exchange-rig.ts";
import { expectedAnswer, ExplainedPlane, outcomeAt } from "../testing/explained-plane.ts";
import { useHttp2Peers } from "../testing/http2-peers.ts";
import { routeResource } from "../testing/open-test-plane.ts";
import { authorizerResources, no, askingOpa, useTestAuthorizers, yes } from "../testing/test-authorizer.ts";
import { resource } from "../testing/token-clients.ts";

const rig = useExchangeRig();
const peers = useHttp2Peers();
const openAuthorizer = useTestAuthorizers();

const asking = { externalAuth: {} };
const lost = { externalAuth: { invalid: "there is no such Service", statusOnError: 500 } };
const routes = drawRoutes(
  [[], [redirect], [cors], [asking], [rewrite, red, asking], [cors, asking], [asking, redirect], [lost]],
  [[], [], [asking]],
);
const customs = fc.array(
  fc.tuple(policies, fc.boolean()).map(([list, isCustom]) => (isCustom ? list.map(asCustom) : list)),
  { maxLength: 2 },
);

/** The answers of whoever is asked for a route or policy of that name. */
const noes = fc.subarray(["r0", "r1", "p0", "p1"], { maxLength: 2 });

function asCustom(text: PolicyText): PolicyText {
  const { name = "" } = text;
  return {
    ...text,
    action: "CUSTOM",
    mode: "Enforce",
    provider: { ...patient, contextExtensions: { who: name } },
  };
}

/** No answer that is late on a busy machine counts as none. */
const patient = { timeoutMs: 60_000 };

/** The filters that ask say for which route. */
function named(rules: readonly RouteRuleResource[], who: string): RouteRuleResource[] {
  type Filters = RouteRuleResource["filters"];
  let place = 0;
  const name = (filters: Filters): NonNullable<Filters> =>
    (filters ?? []).map((filter) => {
      if (!filter.externalAuth) return filter;
      const contextExtensions = { who, place: `${place++}` };
      return { externalAuth: { ...askingOpa, ...patient, contextExtensions, ...filter.externalAuth } };
    });
  return rules.map((rule) => ({
    ...rule,
    filters: name(rule.filters),
    backends: (rule.backends ?? []).map((backend) => ({ ...backend, filters: name(backend.filters) })),
  }));
}

/** Of "HTTPRoute/shop/r0". */
const nameOf = (key: string): string => key.slice(key.lastIndexOf("/") + 1);

/** Those that are asked though the request is denied whatever they say. */
function matching({ steps }: Explanation): readonly string[] {
  return steps
    .filter(({ text }) => /(?:CUSTOM|ExternalAuth): rule .*matches/.test(text))
    .map(({ object }) => nameOf(object));
}

test("a waypoint asks whom the explanation of the request says, up to the first no, and does then what it says", async () => {
  const authorizer = await openAuthorizer();
  const live = await ExplainedPlane.open(rig, peers, authorizerResources(authorizer.port));
  const sets = fc.tuple(routes, customs, noes, questions);
  let asks = 0;
  const property = fc.asyncProperty(sets, async ([given, lists, refusers, list]) => {
    authorizer.decide = ({ attributes }) =>
      refusers.includes(attributes?.contextExtensions?.["who"] ?? "") ? no : yes;
    const texts = lists.flat().map((text, at) => ({ ...text, name: `p${at}` }));
    live.apply([
      ...given.map(({ namespace, rules }, at) =>
        routeResource(`r${at}`, { namespace, rules: named(rules, `r${at}`) }),
      ),
      ...texts.map((text) => resource(policyMessage(text.action === "CUSTOM" ? asCustom(text) : text))),
    ]);
    for (const each of list) {
      const explanation = await live.explain(each);
      const outcome = outcomeAt(explanation, each.point);
      const before = authorizer.asked.length;
      const answer = await live.ask(each);
      const asked = authorizer.asked
        .slice(before)
        .map(({ attributes }) => attributes?.contextExtensions?.["who"] ?? "");
      asks += asked.length;

      const refusals = asked.filter((who) => refusers.includes(who));
      expect([each, refusals], "nobody is asked after the first no").toEqual([
        each,
        asked.slice(asked.length - refusals.length),
      ]);
      expect(refusals.length).toBeLessThanOrEqual(1);
      expect([each, answer]).toEqual([each, refusals.length > 0 ? "403" : expectedAnswer(explanation, each)]);

      const told = new Set(outcome.asks.map(nameOf));
      // Who cannot be asked refuses what others may have been asked about before.
      if (outcome.kind === "authorizer-error") continue;
      const isDenied = outcome.kind === "access-denied";
      const possible = isDenied ? [...told, ...matching(explanation)] : [...told];
      expect([each, possible]).toEqual([each, expect.arrayContaining(asked)]);
      if (refusals.length === 0) expect([each, asked]).toEqual([each, expect.arrayContaining([...told])]);
    }
  });
  await fc.assert(property, { numRuns: Math.ceil(agreementRuns / questionsPerSet) });
  expect(asks, "the world that is drawn has requests in it about which somebody is asked").toBeGreaterThan(0);
}, 600_000);
