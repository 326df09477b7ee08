/** What scenarios of full load have in common: their figures, and what goes before them. */
import type { Metric } from "./scenario.ts";

export const cpuPerRequest: Metric = { key: "cpuUsPerRequest", title: "CPU us/request", digits: 1 };
export const requestRate: Metric = { key: "requestsPerSecond", title: "requests/s", digits: 0 };
export const usualMetrics: readonly Metric[] = [cpuPerRequest, requestRate];

/**
 * Requests before the first measured one, the same for every peer: a just-in-time compiler needs them, and a pool its connections. Under
 * gRPC the figure falls until 35,000 or so are through, however long they take: on a busy machine that may be half a minute.
 */
const firstWarmUp = 50_000;
const laterWarmUp = 1;
const longestWarmUpSeconds = 40;

/** `load`: one second of it; gives back how many requests that were. */
export async function warmUp(round: number, load: () => Promise<number>): Promise<void> {
  const requests = round === 0 ? firstWarmUp : laterWarmUp;
  for (let done = 0, seconds = 0; done < requests && seconds < longestWarmUpSeconds; seconds += 1) {
    done += await load();
  }
}
