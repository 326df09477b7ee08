/**
 * The metrics of all workers as one: summed, and never going back. A worker that was lost took its counters with it; what
 * it last said is kept and added, or every loss would look to Prometheus like a reset followed by a flood.
 */
import { type Family, mergeFamilies } from "@waystone/base/metrics";

export class WorkerMetrics {
  readonly #last = new Map<number, readonly Family[]>();
  #lost: readonly Family[] = [];

  /** What a worker says now. */
  take(worker: number, families: readonly Family[]): void {
    this.#last.set(worker, families);
  }

  /** The worker is gone: its counters stay, its gauges go. */
  leave(worker: number): void {
    const families = this.#last.get(worker);
    if (families === undefined) return;
    this.#last.delete(worker);
    this.#lost = mergeFamilies([this.#lost, families.filter(({ type }) => type !== "gauge")]);
  }

  /** Of a worker that did not answer in time, what it said the last time. */
  merged(): Family[] {
    return mergeFamilies([this.#lost, ...this.#last.values()]);
  }
}
