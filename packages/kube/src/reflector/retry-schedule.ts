/**
 * How long a reflector waits before it asks again. Who gets no answer asks again soon, for ever: that costs a server that is
 * down nothing, and one that comes back is seen at once. Who gets an error waits longer each time, up to 30 s. Growth is
 * gentle, so that a few faults in a row are healed within 2 s of the last. A server that names a time is obeyed.
 */
import { Backoff } from "@waystone/base/backoff";
import type { Rng } from "@waystone/base/rng";
import type { ApiError } from "../transport/api-error.ts";

const minMs = 800;
const unansweredMaxMs = 1_600;
const defaultRefusedMaxMs = 30_000;
const factor = 1.2;
/** On top of each wait, so that those who failed together do not come back together. */
const jitterShare = 0.2;
const retryAfterJitterMs = 500;
const retryAfterMaxMs = 120_000;
const pauseMs = 500;

export class RetrySchedule {
  readonly #rng: Rng;
  readonly #unanswered: Backoff;
  readonly #refused: Backoff;

  constructor({
    rng,
    refusedMaxMs = defaultRefusedMaxMs,
  }: { readonly rng: Rng; readonly refusedMaxMs?: number | undefined }) {
    this.#rng = rng;
    this.#unanswered = new Backoff({ minMs, maxMs: unansweredMaxMs, factor, jitter: "none", rng });
    this.#refused = new Backoff({ minMs, maxMs: refusedMaxMs, factor, jitter: "none", rng });
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#unanswered.failures + this.#refused.failures;
  }

  afterFailure(error: ApiError): number {
    const backoffMs = error.status === 0 ? this.#unanswered.nextMs() : this.#refused.nextMs();
    if (error.retryAfterMs !== undefined) {
      return Math.min(error.retryAfterMs, retryAfterMaxMs) + this.#rng.next() * retryAfterJitterMs;
    }
    return backoffMs * (1 + this.#rng.next() * jitterShare);
  }

  /** The server ended a watch in good order, as it does every few minutes. */
  afterEnd(): number {
    return this.#rng.next() * pauseMs;
  }

  succeeded(): void {
    this.#unanswered.reset();
    this.#refused.reset();
  }
}
