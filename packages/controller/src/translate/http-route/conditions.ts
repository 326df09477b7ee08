/** The conditions of one parent of a route, but for Programmed, which waits for the waypoints (status/). */
import { type DraftCondition, draftCondition } from "../../model/draft-condition.ts";
import { describeFaults, summarize } from "./faults.ts";
import type { ParentVerdict } from "./parents.ts";
import type { RuleTranslation } from "./rule.ts";

export function parentConditions(
  verdict: Exclude<ParentVerdict, { type: "foreign" }>,
  rules: readonly RuleTranslation[],
  generation: number,
): readonly DraftCondition[] {
  return [
    acceptedCondition(verdict, rules, generation),
    resolvedRefsCondition(rules, generation),
    ...(verdict.type === "attached" ? partiallyInvalidConditions(rules, generation) : []),
  ];
}

/** "A Route MUST be considered Accepted if at least one of the Route's rules is implemented" (RouteParentStatus). */
function acceptedCondition(
  verdict: Exclude<ParentVerdict, { type: "foreign" }>,
  rules: readonly RuleTranslation[],
  generation: number,
): DraftCondition {
  if (verdict.type === "refused") {
    return draftCondition("Accepted", "False", verdict.reason, verdict.message, generation);
  }
  const invalid = rules.flatMap((rule) => rule.invalid);
  const [first] = invalid;
  if (first === undefined || !rules.every((rule) => rule.dropped)) {
    return draftCondition("Accepted", "True", "Accepted", "the route is accepted", generation);
  }
  const message = `no rule can be served: ${describeInvalid(rules)}`;
  return draftCondition("Accepted", "False", first.reason, message, generation);
}

function resolvedRefsCondition(rules: readonly RuleTranslation[], generation: number): DraftCondition {
  const unresolved = rules.flatMap((rule) => rule.unresolved);
  const [first] = unresolved;
  if (first === undefined) {
    return draftCondition(
      "ResolvedRefs",
      "True",
      "ResolvedRefs",
      "all references lead to Services",
      generation,
    );
  }
  const message = describeFaults(unresolved);
  return draftCondition("ResolvedRefs", "False", first.reason, message, generation);
}

/** Only ever True, and only where other rules are good; its message must begin with "Dropped Rule" (Gateway API). */
function partiallyInvalidConditions(rules: readonly RuleTranslation[], generation: number): DraftCondition[] {
  const invalid = rules.flatMap((rule) => rule.invalid);
  if (invalid.length === 0 || rules.every((rule) => rule.dropped)) return [];
  const positions = rules.flatMap((rule, position) => (rule.invalid.length === 0 ? [] : [`${position}`]));
  const message = `Dropped Rule(s) ${positions.join(", ")}: ${describeInvalid(rules)}`;
  return [draftCondition("PartiallyInvalid", "True", "UnsupportedValue", message, generation)];
}

/** What is wrong, then what that means for requests. */
function describeInvalid(rules: readonly RuleTranslation[]): string {
  const wrong = describeFaults(rules.flatMap((rule) => rule.invalid));
  const consequences = summarize(
    rules.flatMap(({ consequence }) => (consequence === "" ? [] : [consequence])),
  );
  return `${wrong} (${consequences})`;
}
