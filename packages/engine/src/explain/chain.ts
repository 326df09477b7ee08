/** The steps of an explanation while they are found, and how the request has ended in the shares of it that have. */
import type { Decision } from "../authorization/program.ts";
import { type Explanation, isLetThrough, type Outcome, type Phase, type Step } from "./explanation.ts";

type Place = Partial<Pick<Step, "object" | "field" | "decides">>;
type Ending = Pick<Outcome, "result" | "kind" | "status"> & Partial<Outcome>;

export class Chain {
  readonly #steps: Step[] = [];
  readonly #outcomes: Outcome[] = [];
  readonly #shadowDeniedBy = new Set<string>();
  readonly #asks = new Set<string>();
  readonly #unverified = new Set<string>();
  route: string | null = null;

  /** `decides`: the request ends here, for all of it or for a share. */
  add(phase: Phase, text: string, { object = "", field = "", decides = false }: Place = {}): void {
    this.#steps.push({ phase, text, object, field, decides, depth: 0 });
  }

  addDetail(phase: Phase, text: string, { object = "", field = "", decides = false }: Place = {}): void {
    this.#steps.push({ phase, text, object, field, decides, depth: 1 });
  }

  noteShadow(decisions: readonly Decision[]): void {
    for (const { mode, verdict, policies } of decisions) {
      if (mode === "Shadow" && verdict === "deny")
        for (const each of policies) this.#shadowDeniedBy.add(each);
    }
  }

  noteAsked(decisions: readonly Decision[]): void {
    for (const { policies } of decisions) for (const each of policies) this.#asks.add(each);
  }

  /** What the policy checks of a credential was taken as right. */
  noteUnverified(policy: string): void {
    this.#unverified.add(policy);
  }

  end(ending: Ending): void {
    this.#outcomes.push({ share: 1, backend: "", policies: [], rule: "", detail: "", ...ending });
  }

  finish(): Explanation {
    const allowed = this.#outcomes.every(isLetThrough);
    return {
      allowed,
      route: this.route,
      steps: this.#steps,
      outcomes: this.#outcomes,
      asks: [...this.#asks].toSorted(),
      unverified: [...this.#unverified].toSorted(),
      shadowDeniedBy: [...this.#shadowDeniedBy].toSorted(),
    };
  }
}
