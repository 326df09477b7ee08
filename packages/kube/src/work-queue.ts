/**
 * Work by key, for what writes to the API server: a key that is added while it waits is worked on once, one that is added
 * while it is worked on is worked on again, and one whose work failed is tried again with backoff. In the manner of
 * client-go's workqueue.
 */
import { Backoff } from "@waystone/base/backoff";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";

export interface WorkQueueOptions {
  /** Brings the world of this key to what it should be. What it throws is a failure, and the key comes again. */
  readonly work: (key: string) => Promise<void>;
  /** Told of each failure: `failures` in a row, the next try after `retryMs`. */
  readonly onFailure: (key: string, thrown: unknown, failures: number, retryMs: number) => void;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Of the keys that wait, those that are worked on before all others; none unless given. */
  readonly goesFirst?: (key: string) => boolean;
  /** Keys worked on at a time; 8 unless given. */
  readonly concurrency?: number;
}

export interface WorkQueue {
  add(key: string): void;
  /** Once that much time has passed; an earlier `add` does not cancel it. */
  addAfter(key: string, ms: number): void;
  /** Takes no more keys and waits for those that are worked on. */
  close(): Promise<void>;
}

const retryBounds = { minMs: 50, maxMs: 30_000 };

export function openWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyedQueue(options);
}

class KeyedQueue implements WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #concurrency: number;
  readonly #first = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #working = new Map<string, Promise<void>>();
  /** Added again while worked on. */
  readonly #again = new Set<string>();
  readonly #backoffs = new Map<string, Backoff>();
  readonly #timers = new Set<Timer>();
  #isClosed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? 8;
  }

  add(key: string): void {
    if (this.#isClosed) return;
    if (this.#working.has(key)) this.#again.add(key);
    else {
      this.#wait(key);
      this.#startNext();
    }
  }

  addAfter(key: string, ms: number): void {
    if (this.#isClosed) return;
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      this.add(key);
    });
    this.#timers.add(timer);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#first.clear();
    this.#waiting.clear();
    this.#again.clear();
    await Promise.all(this.#working.values());
  }

  #wait(key: string): void {
    const goesFirst = this.#options.goesFirst?.(key) ?? false;
    (goesFirst ? this.#first : this.#waiting).add(key);
  }

  #startNext(): void {
    for (const waiting of [this.#first, this.#waiting]) {
      for (const key of waiting) {
        if (this.#working.size >= this.#concurrency) return;
        waiting.delete(key);
        this.#working.set(key, this.#work(key));
      }
    }
  }

  async #work(key: string): Promise<void> {
    // In a turn of its own: whoever adds a key has not run its work when `add` returns.
    await Promise.resolve();
    try {
      await this.#options.work(key);
      this.#backoffs.delete(key);
    } catch (thrown) {
      this.#failed(key, thrown);
    }
    this.#working.delete(key);
    if (this.#isClosed) return;
    if (this.#again.delete(key)) this.#wait(key);
    this.#startNext();
  }

  #failed(key: string, thrown: unknown): void {
    if (this.#isClosed) return;
    const backoff =
      this.#backoffs.get(key) ??
      new Backoff({ ...retryBounds, jitter: "decorrelated", rng: this.#options.rng });
    this.#backoffs.set(key, backoff);
    const retryMs = backoff.nextMs();
    this.#options.onFailure(key, thrown, backoff.failures, retryMs);
    this.addAfter(key, retryMs);
  }
}
