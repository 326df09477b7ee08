import { MatchType } from "@waystone/api/resources";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { compareCandidates } from "../route/precedence.ts";
import { routeFromResource } from "../route/route-from-resource.ts";
import { buildRouteTable } from "../route/route-table.ts";
import { makeRequest } from "../authorization/testing/policy-rig.ts";
import { Chain } from "./chain.ts";
import { explainRoute, listOutranked } from "./explain-route.ts";
import { findMisfit } from "./find-misfit.ts";
import { AskedRequest } from "./question.ts";

type Rule = NonNullable<Parameters<typeof routeFromResource>[0]["rules"]>[number];
type Match = NonNullable<Rule["matches"]>[number];

function table(...matches: readonly (readonly Match[])[]) {
  const routes = matches.map((each, at) =>
    routeFromResource({
      kind: "HTTPRoute",
      namespace: "shop",
      name: `r${at}`,
      parents: [{ service: "shop/web" }],
      rules: each.map((match) => ({ matches: [match] })),
    }),
  );
  return buildRouteTable(routes);
}

function asked(path: string, headers: Readonly<Record<string, string>> = {}): AskedRequest {
  const lines = Object.entries(headers).map(([name, value]): [string, string[]] => [name, [value]]);
  const { client } = makeRequest();
  const text = { client, method: "GET", target: path, authority: "web", serverName: "", timeMs: 0 };
  const request = new AskedRequest({ ...text, headers: new Map(lines) });
  request.path = path;
  return request;
}

const prefix = (value: string, more: Match = {}): Match => ({
  path: { type: MatchType.PREFIX, value },
  ...more,
});

test("the rule that wins, what it goes before and why, and what kept the others from fitting", () => {
  const red = { headers: [{ type: 0 as const, name: "x-team", value: "red" }] };
  const chain = new Chain();
  explainRoute(
    chain,
    table([prefix("/"), prefix("/api")], [prefix("/api", red), prefix("/admin")]),
    asked("/api/orders"),
  );
  expect(chain.finish().steps.map(({ text, field }) => `${text} [${field}]`)).toMatchInlineSnapshot(`
    [
      "HTTPRoute shop/r0 rule 1 matches: /api/* [spec.rules[1].matches[0]]",
      "before HTTPRoute shop/r0 rule 0 (/*): its path is longer [spec.rules[0].matches[0]]",
      "not HTTPRoute shop/r1 rule 0: header x-team is not there, and has to be "red" [spec.rules[0].matches[0].headers[0]]",
      "not HTTPRoute shop/r1 rule 1: the path is not /admin/* [spec.rules[1].matches[0].path]",
    ]
  `);
});

test("the first that fits, in order of precedence, is the one that the table matches (Gateway API, HTTPRouteRule.matches)", () => {
  const match = fc.record({
    path: fc.record({
      type: fc.constantFrom(0 as const, 1 as const, 2 as const),
      value: fc.constantFrom("/a", "/a/b", "/"),
    }),
    method: fc.constantFrom("", "GET", "PUT"),
    headers: fc.subarray([{ type: 0 as const, name: "x-team", value: "red" }]),
  });
  const rules = fc.array(fc.array(match, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      rules,
      fc.constantFrom("/", "/a", "/a/b", "/a/b/c", "/ab"),
      fc.boolean(),
      (given, path, isRed) => {
        const all = table(...given);
        const request = asked(path, isRed ? { "x-team": "red" } : {});
        const fitting = all.entries().filter((each) => findMisfit(each.match, request) === undefined);
        const won = all.match(request);
        expect(won?.match).toBe(fitting[0]?.match);
        if (won === undefined) return;
        for (const { other, criterion } of listOutranked(all, request, won)) {
          expect(compareCandidates(fitting[0]!, other)).toBeLessThan(0);
          expect(criterion).not.toBe("");
        }
      },
    ),
  );
});
