/**
 * Which connections a worker takes: so many in all, so many from one address (one client must not take everybody's places), none
 * while it refuses them. Those beyond get a reset at once, which costs nothing and tells honest clients to go elsewhere.
 */
import type { MetricsRegistry } from "@waystone/base/metrics";

/** limit: `limits.connections`. descriptors: fewer, as the process may not open more. source: `limits.connectionsPerSource`. */
export type RefusedFor = "limit" | "descriptors" | "source" | "overload";

export interface ConnectionLimitsOptions {
  readonly connections: number;
  readonly connectionsPerSource: number;
  /** Descriptors that this worker may use. */
  readonly descriptors: number;
  readonly metrics: MetricsRegistry;
}

export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #most: number;
  readonly #bySource = new Map<string, number>();
  #count = 0;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
    // A client's connection needs one more towards an endpoint.
    this.#most = Math.min(options.connections, Math.max(1, Math.floor(options.descriptors / 2)));
  }

  /** Undefined: it is taken, and is to be given back. Else it is counted as refused. */
  take(source: string, isRefusing: boolean): RefusedFor | undefined {
    const ofSource = this.#bySource.get(source) ?? 0;
    const reason = this.#refusal(ofSource, isRefusing);
    if (reason === undefined) {
      this.#count += 1;
      this.#bySource.set(source, ofSource + 1);
    } else {
      const help = "Client connections that were reset at once, by reason.";
      this.#options.metrics.counter("waystone_downstream_connections_refused_total", help, { reason }).add(1);
    }
    return reason;
  }

  give(source: string): void {
    this.#count -= 1;
    const left = (this.#bySource.get(source) ?? 1) - 1;
    if (left === 0) this.#bySource.delete(source);
    else this.#bySource.set(source, left);
  }

  #refusal(ofSource: number, isRefusing: boolean): RefusedFor | undefined {
    const { connections, connectionsPerSource } = this.#options;
    if (isRefusing) return "overload";
    if (this.#count >= this.#most) return this.#most < connections ? "descriptors" : "limit";
    return ofSource >= connectionsPerSource ? "source" : undefined;
  }
}
