/**
 * The end of serving, as a value that is held: it begins once, whoever still has work under way holds it open, and a
 * deadline ends the waiting. Shutdown asks it who is still busy, to say so in the log.
 */
import type { Clock, Timer } from "./clock.ts";

export interface DrainOutcome {
  /** False: the deadline passed while some still held it. */
  readonly isComplete: boolean;
  /** How many holds were left, by their names. */
  readonly waiting: ReadonlyMap<string, number>;
}

export class Drain {
  readonly #clock: Clock;
  readonly #holds = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #done = Promise.withResolvers<DrainOutcome>();
  #deadlineAt: number | undefined;
  #timer: Timer | undefined;
  #isDone = false;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  get isDraining(): boolean {
    return this.#deadlineAt !== undefined;
  }

  /** Resolves when all have let go after the beginning, or at the deadline. Never rejects. */
  get done(): Promise<DrainOutcome> {
    return this.#done.promise;
  }

  /** Milliseconds until the deadline; undefined before the beginning. */
  get leftMs(): number | undefined {
    if (this.#deadlineAt === undefined) return undefined;
    return Math.max(0, this.#deadlineAt - this.#clock.now());
  }

  /** Begins, and tells who asked to know. Beginning again can only bring the deadline nearer. */
  begin(deadlineMs: number): Promise<DrainOutcome> {
    const deadlineAt = this.#clock.now() + deadlineMs;
    const isFirst = this.#deadlineAt === undefined;
    if (!this.#isDone && (this.#deadlineAt === undefined || deadlineAt < this.#deadlineAt)) {
      this.#deadlineAt = deadlineAt;
      this.#timer?.cancel();
      this.#timer = this.#clock.after(deadlineMs, () => this.#finish());
    }
    if (isFirst) {
      const listeners = [...this.#listeners];
      this.#listeners.clear();
      for (const listener of listeners) listener();
      this.#finishIfFree();
    }
    return this.done;
  }

  /** Calls `listener` once, when it begins: at once if it has. Returns the way to stop. */
  onBegin(listener: () => void): () => void {
    if (this.isDraining) {
      listener();
      return () => {};
    }
    // Its own object, so that a listener given twice is told twice and stopped one at a time.
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Holds the end back (also once draining: work leads to work) until the returned function is called; twice is once. */
  hold(name: string): () => void {
    this.#holds.set(name, (this.#holds.get(name) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#letGo(name);
    };
  }

  /** How many hold it, by name. */
  get waiting(): ReadonlyMap<string, number> {
    return new Map(this.#holds);
  }

  #letGo(name: string): void {
    const left = (this.#holds.get(name) ?? 0) - 1;
    if (left > 0) this.#holds.set(name, left);
    else this.#holds.delete(name);
    this.#finishIfFree();
  }

  #finishIfFree(): void {
    if (this.isDraining && this.#holds.size === 0) this.#finish();
  }

  #finish(): void {
    this.#isDone = true;
    this.#timer?.cancel();
    this.#done.resolve({ isComplete: this.#holds.size === 0, waiting: this.waiting });
  }
}
