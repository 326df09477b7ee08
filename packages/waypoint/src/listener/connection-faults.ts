/**
 * A mistake of ours that some peer's bytes have led to costs the connection that they came on, and nobody else's: the worker, with
 * thousands of connections of others, goes on. It is counted, and told with its stack once a second at most, since whoever found
 * it may send those bytes again and again.
 */
import type { Clock } from "@waystone/base/clock";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { FromWorker } from "../worker/protocol.ts";

const toldEveryMs = 1000;

export interface ConnectionFaultsOptions {
  readonly clock: Clock;
  readonly metrics: MetricsRegistry;
  readonly emit: (message: FromWorker) => void;
}

/** One per worker. */
export class ConnectionFaults {
  readonly #options: ConnectionFaultsOptions;
  readonly #count;
  #toldAt = -toldEveryMs;
  #untold = 0;

  constructor(options: ConnectionFaultsOptions) {
    this.#options = options;
    this.#count = options.metrics.counter(
      "waystone_connection_faults_total",
      "Connections that were cut because serving them failed by a mistake of Waystone's own.",
    );
  }

  readonly report = (error: unknown): void => {
    this.#count.add(1);
    const { clock, emit } = this.#options;
    const now = clock.now();
    if (now - this.#toldAt < toldEveryMs) {
      this.#untold += 1;
      return;
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const fields = { error: stack, ...(this.#untold > 0 ? { others: this.#untold } : {}) };
    this.#toldAt = now;
    this.#untold = 0;
    emit({
      type: "log",
      level: "error",
      fields,
      message: "a connection was cut by a mistake of Waystone's own; please report it with this line",
    });
  };
}

/** For those to whom nobody gave another place to report to: a mistake ends what made it. */
export function rethrow(error: unknown): never {
  throw error;
}
