/**
 * Questions to all workers at once, each answered by its sequence number, with a bound in time: a busy worker must not keep
 * a scrape waiting, and what it does not say in time is left out.
 */
import type { Clock, Timer } from "@waystone/base/clock";

interface Gathering<T> {
  readonly waiting: Set<number>;
  readonly answers: Map<number, T>;
  timer: Timer | undefined;
  readonly resolve: (answers: ReadonlyMap<number, T>) => void;
}

export class Gatherer<T> {
  readonly #clock: Clock;
  readonly #open = new Map<number, Gathering<T>>();
  #sequence = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks `workers` by `post`; resolves with what was answered, in their order, when all have, or at the deadline. */
  gather(
    workers: readonly number[],
    deadlineMs: number,
    post: (worker: number, sequence: number) => void,
  ): Promise<ReadonlyMap<number, T>> {
    if (workers.length === 0) return Promise.resolve(new Map());
    const sequence = ++this.#sequence;
    return new Promise((resolve) => {
      const gathering: Gathering<T> = {
        waiting: new Set(workers),
        answers: new Map(),
        timer: undefined,
        resolve,
      };
      this.#open.set(sequence, gathering);
      gathering.timer = this.#clock.after(deadlineMs, () => this.#close(sequence, gathering));
      for (const worker of workers) post(worker, sequence);
    });
  }

  answer(worker: number, sequence: number, answer: T): void {
    const gathering = this.#open.get(sequence);
    if (gathering?.waiting.delete(worker) !== true) return;
    gathering.answers.set(worker, answer);
    if (gathering.waiting.size === 0) this.#close(sequence, gathering);
  }

  /** The worker is gone: nobody waits for it. */
  leave(worker: number): void {
    for (const [sequence, gathering] of this.#open) {
      if (gathering.waiting.delete(worker) && gathering.waiting.size === 0) this.#close(sequence, gathering);
    }
  }

  #close(sequence: number, gathering: Gathering<T>): void {
    gathering.timer?.cancel();
    this.#open.delete(sequence);
    gathering.resolve(new Map([...gathering.answers].sort(([a], [b]) => a - b)));
  }
}
