/**
 * rules[] -> RouteRule. A rule with something that cannot be served keeps its matches and answers 500: were it dropped
 * whole, its requests would fall through to a less specific rule, perhaps one without the filter that was asked for. Only
 * what cannot be matched at all (an expression that is none) is left to the other rules.
 */
import type { GRPCRouteRule, HTTPRouteRule } from "@waystone/api/kubernetes/gateway";
import type { RouteMatchResource, RouteRuleResource } from "@waystone/api/resources";
import { translateGrpcMatches } from "../grpc-route/matches.ts";
import type { BackendContext } from "./backend-reference.ts";
import { translateBackends } from "./backends.ts";
import { translateFilters } from "./filters.ts";
import { describeFaults, Faults, type Invalid, type Unresolved } from "./faults.ts";
import { translateMatches } from "./matches.ts";
import { translateSessionPersistence } from "../session-persistence.ts";
import { translateRetry, translateTimeouts } from "./timeouts.ts";

export interface RuleTranslation {
  /** undefined: not one of its matches can be expressed. */
  readonly rule: RouteRuleResource | undefined;
  /** The rule serves nothing of what it was written for. */
  readonly dropped: boolean;
  /** What happens to the requests that `invalid` is about, for people; "" where nothing is invalid. */
  readonly consequence: string;
  readonly invalid: readonly Invalid[];
  readonly unresolved: readonly Unresolved[];
}

export function translateHttpRule(
  context: BackendContext,
  rule: HTTPRouteRule,
  position: number,
): RuleTranslation {
  return translateRule(context, rule, position, (at, faults) => translateMatches(rule.matches, at, faults));
}

/** But for its matches, a GRPCRoute's rule is one of an HTTPRoute without path modifiers, time-outs and retries. */
export function translateGrpcRule(
  context: BackendContext,
  { matches, ...rule }: GRPCRouteRule,
  position: number,
): RuleTranslation {
  return translateRule(context, rule, position, (at, faults) => translateGrpcMatches(matches, at, faults));
}

function translateRule(
  context: BackendContext,
  rule: HTTPRouteRule,
  position: number,
  matchesOf: (at: string, faults: Faults) => RouteMatchResource[],
): RuleTranslation {
  const at = `rules[${position}]`;
  const ruleFaults = new Faults();
  const filterContext = { ...context, matches: rule.matches };
  const matches = matchesOf(at, ruleFaults);
  const filters = translateFilters(filterContext, rule.filters, at, ruleFaults);
  const timeouts = translateTimeouts(rule, at, ruleFaults);
  const retry = translateRetry(rule, at, ruleFaults);
  checkRule(rule, at, ruleFaults);
  const owner = `${context.kind}/${context.namespace}/${context.name}/${rule.name ?? position}`;
  const session = translateSessionPersistence(
    rule.sessionPersistence,
    `${at}.sessionPersistence`,
    owner,
    (field, message) => ruleFaults.refuse(field, message),
  );

  const backendFaults = new Faults();
  const backends = translateBackends(filterContext, rule.backendRefs, at, backendFaults);
  const invalid = [...ruleFaults.invalid, ...backendFaults.invalid];
  const unresolved = [...ruleFaults.unresolved, ...backendFaults.unresolved];
  const name = rule.name ?? "";
  if (ruleFaults.invalid.length > 0) {
    const refusal = refusalBackend(describeFaults(ruleFaults.invalid));
    const refusing: RouteRuleResource = { name, matches, filters: [], backends: [refusal] };
    const isMatchable = matches.length > 0;
    const consequence = isMatchable
      ? `what rule ${position} matches is answered with 500`
      : `what rule ${position} was to match goes to other rules, or gets 404`;
    return { rule: isMatchable ? refusing : undefined, dropped: true, consequence, invalid, unresolved };
  }
  return {
    rule: {
      name,
      matches,
      filters,
      backends,
      timeouts: timeouts ?? null,
      retry: retry ?? null,
      sessionPersistence: session ?? null,
    },
    dropped: invalid.length > 0 && backends.every((backend) => backend.invalid !== ""),
    consequence:
      invalid.length > 0 ? `the share of these backends of rule ${position} is answered with 500` : "",
    invalid,
    unresolved,
  };
}

function checkRule(rule: HTTPRouteRule, at: string, faults: Faults): void {
  const redirects = (rule.filters ?? []).some(({ type }) => type === "RequestRedirect");
  if (redirects && (rule.backendRefs ?? []).length > 0) {
    faults.refuse(
      `${at}.backendRefs`,
      "a rule that redirects sends nothing to backends; remove backendRefs or the RequestRedirect filter",
      "IncompatibleFilters",
    );
  }
}

/** Takes the place of all backends: every request is answered with 500. */
function refusalBackend(reason: string): NonNullable<RouteRuleResource["backends"]>[number] {
  return { service: "", port: 0, weight: 1, filters: [], invalid: reason };
}
