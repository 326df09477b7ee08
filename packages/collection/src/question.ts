/**
 * Who asked what: the reverse of every fetch. A transformation's run for one input item is an Asker; what it fetched are
 * Questions (an item by key, an index's items by value, a whole collection). When an answer changes, exactly its askers
 * become stale. Questions that nobody asks any more are forgotten.
 */

/** One input item of a derived collection, with the questions that its latest run asked. */
export class Asker {
  readonly #markStale: () => void;
  /** Made when the first is asked: most items of most collections ask none. */
  #questions: Map<Question, number> | undefined;
  #run = 0;
  #asked = 0;

  constructor(markStale: () => void) {
    this.#markStale = markStale;
  }

  /** Before a run: the questions to come replace those of the run before. */
  begin(): void {
    this.#run++;
    this.#asked = 0;
  }

  ask(question: Question): void {
    this.#questions ??= new Map();
    const latest = this.#questions.get(question);
    if (latest === this.#run) return;
    if (latest === undefined) question.add(this);
    this.#questions.set(question, this.#run);
    this.#asked++;
  }

  /** After a run, failed or not. */
  end(): void {
    if (this.#questions === undefined || this.#questions.size === this.#asked) return;
    for (const [question, run] of this.#questions) {
      if (run !== this.#run) this.#take(question);
    }
  }

  /** The input item is gone. */
  close(): void {
    for (const question of this.#questions?.keys() ?? []) this.#take(question);
  }

  answerChanged(): void {
    this.#markStale();
  }

  #take(question: Question): void {
    this.#questions?.delete(question);
    question.remove(this);
  }
}

export class Question {
  /** One by itself: most questions have one asker, and a Set of one weighs ten times as much. */
  #askers: Asker | Set<Asker> | undefined;
  readonly #unasked: () => void;

  constructor(unasked: () => void = () => {}) {
    this.#unasked = unasked;
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
      this.#unasked();
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
      question = new Question(() => this.#byText.delete(text));
      this.#byText.set(text, question);
    }
    return question;
  }

  answerChanged(text: string): void {
    this.#byText.get(text)?.answerChanged();
  }

  /** How many are remembered. */
  get size(): number {
    return this.#byText.size;
  }
}
