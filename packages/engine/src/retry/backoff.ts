/** The pause before a retry: at least what the rule says, doubled each time, with jitter upwards, and capped. */
import type { Rng } from "@waystone/base/rng";

/** Envoy's default base; and an upstream that answers slowly gets the time to give up its own attempt. */
export const defaultBackoffMs = 25;
/** The doubling ends here, or at the rule's own backoff where that is longer. */
export const longestBackoffMs = 10_000;

/** `retry` counts from 1. Gateway API, HTTPRouteRetry.backoff: never earlier than `minimumMs`. */
export function backoffMs(minimumMs: number, retry: number, rng: Rng): number {
  const least = minimumMs > 0 ? minimumMs : defaultBackoffMs;
  const doubled = Math.min(least * 2 ** (retry - 1), Math.max(longestBackoffMs, least));
  return doubled + rng.next() * doubled * 0.5;
}
