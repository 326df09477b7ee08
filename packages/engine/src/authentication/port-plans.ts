/** Which plan of authentication decides about a request at its port. */
import type { Matched, RouteRule } from "../route/route.ts";
import type { AuthenticationPlan } from "./plan.ts";

export interface PortPlans {
  /** Where no rule has one of its own. */
  readonly authentication: AuthenticationPlan | undefined;
  /** Of the rules that a policy is about. */
  readonly authenticationOfRules: ReadonlyMap<RouteRule, AuthenticationPlan>;
  /** Lower-case: headers that any of these policies sets, so that no client's are believed; undefined: none. */
  readonly ownedHeaders: ReadonlySet<string> | undefined;
}

/** "none": no rule matched. */
export function planAt(
  policies: PortPlans | undefined,
  matched: Pick<Matched, "rule"> | undefined | "none",
): AuthenticationPlan | undefined {
  if (policies === undefined) return undefined;
  if (matched === undefined || matched === "none") return policies.authentication;
  return policies.authenticationOfRules.get(matched.rule) ?? policies.authentication;
}
