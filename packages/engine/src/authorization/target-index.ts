/** Policies by what they are about, of one kind: each policy once for each of its targets. */
import type { PolicyTarget, TargetKind } from "./policy.ts";

export interface TargetEntry<Policy> {
  readonly policy: Policy;
  readonly target: PolicyTarget;
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
      const rest = this.entries(target.kind, target.name).filter((entry) => entry.policy !== policy);
      if (rest.length === 0) this.#byTarget.delete(id);
      else this.#byTarget.set(id, rest);
    }
  }

  entries(kind: TargetKind, name: string): readonly TargetEntry<Policy>[] {
    return this.#byTarget.get(targetId(kind, name)) ?? none;
  }
}

const none: readonly never[] = [];

function targetId(kind: TargetKind, name: string): string {
  return `${kind} ${name}`;
}
