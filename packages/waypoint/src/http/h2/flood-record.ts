/**
 * Client addresses from which a connection has just ended that had most of its streams reset (reference D01). Budgets are a
 * connection's, and whoever opens one connection after another would have a whole one each time: the next ones from there begin with a
 * tenth. Nobody is refused for it: behind one address there may be many, whom one of them could else shut out.
 */
import type { Clock } from "@waystone/base/clock";
import type { FloodGuard } from "./flood-guard.ts";
import type { FloodLimits } from "./http2-settings.ts";

const keptMs = 60_000;
/** The oldest goes for one more. */
const mostAddresses = 1024;
const waryPart = 10;

/** One per worker. */
export class FloodRecord {
  readonly #clock: Clock;
  readonly #usual: FloodLimits;
  readonly #wary: FloodLimits;
  /** When the last one ended, the oldest first. */
  readonly #endedAt = new Map<string, number>();

  constructor(clock: Clock, limits: FloodLimits) {
    this.#clock = clock;
    this.#usual = limits;
    this.#wary = { ...limits, resetBurst: Math.ceil(limits.resetBurst / waryPart) };
  }

  get size(): number {
    return this.#endedAt.size;
  }

  /** For a connection that has just been accepted. */
  limitsFor(address: string): FloodLimits {
    if (this.#endedAt.size === 0) return this.#usual;
    const endedAt = this.#endedAt.get(address);
    if (endedAt === undefined) return this.#usual;
    if (this.#clock.now() - endedAt < keptMs) return this.#wary;
    this.#endedAt.delete(address);
    return this.#usual;
  }

  onClosed(address: string, guard: FloodGuard): void {
    if (!guard.hasMostlyReset) return;
    this.#endedAt.delete(address);
    this.#endedAt.set(address, this.#clock.now());
    if (this.#endedAt.size <= mostAddresses) return;
    const [oldest] = this.#endedAt.keys();
    this.#endedAt.delete(oldest!);
  }
}
