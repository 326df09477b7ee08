/** Policies by what they are about, of one kind: each policy once for each of its targets. */
import type { PolicyTarget, TargetKind } from "./policy.ts";

interface TargetEntry<Policy> {
  readonly policy: Policy;
  readonly target: PolicyTarget;
}

/** A policy that holds at a place, or would if it could be told where. */
export interface PlacedPolicy<Policy> {
  readonly policy: Policy;
  /** It names that section, and not all of the target. */
  readonly isOfSection: boolean;
  /** It names a section that its target does not have: fail closed (design/0003-policies.md). */
  readonly isSectionMissing: boolean;
}

export class TargetIndex<Policy extends { readonly targets: readonly PolicyTarget[] }> {
  readonly #byTarget = new Map<string, TargetEntry<Policy>[]>();

  put(policy: Policy): void {
    for (const target of policy.targets) {
      const id = targetId(target.kind, target.name);
      const entries = this.#byTarget.get(id);
      if (entries === undefined) this.#byTarget.set(id, [{ policy, target }]);
      else entries.push({ policy, target });
    }
  }

  /** The very object that was put. */
  remove(policy: Policy): void {
    for (const target of policy.targets) {
      const id = targetId(target.kind, target.name);
      const rest = this.#entries(target.kind, target.name).filter((entry) => entry.policy !== policy);
      if (rest.length === 0) this.#byTarget.delete(id);
      else this.#byTarget.set(id, rest);
    }
  }

  /** Those about the target as a whole, about that `section` of it, and about one that is not among its `sections`. */
  placedAt(
    kind: TargetKind,
    name: string,
    section: string,
    sections: readonly string[],
  ): readonly PlacedPolicy<Policy>[] {
    return this.#entries(kind, name).flatMap(({ policy, target }): PlacedPolicy<Policy>[] => {
      const isOfSection = target.section !== "" && target.section === section;
      if (isOfSection || target.section === "") return [{ policy, isOfSection, isSectionMissing: false }];
      return sections.includes(target.section) ? [] : [{ policy, isOfSection, isSectionMissing: true }];
    });
  }

  #entries(kind: TargetKind, name: string): readonly TargetEntry<Policy>[] {
    return this.#byTarget.get(targetId(kind, name)) ?? none;
  }
}

const none: readonly never[] = [];

function targetId(kind: TargetKind, name: string): string {
  return `${kind} ${name}`;
}
