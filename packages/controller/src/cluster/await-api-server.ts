/** Waits until the API server answers at all, and says so while it does not: one line, not one for each kind. */
import { Backoff } from "@waystone/base/backoff";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { ServerVersion } from "@waystone/kube/discovery/discover";
import { errorFromThrown, isUnanswered } from "@waystone/kube/transport/api-error";
import type { Transport } from "@waystone/kube/transport/transport";

export interface AwaitApiServerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const retry = { minMs: 500, maxMs: 5_000, jitter: "decorrelated" } as const;
const timeoutMs = 10_000;
const repeatMs = 30_000;

/** False: aborted before. An answer that refuses is one: whoever is refused hears it kind by kind. */
export async function awaitApiServer(options: AwaitApiServerOptions): Promise<boolean> {
  const { transport, clock, rng, logger, signal } = options;
  const backoff = new Backoff({ ...retry, rng });
  let saidAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      const { gitVersion } = await transport.request<ServerVersion>({ path: "/version", timeoutMs, signal });
      logger.info({ kubernetes: gitVersion }, "the API server answers");
      return true;
    } catch (thrown) {
      if (!isUnanswered(thrown)) return true;
      if (signal.aborted) break;
      if (clock.now() - saidAt >= repeatMs) {
        saidAt = clock.now();
        const error = errorFromThrown("GET /version", thrown).message;
        logger.warn({ error }, "the API server does not answer: trying again until it does");
      }
    }
    await pause(clock, backoff.nextMs(), signal);
  }
  return false;
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(ms, resolve);
  const wake = (): void => resolve();
  signal.addEventListener("abort", wake);
  await promise;
  signal.removeEventListener("abort", wake);
  timer.cancel();
}
