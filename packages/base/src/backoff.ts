/**
 * How long to wait before trying again: exponential, with jitter so that many who failed together do not come back
 * together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter). Holds no timer: it only says.
 */
import type { Rng } from "./rng.ts";

/**
 * - none: exactly the exponential;
 * - full: anything from 0 to the exponential; spreads best, but a first retry may come at once;
 * - decorrelated: anything from the minimum to three times the wait before; never less than the minimum.
 */
export type Jitter = "none" | "full" | "decorrelated";

export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
  /** By which the wait grows with each failure; not used by decorrelated jitter. 2 unless given. */
  readonly factor?: number;
  readonly jitter: Jitter;
  readonly rng: Rng;
}

export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #factor: number;
  readonly #jitter: Jitter;
  readonly #rng: Rng;
  /** The wait to come without jitter; of decorrelated jitter, the wait before. */
  #baseMs: number;
  #failures = 0;

  constructor({ minMs, maxMs, factor = 2, jitter, rng }: BackoffOptions) {
    if (!(minMs > 0)) throw new RangeError(`backoff: minMs is ${minMs}, must be more than 0`);
    if (!(maxMs >= minMs && Number.isFinite(maxMs))) {
      throw new RangeError(`backoff: maxMs is ${maxMs}, must be a number not below minMs (${minMs})`);
    }
    if (!(factor >= 1 && Number.isFinite(factor))) {
      throw new RangeError(`backoff: factor is ${factor}, must be a number not below 1`);
    }
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#factor = factor;
    this.#jitter = jitter;
    this.#rng = rng;
    this.#baseMs = minMs;
  }

  /** How many failures since the start or the last success. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts a failure and says how long to wait now. */
  nextMs(): number {
    this.#failures++;
    const baseMs = this.#baseMs;
    switch (this.#jitter) {
      case "none":
        this.#grow();
        return baseMs;
      case "full":
        this.#grow();
        return this.#rng.next() * baseMs;
      case "decorrelated":
        this.#baseMs = Math.min(this.#maxMs, this.#minMs + this.#rng.next() * (baseMs * 3 - this.#minMs));
        return this.#baseMs;
    }
  }

  /** After a success: the next failure is the first again. */
  reset(): void {
    this.#failures = 0;
    this.#baseMs = this.#minMs;
  }

  #grow(): void {
    this.#baseMs = Math.min(this.#maxMs, this.#baseMs * this.#factor);
  }
}
