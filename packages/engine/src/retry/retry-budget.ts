/**
 * Keeps retries from becoming a storm (reference R11): of the requests of the last seconds at most a share may be retries, but
 * so many in any case that a quiet Service can retry at all (GEP-3388). When an upstream answers everything with an error, it
 * sees 1.2 times its clients' requests, not four times. One per Service and worker, for all of its ports and routes.
 */

export interface RetryBudgetOptions {
  /** Retries per hundred requests. */
  readonly percent: number;
  /** Requests are remembered this long. */
  readonly intervalMs: number;
  /** So many retries are free ... */
  readonly minRetries: number;
  /** ... in each of these. */
  readonly minRetriesIntervalMs: number;
}

/** As finely as the interval is cut: what it costs in memory, whatever the interval. */
const slots = 20;

/** Times are Clock.now()'s. Costs a few operations per request and a few numbers of memory. */
export class RetryBudget {
  readonly options: RetryBudgetOptions;
  /** Counts in a ring, by slot of the interval, and their sums. */
  readonly #requests = new Float64Array(slots);
  readonly #retries = new Float64Array(slots);
  /** Free retries that are left. Every retry takes one, so that under load it is the share alone that counts. */
  #free: number;
  #refilledAtMs = 0;
  #requestSum = 0;
  #retrySum = 0;
  /** The newest slot, counted from time 0. */
  #slot = 0;

  constructor(options: RetryBudgetOptions) {
    this.options = options;
    this.#free = options.minRetries;
  }

  /** Counts a request's first attempt. */
  recordRequest(nowMs: number): void {
    this.#requests[this.#turn(nowMs)]!++;
    this.#requestSum++;
  }

  /** Takes one retry out of the budget; false: there is none left, and the failure stands. */
  takeRetry(nowMs: number): boolean {
    const at = this.#turn(nowMs);
    this.#refill(nowMs);
    const isWithinShare = this.#retrySum + 1 <= (this.#requestSum * this.options.percent) / 100;
    if (!isWithinShare && this.#free < 1) return false;
    this.#free = Math.max(0, this.#free - 1);
    this.#retries[at]!++;
    this.#retrySum++;
    return true;
  }

  #refill(nowMs: number): void {
    const { minRetries, minRetriesIntervalMs } = this.options;
    const passedMs = Math.max(0, nowMs - this.#refilledAtMs);
    this.#free = Math.min(minRetries, this.#free + (passedMs * minRetries) / minRetriesIntervalMs);
    this.#refilledAtMs = nowMs;
  }

  /** Forgets what fell out of the interval meanwhile; the place in the ring of this moment. */
  #turn(nowMs: number): number {
    const slot = Math.floor((nowMs * slots) / this.options.intervalMs);
    const passed = Math.min(slot - this.#slot, slots);
    for (let i = 0; i < passed; i++) {
      const at = (slot - i) % slots;
      this.#requestSum -= this.#requests[at]!;
      this.#retrySum -= this.#retries[at]!;
      this.#requests[at] = 0;
      this.#retries[at] = 0;
    }
    if (passed > 0) this.#slot = slot;
    return this.#slot % slots;
  }
}
