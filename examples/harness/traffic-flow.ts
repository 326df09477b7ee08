/** Clients that ask without pause, so that a change is made under traffic and nobody who fails goes unseen. */
import { type Answer, ask, tally } from "./ask.ts";

const clients = 4;

export class TrafficFlow {
  readonly #answers: Answer[] = [];
  readonly #clients: readonly Promise<void>[];
  readonly #isFine: (answer: Answer) => boolean;
  #isStopped = false;
  #failed = 0;
  #failures: string[] = [];

  /** `isFine` says of every answer whether it may be: 200 unless told. */
  constructor(url: string, isFine: (answer: Answer) => boolean = ({ status }) => status === 200) {
    this.#isFine = isFine;
    this.#clients = Array.from({ length: clients }, () => this.#askOn(url));
  }

  get count(): number {
    return this.#answers.length;
  }

  /** Of the latest answers, how many came from whom. */
  recent(count: number): Readonly<Record<string, number>> {
    return { canary: 0, ...tally(this.#answers.slice(-count)) };
  }

  /** Resolves when so many answers have come. */
  async reach(count: number): Promise<void> {
    while (this.count < count && !this.#isStopped) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async stop(): Promise<{ total: number; failed: number; failures: readonly string[] }> {
    this.#isStopped = true;
    await Promise.all(this.#clients);
    return { total: this.count + this.#failed, failed: this.#failed, failures: this.#failures };
  }

  async #askOn(url: string): Promise<void> {
    while (!this.#isStopped) {
      try {
        const answer = await ask(url);
        if (this.#isFine(answer)) this.#answers.push(answer);
        else this.#fail(`${answer.status} ${answer.body}`);
      } catch (error) {
        this.#fail(error instanceof Error ? error.message : String(error));
      }
    }
  }

  #fail(reason: string): void {
    this.#failed++;
    if (this.#failures.length < 10) this.#failures.push(reason);
  }
}
