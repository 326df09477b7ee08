/** spec.retryConstraint of an XBackendTrafficPolicy -> RetryBudget. What the schema fills in where it is given in part is filled in here too. */
import { errorMessage } from "@waystone/base/error-message";
import type { XBackendTrafficPolicy } from "@waystone/api/kubernetes/gateway";
import type { BackendTrafficResource } from "@waystone/api/resources";
import { parseDuration } from "@waystone/base/duration";
import type { Refuse } from "../session-persistence.ts";

type RetryConstraint = XBackendTrafficPolicy["spec"]["retryConstraint"];

const hourMs = 3_600_000;

export function translateRetryConstraint(
  constraint: RetryConstraint,
  at: string,
  refuse: Refuse,
): BackendTrafficResource["retryBudget"] | undefined {
  if (constraint === undefined) return undefined;
  const { budget = {}, minRetryRate = {} } = constraint;
  return {
    percent: budget.percent ?? 20,
    intervalMs: interval(budget.interval ?? "10s", 1_000, `${at}.budget.interval`, refuse),
    minRetries: minRetryRate.count ?? 10,
    minRetriesIntervalMs: interval(minRetryRate.interval ?? "1s", 1, `${at}.minRetryRate.interval`, refuse),
  };
}

/** The bounds are those of the definition's own rules, which files are not checked by. */
function interval(text: string, leastMs: number, at: string, refuse: Refuse): number {
  try {
    const ms = parseDuration(text);
    if (ms >= leastMs && ms <= hourMs) return ms;
    refuse(at, `${text} is not between ${leastMs === 1 ? "1ms" : "1s"} and 1h`);
  } catch (error) {
    refuse(at, errorMessage(error));
  }
  return leastMs;
}
