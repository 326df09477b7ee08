/** The steps of an explanation while they are found, and how the request has ended in the shares of it that have. */
import type { Decision } from "../authorization/program.ts";
import { type Explanation, isLetThrough, type Outcome, type Phase, type Step } from "./explanation.ts";

type Place = Partial<Pick<Step, "object" | "field" | "decides">>;
type Ending = Pick<Outcome, "result" | "kind" | "status"> & Partial<Outcome>;

/** What an ending depends on, or is told beside it. */
export type Noted = Pick<Outcome, "asks" | "assumed" | "shadowDeniedBy">;

const nothingNoted: Noted = { asks: [], assumed: [], shadowDeniedBy: [] };

export class Chain {
  readonly #steps: Step[] = [];
  readonly #outcomes: Outcome[] = [];
  /** On the way to the ending that is being explained. */
  noted: Noted = nothingNoted;
  route: string | null = null;

  /** `decides`: the request ends here, for all of it or for a share. */
  add(phase: Phase, text: string, { object = "", field = "", decides = false }: Place = {}): void {
    this.#steps.push({ phase, text, object, field, decides, depth: 0 });
  }

  addDetail(phase: Phase, text: string, { object = "", field = "", decides = false }: Place = {}): void {
    this.#steps.push({ phase, text, object, field, decides, depth: 1 });
  }

  noteShadow(decisions: readonly Decision[]): void {
    const denials = decisions.filter(({ mode, verdict }) => mode === "Shadow" && verdict === "deny");
    this.#note("shadowDeniedBy", policiesOf(denials));
  }

  noteAsked(decisions: readonly Decision[]): void {
    this.#note("asks", policiesOf(decisions));
  }

  /** Something that the policy checks is not at hand, and was taken as right. */
  assume(policy: string, what: string): void {
    this.#note("assumed", [`${policy}: ${what}`]);
  }

  /** For what happens beside the request: only its steps are told. Gives back what was noted there. */
  beside(explain: () => void): Noted {
    const { noted } = this;
    this.noted = nothingNoted;
    explain();
    const there = this.noted;
    this.noted = noted;
    return there;
  }

  end(ending: Ending): void {
    this.#outcomes.push({
      share: 1,
      backend: "",
      policies: [],
      rule: "",
      detail: "",
      ...this.noted,
      ...ending,
    });
  }

  finish(): Explanation {
    const outcomes = this.#outcomes;
    const all = (name: keyof Noted): string[] => sorted(outcomes.flatMap((each) => each[name]));
    return {
      allowed: outcomes.every(isLetThrough),
      route: this.route,
      steps: this.#steps,
      outcomes,
      asks: all("asks"),
      assumed: all("assumed"),
      shadowDeniedBy: all("shadowDeniedBy"),
    };
  }

  #note(name: keyof Noted, more: readonly string[]): void {
    if (more.length > 0) this.noted = { ...this.noted, [name]: sorted([...this.noted[name], ...more]) };
  }
}

function policiesOf(decisions: readonly Decision[]): readonly string[] {
  return decisions.flatMap(({ policies }) => policies);
}

/** Each once. */
function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}
