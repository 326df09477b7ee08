/**
 * Mirrored copies that wait for a connection, of a worker: nobody waits for their answers, so nothing else would keep a backend that
 * takes no connections from filling the worker with copies for it, endpoint after endpoint. Counts the copies that are dropped, too.
 */
import type { Counter, MetricsRegistry } from "@waystone/base/metrics";
import type { PoolSettings } from "../settings.ts";

/**
 * Why a copy went nowhere, or not as a whole. crowd: too many wait in the worker. size: more of its body came than may wait. slow: its
 * endpoint takes less than comes. unreachable: no connection. lost: the connection ended before its answer had. late: not answered in time.
 */
export type MirrorDropped = "crowd" | "size" | "slow" | "unreachable" | "lost" | "late";

/** One per worker. */
export class WaitingMirrors {
  readonly #most: number;
  readonly #mostBytes: number;
  readonly #dropped = new Map<MirrorDropped, Counter>();
  readonly #metrics: MetricsRegistry;
  #count = 0;
  #bytes = 0;

  constructor(
    settings: Pick<PoolSettings, "waitingMirrors" | "waitingMirrorBytes">,
    metrics: MetricsRegistry,
  ) {
    this.#most = settings.waitingMirrors;
    this.#mostBytes = settings.waitingMirrorBytes;
    this.#metrics = metrics;
  }

  /** One more waits, with so many bytes. False: there is no room, and nothing is counted. */
  enter(bytes: number): boolean {
    if (this.#count >= this.#most || this.#bytes + bytes > this.#mostBytes) return false;
    this.#count++;
    this.#bytes += bytes;
    return true;
  }

  /** One of them has so many bytes more. False: there is no room, and nothing is counted. */
  grow(bytes: number): boolean {
    if (this.#bytes + bytes > this.#mostBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  /** With all bytes that it entered with and grew by. */
  leave(bytes: number): void {
    this.#count--;
    this.#bytes -= bytes;
  }

  countDropped(reason: MirrorDropped): void {
    let counter = this.#dropped.get(reason);
    if (counter === undefined) {
      const help = "Mirrored copies of requests that were dropped, by reason.";
      counter = this.#metrics.counter("waystone_mirrors_dropped_total", help, { reason });
      this.#dropped.set(reason, counter);
    }
    counter.add(1);
  }
}
