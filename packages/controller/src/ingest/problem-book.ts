/** All current problems, by who has them (a file, an object, a kind): what is new and what is over since the last look. */
import { deepEquals } from "@waystone/collection/deep-equals";
import type { ManifestError } from "./manifest-error.ts";
import type { ManifestProblem } from "./sourced-object.ts";

export type UnkeyedProblem = ManifestError & Pick<ManifestProblem, "severity">;

export interface ProblemChange {
  readonly key: string;
  /** Absent: the problem is over. */
  readonly problem: ManifestProblem | undefined;
}

export class ProblemBook {
  readonly #byOwner = new Map<string, ReadonlyMap<string, ManifestProblem>>();
  readonly #changes = new Map<string, ProblemChange>();

  /** All problems that the owner has now. */
  put(owner: string, problems: readonly UnkeyedProblem[]): void {
    const before = this.#byOwner.get(owner);
    if (before === undefined && problems.length === 0) return;
    const now = keyProblems(owner, problems);
    for (const key of before?.keys() ?? [])
      if (!now.has(key)) this.#changes.set(key, { key, problem: undefined });
    for (const [key, problem] of now) {
      if (!deepEquals(before?.get(key), problem)) this.#changes.set(key, { key, problem });
    }
    if (now.size === 0) this.#byOwner.delete(owner);
    else this.#byOwner.set(owner, now);
  }

  settle(): readonly ProblemChange[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }
}

/** Keys without line numbers: a problem that moves with its text is still the same problem. */
function keyProblems(owner: string, problems: readonly UnkeyedProblem[]): Map<string, ManifestProblem> {
  const keyed = new Map<string, ManifestProblem>();
  for (const problem of problems) {
    const base = `${owner}: ${problem.fieldPath ?? ""}: ${problem.message}`;
    let key = base;
    for (let again = 2; keyed.has(key); again++) key = `${base} (${again})`;
    keyed.set(key, { ...problem, key });
  }
  return keyed;
}
