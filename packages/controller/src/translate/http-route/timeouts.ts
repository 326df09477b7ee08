/** rules[].timeouts and rules[].retry -> Timeouts and Retry. Durations are GEP-2257's; "0s" turns a time-out off. */
import { errorMessage } from "@waystone/base/error-message";
import type { HTTPRouteRule } from "@waystone/api/kubernetes/gateway";
import { parseDuration } from "@waystone/base/duration";
import type { Faults } from "./faults.ts";

export interface Timeouts {
  /** Absent where the rule does not say. */
  readonly requestMs?: number;
  readonly backendRequestMs: number;
}

export interface Retry {
  readonly attempts: number;
  readonly backoffMs: number;
  readonly codes: number[];
}

/** The wire's limit, about 49 days. */
const maxMs = 0xffff_ffff;

/** Below this, retries of many requests arrive as one; Envoy's default too. */
const defaultBackoffMs = 25;

/** Gateway API 1.7: one retry where `retry` says nothing else. */
const defaultAttempts = 1;

export function translateTimeouts(rule: HTTPRouteRule, at: string, faults: Faults): Timeouts | undefined {
  if (rule.timeouts === undefined) return undefined;
  const requestMs = duration(rule.timeouts.request, `${at}.timeouts.request`, faults);
  const backendRequestMs =
    duration(rule.timeouts.backendRequest, `${at}.timeouts.backendRequest`, faults) ?? 0;
  if (requestMs !== undefined && requestMs > 0 && backendRequestMs > requestMs) {
    faults.refuse(
      `${at}.timeouts.backendRequest`,
      `${rule.timeouts.backendRequest} is longer than timeouts.request (${rule.timeouts.request}), which includes it`,
    );
  }
  return requestMs === undefined ? { backendRequestMs } : { requestMs, backendRequestMs };
}

export function translateRetry(rule: HTTPRouteRule, at: string, faults: Faults): Retry | undefined {
  const { retry } = rule;
  if (retry === undefined) return undefined;
  const attempts = retry.attempts ?? defaultAttempts;
  if (!Number.isInteger(attempts) || attempts < 0) {
    faults.refuse(`${at}.retry.attempts`, `${attempts} is no number of retries; write 0 or more`);
  }
  const codes = [...new Set(retry.codes ?? [])].toSorted((a, b) => a - b);
  const wrong = codes.find((code) => !Number.isInteger(code) || code < 400 || code > 599);
  if (wrong !== undefined) faults.refuse(`${at}.retry.codes`, `${wrong} is not between 400 and 599`);
  const backoffMs = duration(retry.backoff, `${at}.retry.backoff`, faults) ?? defaultBackoffMs;
  return { attempts, backoffMs, codes };
}

/** undefined: not given, or refused. */
function duration(text: string | undefined, at: string, faults: Faults): number | undefined {
  if (text === undefined) return undefined;
  try {
    const ms = parseDuration(text);
    if (ms <= maxMs) return ms;
    faults.refuse(at, `${text} is longer than 49 days`);
  } catch (error) {
    faults.refuse(at, errorMessage(error));
  }
  return undefined;
}
