/** Which AuthenticationPolicies hold where; a plan is made per port, and per rule of a route where a policy targets one. */
import type { PolicyTarget } from "../authorization/policy.ts";
import type { PortPlace, RulePlace } from "../authorization/policy-index.ts";
import { TargetIndex } from "../authorization/target-index.ts";
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
    return this.#of("route", "rule", this.#targets.entries(kind, route), ruleName, ruleNames);
  }

  /** Those that hold at a port, whatever route is taken. */
  levelsOf(place: PortPlace): readonly LeveledPolicy[] {
    const { service, portName, portNames, namespace, gateway } = place;
    return [
      ...this.#of("Service", "port", this.#targets.entries("Service", service), portName, portNames),
      ...this.#of("Namespace", "Namespace", this.#targets.entries("Namespace", namespace), "", []),
      ...this.#of("Gateway", "Gateway", this.#targets.entries("Gateway", gateway), "", []),
    ];
  }

  #of(
    whole: Level,
    ofSection: Level,
    entries: readonly { readonly policy: AuthenticationPolicy; readonly target: PolicyTarget }[],
    section: string,
    sections: readonly string[],
  ): readonly LeveledPolicy[] {
    return entries.flatMap(({ policy, target }): LeveledPolicy[] => {
      if (target.section === "") return [{ policy, level: whole, isSectionMissing: false }];
      if (target.section === section) return [{ policy, level: ofSection, isSectionMissing: false }];
      return sections.includes(target.section) ? [] : [{ policy, level: whole, isSectionMissing: true }];
    });
  }
}
