/**
 * Who asked what: the reverse of every fetch. A transformation's run for one input item is an Asker; what it fetched are
 * Questions (an item by key, an index's items by value, a whole collection). When an answer changes, exactly its askers
 * become stale. Questions that nobody asks any more are forgotten.
 */

/** Runs again what has become stale. */
export interface Asking {
  markStale(inputKey: string): void;
}

/**
 * One input item of a derived collection, with the questions that its latest run asked. There is one for each item of each
 * collection, so it holds no closure, and a Map only from the second question on.
 */
export class Asker {
  readonly #asking: Asking;
  readonly #inputKey: string;
  /** The only one, and the run that asked it last. */
  #question: Question | undefined;
  #questionRun = 0;
  /** All of several, with the run that asked each last. */
  #questions: Map<Question, number> | undefined;
  #run = 0;
  #asked = 0;

  constructor(asking: Asking, inputKey: string) {
    this.#asking = asking;
    this.#inputKey = inputKey;
  }

  /** Before a run: the questions to come replace those of the run before. */
  begin(): void {
    this.#run++;
    this.#asked = 0;
  }

  ask(question: Question): void {
    const latest = this.#runOf(question);
    if (latest === this.#run) return;
    if (latest === undefined) question.add(this);
    this.#asked++;
    if (this.#questions === undefined && (this.#question === undefined || this.#question === question)) {
      this.#question = question;
      this.#questionRun = this.#run;
    } else this.#several().set(question, this.#run);
  }

  /** After a run, failed or not. */
  end(): void {
    if (this.#questions === undefined) {
      if (this.#question !== undefined && this.#questionRun !== this.#run) this.#dropOnly(this.#question);
      return;
    }
    if (this.#questions.size === this.#asked) return;
    for (const [question, run] of this.#questions) {
      if (run === this.#run) continue;
      this.#questions.delete(question);
      question.remove(this);
    }
  }

  /** The input item is gone. */
  close(): void {
    if (this.#question !== undefined) this.#dropOnly(this.#question);
    for (const question of this.#questions?.keys() ?? []) question.remove(this);
    this.#questions = undefined;
  }

  answerChanged(): void {
    this.#asking.markStale(this.#inputKey);
  }

  #runOf(question: Question): number | undefined {
    if (this.#questions !== undefined) return this.#questions.get(question);
    return this.#question === question ? this.#questionRun : undefined;
  }

  #several(): Map<Question, number> {
    if (this.#questions !== undefined) return this.#questions;
    this.#questions = new Map();
    if (this.#question !== undefined) this.#questions.set(this.#question, this.#questionRun);
    this.#question = undefined;
    return this.#questions;
  }

  #dropOnly(question: Question): void {
    this.#question = undefined;
    question.remove(this);
  }
}

export class Question {
  /** One by itself: most questions have one asker, and a Set of one weighs ten times as much. */
  #askers: Asker | Set<Asker> | undefined;
  /** Where it is remembered while somebody asks it. */
  readonly #home: Questions | undefined;
  readonly #text: string;

  constructor(home?: Questions, text = "") {
    this.#home = home;
    this.#text = text;
  }

  add(asker: Asker): void {
    if (this.#askers === undefined) this.#askers = asker;
    else if (this.#askers instanceof Set) this.#askers.add(asker);
    else this.#askers = new Set([this.#askers, asker]);
  }

  remove(asker: Asker): void {
    if (this.#askers instanceof Set) this.#askers.delete(asker);
    else if (this.#askers === asker) this.#askers = undefined;
    if (this.#askers === undefined || (this.#askers instanceof Set && this.#askers.size === 0))
      this.#home?.forget(this.#text);
  }

  answerChanged(): void {
    if (this.#askers instanceof Set) for (const asker of this.#askers) asker.answerChanged();
    else this.#askers?.answerChanged();
  }
}

/** The questions of one kind, by key (or by index value). */
export class Questions {
  readonly #byText = new Map<string, Question>();

  about(text: string): Question {
    let question = this.#byText.get(text);
    if (question === undefined) {
      question = new Question(this, text);
      this.#byText.set(text, question);
    }
    return question;
  }

  /** Nobody asks it any more. */
  forget(text: string): void {
    this.#byText.delete(text);
  }

  answerChanged(text: string): void {
    this.#byText.get(text)?.answerChanged();
  }

  /** How many are remembered. */
  get size(): number {
    return this.#byText.size;
  }
}
