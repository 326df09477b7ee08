/**
 * Keeps retries from becoming a storm (reference R11): retries may be a share of the requests of the last seconds, plus
 * a small number per second so that a quiet Service can retry at all. When an upstream answers everything with an error,
 * it sees 1.2 times its clients' requests, not four times. One per backend; GEP-3388's figures by default.
 */

export interface RetryBudgetOptions {
  /** Retries per hundred requests. */
  readonly percent: number;
  /** Requests are remembered this long; whole seconds. */
  readonly intervalSeconds: number;
  /** Retries per second that are free. */
  readonly minPerSecond: number;
}

export const defaultRetryBudget: RetryBudgetOptions = { percent: 20, intervalSeconds: 10, minPerSecond: 10 };

/** Times are Clock.now()'s. Costs a few operations per request and a few numbers of memory. */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  /** Per second of the interval, in a ring. */
  readonly #requests: Float64Array;
  readonly #retries: Float64Array;
  #second = 0;

  constructor(options: RetryBudgetOptions = defaultRetryBudget) {
    this.#options = options;
    this.#requests = new Float64Array(options.intervalSeconds);
    this.#retries = new Float64Array(options.intervalSeconds);
  }

  /** Counts a request's first attempt. */
  recordRequest(nowMs: number): void {
    this.#requests[this.#slot(nowMs)]!++;
  }

  /** Takes one retry out of the budget; false: there is none left, and the failure stands. */
  takeRetry(nowMs: number): boolean {
    const slot = this.#slot(nowMs);
    const { percent, intervalSeconds, minPerSecond } = this.#options;
    const allowed = (sum(this.#requests) * percent) / 100 + minPerSecond * intervalSeconds;
    if (sum(this.#retries) + 1 > allowed) return false;
    this.#retries[slot]!++;
    return true;
  }

  /** The ring's place of this second; what fell out of the interval meanwhile is forgotten. */
  #slot(nowMs: number): number {
    const second = Math.floor(nowMs / 1000);
    const { intervalSeconds } = this.#options;
    const passed = Math.min(second - this.#second, intervalSeconds);
    for (let i = 0; i < passed; i++) {
      const slot = (second - i) % intervalSeconds;
      this.#requests[slot] = 0;
      this.#retries[slot] = 0;
    }
    if (passed > 0) this.#second = second;
    return this.#second % intervalSeconds;
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
