/**
 * Why a program decides as it does: policy by policy and rule by rule, that it matched or the first thing that did not. Walks the
 * conditions that `decide` walks. For `waystone explain`, tests and a browser; allocates as it likes.
 */
import { assuranceLevel, assurances } from "./assurance.ts";
import type { AuthorizationRequest, Destination } from "./authorization-request.ts";
import { celAttribute } from "./cel-attribute.ts";
import type { Authorizer } from "./authorizer.ts";
import type { Condition } from "./condition.ts";
import { decide, firstMiss, matchesSome, nextToAsk } from "./decide.ts";
import { fieldName } from "./policy-from-resource.ts";
import type { AuthorizationPolicy } from "./policy.ts";
import type { Decision, PreparedPolicy, PreparedRule, Program } from "./program.ts";

export interface ProgramExplanation {
  /** Where authorizers are asked: what follows if every one of them says yes. */
  readonly decision: Decision;
  /** Authorizers that are asked before that, in order; of those in force. */
  readonly asked: readonly AskedAuthorizer[];
  /** In the order in which they are asked, those in force first. */
  readonly policies: readonly PolicyExplanation[];
  /** What would be, were the shadowed ones in force; and audits. */
  readonly noted: readonly Decision[];
}

export interface AskedAuthorizer {
  readonly policy: AuthorizationPolicy;
  readonly provider: Authorizer;
  /** That of the rule for which it is asked. */
  readonly decision: Decision;
}

export interface PolicyExplanation {
  readonly policy: AuthorizationPolicy;
  /** Why it does not hold here as written, or matches nothing; "". */
  readonly note: string;
  readonly rules: readonly RuleExplanation[];
}

export type RuleExplanation =
  | { readonly rule: string; readonly matched: true }
  | {
      readonly rule: string;
      readonly matched: false;
      /** One for each alternative of `from`, or of `to` where `from` matched. */
      readonly misses: readonly Miss[];
    };

export interface Miss {
  /** "spec.rules[0].from[1].source.notNamespaces" */
  readonly field: string;
  readonly values: readonly string[];
  /** What was there; "" for nothing. */
  readonly actual: string;
}

export function explainProgram(program: Program, request: AuthorizationRequest): ProgramExplanation {
  const noted: Decision[] = [];
  const decision = decide(program, request, { noted: (each) => noted.push(each) });
  const ordered = [program, ...(program.shadow === undefined ? [] : [program.shadow])].flatMap(
    ({ unusable, customs, denies, allows, audits }) => [
      ...unusable,
      ...customs,
      ...denies,
      ...allows,
      ...audits,
    ],
  );
  const asked = program.unusable.length > 0 ? [] : matchingCustoms(program, request);
  return {
    decision,
    asked,
    noted,
    policies: ordered.map((each) => explainPolicy(each, request, program.destination)),
  };
}

function matchingCustoms(
  { customs, destination }: Program,
  request: AuthorizationRequest,
): AskedAuthorizer[] {
  return customs.flatMap((each): AskedAuthorizer[] => {
    const found = nextToAsk([each], destination, request, () => false);
    return found === undefined
      ? []
      : [{ policy: each.policy, provider: each.provider, decision: found.rule.matched }];
  });
}

function explainPolicy(
  { policy, rules, note, minimumLevel }: PreparedPolicy,
  request: AuthorizationRequest,
  destination: Destination,
): PolicyExplanation {
  if (policy.unusable.length > 0) {
    return { policy, note: `it cannot be carried out: ${policy.unusable.join("; ")}`, rules: [] };
  }
  const level = assuranceLevel(request.client);
  if (level < minimumLevel) {
    const unsure = `it wants assurance ${policy.minimumAssurance} and the client has ${assurances[level]}`;
    return { policy, note: note === "" ? unsure : `${note}; ${unsure}`, rules: [] };
  }
  return { policy, note, rules: rules.map((rule) => explainRule(rule, request, destination)) };
}

function explainRule(
  { rule, from, to }: PreparedRule,
  request: AuthorizationRequest,
  destination: Destination,
): RuleExplanation {
  const side = !matchesSome(from, request, destination)
    ? ({ name: "from", inner: "source", alternatives: from } as const)
    : ({ name: "to", inner: "operation", alternatives: to } as const);
  if (side.name === "to" && matchesSome(to, request, destination)) return { rule: rule.label, matched: true };
  const misses = (side.alternatives ?? []).flatMap((conditions, at): Miss[] => {
    const miss = firstMiss(conditions, request, destination);
    if (miss === undefined) return [];
    // On TCP ports alternatives are left out, and those that stay are the same.
    const written = rule[side.name]?.indexOf(conditions) ?? -1;
    const index = written < 0 ? at : written;
    return [
      describeMiss(
        miss,
        `spec.rules[${rule.index}].${side.name}[${index}].${side.inner}`,
        request,
        destination,
      ),
    ];
  });
  return { rule: rule.label, matched: false, misses };
}

function describeMiss(
  condition: Condition,
  place: string,
  request: AuthorizationRequest,
  destination: Destination,
): Miss {
  const { attribute, key, negated, values } = condition;
  // Expressions are the rule's, and of every alternative.
  const owner = attribute === celAttribute ? place.replace(/\.to\[.*/, "") : place;
  return {
    field: `${owner}.${fieldName(attribute, key, negated)}`,
    values,
    actual: condition.actual(request, destination),
  };
}
