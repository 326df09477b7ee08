/** What the proxy asks of the connections to one endpoint, whatever protocol they speak: pool.ts and h2/http2-pool.ts. */
import type { UpstreamConnection } from "../http/stream.ts";
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";
import type { EndpointPool } from "../store/snapshot.ts";
import type { StatusSeries } from "../telemetry/request-metrics.ts";

/** Somebody who waits for a connection with room: told once, and is to begin an exchange on it at once. */
export interface ConnectionWaiter {
  /** `reused`: it served an exchange before, so its peer may be gone already. */
  onConnection(connection: UpstreamConnection, reused: boolean): void;
  onNoConnection(kind: ProxyErrorKind, detail: string): void;
}

export interface ConnectionPool extends EndpointPool {
  /** Bound metric series by source; telemetry's, kept here because it lives as long as the endpoint. */
  readonly series: Map<string, StatusSeries>;
  /** Answers at once where a connection has room, else later. `fresh`: not one that was used before. */
  acquire(waiter: ConnectionWaiter, fresh: boolean): void;
  /** The waiter lost interest; it is not told anything. */
  forget(waiter: ConnectionWaiter): void;
}
