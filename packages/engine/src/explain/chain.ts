/** The steps of an explanation while they are found, and how the request has ended in the shares of it that have. */
import type { Decision } from "../authorization/program.ts";
import { type Explanation, isLetThrough, type Outcome, type Phase, type Step } from "./explanation.ts";

type Place = Partial<Pick<Step, "object" | "field" | "decides">>;
type Ending = Pick<Outcome, "result" | "kind" | "status"> & Partial<Outcome>;

export class Chain {
  readonly #steps: Step[] = [];
  readonly #outcomes: Outcome[] = [];
  #shadowDeniedBy = new Set<string>();
  #assumed = new Set<string>();
  /** CUSTOM policies whose provider has to agree on the way to the ending that is being explained. */
  asked: readonly string[] = [];
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
    const policies = decisions.flatMap((each) => each.policies);
    if (policies.length > 0) this.asked = [...new Set([...this.asked, ...policies])];
  }

  /** Something that the policy checks is not at hand, and was taken as right. */
  assume(policy: string, what: string): void {
    this.#assumed.add(`${policy}: ${what}`);
  }

  /** For what happens beside the request: only its steps are told. Gives back who would have to be asked there. */
  beside(explain: () => void): readonly string[] {
    const kept = { asked: this.asked, assumed: this.#assumed, shadowDeniedBy: this.#shadowDeniedBy };
    [this.asked, this.#assumed, this.#shadowDeniedBy] = [[], new Set(), new Set()];
    explain();
    const { asked } = this;
    this.asked = kept.asked;
    this.#assumed = kept.assumed;
    this.#shadowDeniedBy = kept.shadowDeniedBy;
    return asked;
  }

  end(ending: Ending): void {
    const { asked: asks } = this;
    this.#outcomes.push({ share: 1, backend: "", policies: [], rule: "", detail: "", asks, ...ending });
  }

  finish(): Explanation {
    const allowed = this.#outcomes.every(isLetThrough);
    return {
      allowed,
      route: this.route,
      steps: this.#steps,
      outcomes: this.#outcomes,
      asks: [...new Set(this.#outcomes.flatMap(({ asks }) => asks))].toSorted(),
      assumed: [...this.#assumed].toSorted(),
      shadowDeniedBy: [...this.#shadowDeniedBy].toSorted(),
    };
  }
}
