/** Which AuthenticationPolicies hold where; a plan is made per port, and per rule of a route where a policy targets one. */
import type { PortPlace, RulePlace } from "../authorization/policy-index.ts";
import { type PlacedPolicy, TargetIndex } from "../authorization/target-index.ts";
import type { Level, LeveledPolicy } from "./merge-levels.ts";
import { type AuthenticationPlan, buildPlan } from "./plan.ts";
import type { AuthenticationPolicy } from "./policy.ts";

export class AuthenticationIndex {
  readonly #targets = new TargetIndex<AuthenticationPolicy>();

  put(policy: AuthenticationPolicy): void {
    this.#targets.put(policy);
  }

  /** The very object that was put. */
  remove(policy: AuthenticationPolicy): void {
    this.#targets.remove(policy);
  }

  /** Undefined: no policy has a say. */
  planOf(place: PortPlace): AuthenticationPlan | undefined {
    return buildPlan(this.levelsOf(place));
  }

  /** That of the port with the policies of the rule; `ofPort` itself where the rule adds none. */
  planOfRule(
    place: PortPlace,
    rule: RulePlace,
    ofPort: AuthenticationPlan | undefined,
  ): AuthenticationPlan | undefined {
    return this.#ofRule(rule).length === 0 ? ofPort : buildPlan(this.levelsOfRule(place, rule));
  }

  levelsOfRule(place: PortPlace, rule: RulePlace): readonly LeveledPolicy[] {
    return [...this.#ofRule(rule), ...this.levelsOf(place)];
  }

  #ofRule({ kind, route, ruleName, ruleNames }: RulePlace): readonly LeveledPolicy[] {
    return leveled("route", "rule", this.#targets.placedAt(kind, route, ruleName, ruleNames));
  }

  /** Those that hold at a port, whatever route is taken. */
  levelsOf(place: PortPlace): readonly LeveledPolicy[] {
    const { service, portName, portNames, namespace, gateway } = place;
    return [
      ...leveled("Service", "port", this.#targets.placedAt("Service", service, portName, portNames)),
      ...leveled("Namespace", "Namespace", this.#targets.placedAt("Namespace", namespace, "", [])),
      ...leveled("Gateway", "Gateway", this.#targets.placedAt("Gateway", gateway, "", [])),
    ];
  }
}

function leveled(
  whole: Level,
  ofSection: Level,
  placed: readonly PlacedPolicy<AuthenticationPolicy>[],
): readonly LeveledPolicy[] {
  return placed.map(({ policy, isOfSection, isSectionMissing }) => ({
    policy,
    level: isOfSection ? ofSection : whole,
    isSectionMissing,
  }));
}
