/** What a test expects beside what comes of its request: the differences, field by field. */
import { type Explanation, isLetThrough } from "@waystone/engine/explain/explanation";
import type { Expectation } from "./expectation-table.ts";

export interface Difference {
  readonly field: keyof Expectation;
  readonly expected: string;
  readonly actual: string;
}

export function judgeTest(expect: Expectation, explanation: Explanation): readonly Difference[] {
  const { outcomes, route, shadowDeniedBy } = explanation;
  const actual: Readonly<Record<keyof Expectation, string>> = {
    verdict: verdictOf(explanation),
    route: route ?? "none",
    backend: several(outcomes.map(({ backend }) => backend || "none")),
    status: several(outcomes.map(({ status }) => (status === null ? "the endpoint's" : `${status}`))),
    policy: several(outcomes.map(({ policies }) => policies.map(bareName).join(", ") || "none")),
    shadow: shadowDeniedBy.length > 0 ? "deny" : "allow",
  };
  return (Object.entries(expect) as [keyof Expectation, string | number][])
    .map(([field, expected]) => ({ field, expected: `${expected}`, actual: actual[field] }))
    .filter((each) => each.expected !== each.actual);
}

/** "allow 90%" where a part of it is denied; health is nobody's verdict. */
export function verdictOf({ outcomes, allowed }: Explanation): string {
  if (allowed) return "allow";
  const share = outcomes.filter(isLetThrough).reduce((sum, each) => sum + each.share, 0);
  return share === 0 ? "deny" : `allow ${Math.round(share * 1000) / 10}%`;
}

function several(texts: readonly string[]): string {
  return [...new Set(texts)].join(" or ");
}

/** "shop/reader" */
export function bareName(policy: string): string {
  return policy.slice(policy.indexOf("/") + 1);
}
