/**
 * May a failed attempt be made again? Two questions: is it safe (reference R08, RFC 9110 9.2.2), and is it wanted (the
 * rule's retry stanza)? A request that never reached an application may always be sent again; one that may have been
 * acted upon, only if its method is idempotent. A connection that was kept from an earlier request and turns out closed
 * is no failure of the endpoint, nor is one that is going: it is replaced without any stanza (RFC 9112 9.3.1, RFC 9113 8.7).
 */
import type { RetryPolicy } from "../route/route.ts";

export type FailureKind =
  /** No connection: nothing was sent. */
  | "connect"
  /** The upstream said that it did nothing with it (GOAWAY, RST_STREAM REFUSED_STREAM; RFC 9113 8.7). */
  | "refused"
  /** A kept connection ended before any byte of a response. */
  | "stale-connection"
  /** A fresh connection ended, or a response broke off, before its headers were complete. */
  | "reset"
  /** No response within the per-try timeout. */
  | "timeout"
  /** A response whose status the stanza may name. */
  | "status";

export interface FailedAttempt {
  readonly kind: FailureKind;
  /** For "status"; 0 else. */
  readonly status: number;
  readonly method: string;
  /** Whether every byte of the body can be sent again (none was lost from the replay buffer). */
  readonly bodyReplayable: boolean;
  /** Whether any header of a final response went downstream. */
  readonly responseStarted: boolean;
  /** Retries made so far, without replacements of stale connections. */
  readonly retries: number;
  /** Replacements so far. */
  readonly replacements: number;
}

/** "replace": at once, on another connection, not counted as a retry. "retry": after the backoff. */
export type RetryDecision = "no" | "replace" | "retry";

/** Per request: each takes one connection that is closed or going out of the pool, so a few calls heal it. */
const replacementLimit = 2;

export function decideRetry(policy: RetryPolicy | undefined, attempt: FailedAttempt): RetryDecision {
  if (attempt.responseStarted || !attempt.bodyReplayable) return "no";
  if (!isSafe(attempt)) return "no";
  // Gateway API 1.7: an explicit zero disables every retry, those too that nobody has to ask for.
  if (policy?.attempts === 0) return "no";
  if (
    (attempt.kind === "stale-connection" || attempt.kind === "refused") &&
    attempt.replacements < replacementLimit
  )
    return "replace";
  if (policy === undefined || attempt.retries >= policy.attempts) return "no";
  return isWanted(policy, attempt) ? "retry" : "no";
}

/** Never the non-idempotent unless refused before it was sent. */
function isSafe(attempt: FailedAttempt): boolean {
  return attempt.kind === "connect" || attempt.kind === "refused" || isIdempotent(attempt.method);
}

/** Gateway API, HTTPRouteRetry: connection errors and timeouts whenever there is a stanza; statuses if it names them. */
function isWanted(policy: RetryPolicy, attempt: FailedAttempt): boolean {
  return attempt.kind !== "status" || policy.codes.includes(attempt.status);
}

/** RFC 9110 9.2.2, of the methods registered; an unknown one might do anything. */
export function isIdempotent(method: string): boolean {
  switch (method) {
    case "GET":
    case "HEAD":
    case "OPTIONS":
    case "PUT":
    case "DELETE":
    case "TRACE":
      return true;
    default:
      return false;
  }
}
