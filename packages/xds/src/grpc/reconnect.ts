/** Exponential backoff with jitter, so that waypoints which lost one controller together do not come back together. */
import type { Rng } from "@waystone/base/rng";

export interface BackoffBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

/** ztunnel's figures: a restarted controller is found at once, a dead one costs next to nothing. */
export const defaultBackoffBounds: BackoffBounds = { minMs: 10, maxMs: 15_000 };

export interface Backoff {
  /** Between half and all of the current step, which then doubles. */
  nextDelayMs(): number;
  /** After a success. */
  reset(): void;
}

export function createBackoff({ minMs, maxMs }: BackoffBounds, rng: Rng): Backoff {
  let stepMs = minMs;
  return {
    nextDelayMs() {
      const delayMs = stepMs * (0.5 + rng.next() / 2);
      stepMs = Math.min(maxMs, stepMs * 2);
      return delayMs;
    },
    reset() {
      stepMs = minMs;
    },
  };
}
