/**
 * The order of Istio's AuthorizationPolicy: who has to be asked is asked first (CUSTOM); what DENY matches is denied; without any ALLOW the rest is allowed; else one ALLOW has to
 * match. Before them: a policy in force that cannot be carried out denies. Allocates nothing.
 */
import { assuranceLevel } from "./assurance.ts";
import type { AuthorizationRequest, Destination } from "./authorization-request.ts";
import type { Condition } from "./condition.ts";
import type { Decision, PreparedCustom, PreparedPolicy, PreparedRule, Program } from "./program.ts";

export interface DecisionObserver {
  /** What decided nothing: an AUDIT that matched, and what a shadowed policy would have done. */
  noted(decision: Decision): void;
}

export const noObserver: DecisionObserver = { noted: () => undefined };

const allowed: Decision = {
  verdict: "allow",
  mode: "Enforce",
  reason: "no-allow-policy",
  policies: [],
  rule: "",
  message: "no policy has to allow it, and none denies it",
};

/**
 * The verdict is "allow" or "deny", the mode "Enforce": of a request that every authorizer that has to be asked has let through
 * (`nextToAsk`).
 */
export function decide(
  program: Program,
  request: AuthorizationRequest,
  observer: DecisionObserver,
): Decision {
  const level = assuranceLevel(request.client);
  noteAudits(program.audits, program.destination, request, level, observer);
  const { unusable, denies, allows, destination } = program;
  if (program.shadow !== undefined) noteShadow(program, request, level, observer);
  if (unusable.length > 0) return unusable[0]!.refusal;
  return (
    firstMatch(denies, destination, request, level) ??
    firstMatch(allows, destination, request, level) ??
    program.defaultDeny ??
    allowed
  );
}

export interface ToAsk {
  readonly custom: PreparedCustom;
  readonly rule: PreparedRule;
}

/**
 * The CUSTOM among these that is to be asked next; undefined: none is left. Nobody is asked about what is refused in any case, by
 * `unusable`, before.
 */
export function nextToAsk(
  customs: readonly PreparedCustom[],
  destination: Destination,
  request: AuthorizationRequest,
  wasAsked: (custom: PreparedCustom) => boolean,
): ToAsk | undefined {
  for (let i = 0; i < customs.length; i++) {
    const custom = customs[i]!;
    if (wasAsked(custom)) continue;
    const rule = matchingRule(custom, destination, request, 0);
    if (rule !== undefined) return { custom, rule };
  }
  return undefined;
}

function noteAudits(
  audits: readonly PreparedPolicy[],
  destination: Destination,
  request: AuthorizationRequest,
  level: number,
  observer: DecisionObserver,
): void {
  for (let i = 0; i < audits.length; i++) {
    const rule = matchingRule(audits[i]!, destination, request, level);
    if (rule !== undefined) observer.noted(rule.matched);
  }
}

/**
 * What each shadowed policy adds were it in force beside those that are: its DENY, its match, or, where neither a shadowed nor an
 * enforced ALLOW matches, the denial of all that nobody allows.
 */
function noteShadow(
  program: Program,
  request: AuthorizationRequest,
  level: number,
  observer: DecisionObserver,
): void {
  const { unusable, denies, allows, audits, defaultDeny } = program.shadow!;
  const { destination } = program;
  for (let i = 0; i < unusable.length; i++) observer.noted(unusable[i]!.refusal);
  for (let i = 0; i < denies.length; i++) {
    const rule = matchingRule(denies[i]!, destination, request, level);
    if (rule !== undefined) observer.noted(rule.matched);
  }
  let isAllowed = false;
  for (let i = 0; i < allows.length; i++) {
    const rule = matchingRule(allows[i]!, destination, request, level);
    if (rule === undefined) continue;
    isAllowed = true;
    observer.noted(rule.matched);
  }
  if (!isAllowed && defaultDeny !== undefined && !firstMatch(program.allows, destination, request, level)) {
    observer.noted(defaultDeny);
  }
  noteAudits(audits, destination, request, level, observer);
}

function firstMatch(
  policies: readonly PreparedPolicy[],
  destination: Destination,
  request: AuthorizationRequest,
  level: number,
): Decision | undefined {
  for (let i = 0; i < policies.length; i++) {
    const rule = matchingRule(policies[i]!, destination, request, level);
    if (rule !== undefined) return rule.matched;
  }
  return undefined;
}

function matchingRule(
  { rules, minimumLevel }: PreparedPolicy,
  destination: Destination,
  request: AuthorizationRequest,
  level: number,
): PreparedRule | undefined {
  if (level < minimumLevel) return undefined;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    if (matchesSome(rule.from, request, destination) && matchesSome(rule.to, request, destination))
      return rule;
  }
  return undefined;
}

/** Undefined is any. */
export function matchesSome(
  alternatives: readonly (readonly Condition[])[] | undefined,
  request: AuthorizationRequest,
  destination: Destination,
): boolean {
  if (alternatives === undefined) return true;
  for (let i = 0; i < alternatives.length; i++) {
    if (firstMiss(alternatives[i]!, request, destination) === undefined) return true;
  }
  return false;
}

/** The first condition that does not hold. */
export function firstMiss(
  conditions: readonly Condition[],
  request: AuthorizationRequest,
  destination: Destination,
): Condition | undefined {
  for (let i = 0; i < conditions.length; i++) {
    if (!conditions[i]!.test(request, destination)) return conditions[i];
  }
  return undefined;
}
