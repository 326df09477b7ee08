/** An XBackendTrafficPolicy as the data path runs it (GEP-3388, GEP-1619): what holds for a Service whatever route leads to it. */
import type { BackendTrafficResource } from "@waystone/api/resources";
import type { Problems } from "../route/problems.ts";
import { compileSession, type SessionPolicy } from "../session/session-policy.ts";
import { RetryBudget } from "./retry-budget.ts";

export interface BackendTraffic {
  /** Counts for all ports of the Service together. */
  readonly retryBudget: RetryBudget | undefined;
  readonly session: SessionPolicy | undefined;
}

/** Adds to the problems what is wrong; what is given back is to be used only where nothing is. */
export function compileBackendTraffic(resource: BackendTrafficResource, problems: Problems): BackendTraffic {
  const session = compileSession(resource.sessionPersistence, "backendTraffic.sessionPersistence", problems);
  return {
    retryBudget: compileBudget(resource.retryBudget, "backendTraffic.retryBudget", problems),
    session,
  };
}

const hourMs = 3_600_000;

function compileBudget(
  resource: BackendTrafficResource["retryBudget"],
  field: string,
  problems: Problems,
): RetryBudget | undefined {
  if (resource === undefined || resource === null) return undefined;
  const percent = resource.percent ?? 0;
  const intervalMs = resource.intervalMs ?? 0;
  const minRetries = resource.minRetries ?? 0;
  const minRetriesIntervalMs = resource.minRetriesIntervalMs ?? 0;
  if (percent > 100) problems.add(`${field}.percent`, `${percent} is more than 100`);
  if (intervalMs < 1_000 || intervalMs > hourMs)
    problems.add(`${field}.intervalMs`, `${intervalMs} is not between 1 s and 1 h`);
  if (minRetriesIntervalMs < 1 || minRetriesIntervalMs > hourMs)
    problems.add(`${field}.minRetriesIntervalMs`, `${minRetriesIntervalMs} is not between 1 ms and 1 h`);
  return new RetryBudget({ percent, intervalMs, minRetries, minRetriesIntervalMs });
}
