/**
 * What the connections of a client's address have used up of their resets (reference D01). Budgets are a connection's, and whoever opens
 * one connection after another would have a whole one each time: the next one from there begins with what those that ended have left, a
 * tenth at the least. Nobody is refused for it: behind one address there may be many, whom one of them could else shut out. Connections
 * that are open side by side have a budget each, and there may be so many of an address (listener/connection-limits.ts).
 */
import type { Clock } from "@waystone/base/clock";
import type { FloodGuard } from "./flood-guard.ts";
import type { FloodLimits } from "./http2-settings.ts";

/** The one that is longest unheard of goes for one more. */
const mostAddresses = 1024;
const leastPart = 10;

interface Account {
  readonly left: number;
  /** In ms of the clock. */
  readonly at: number;
}

/** One per worker. */
export class FloodRecord {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #least: number;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock, { resetBurst, resetsPerSecond }: FloodLimits) {
    this.#clock = clock;
    this.#burst = resetBurst;
    this.#perSecond = resetsPerSecond;
    this.#least = Math.ceil(resetBurst / leastPart);
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** How many resets a connection from there begins with. */
  resetsFor(address: string): number {
    return this.#accounts.size === 0 ? this.#burst : Math.max(this.#least, this.#countLeft(address));
  }

  onClosed(address: string, guard: FloodGuard): void {
    const spent = guard.countSpentResets();
    if (spent === 0) return;
    const account = { left: Math.max(0, this.#countLeft(address) - spent), at: this.#clock.now() };
    this.#accounts.delete(address);
    this.#accounts.set(address, account);
    if (this.#accounts.size <= mostAddresses) return;
    const [oldest] = this.#accounts.keys();
    this.#accounts.delete(oldest!);
  }

  #countLeft(address: string): number {
    const account = this.#accounts.get(address);
    if (account === undefined) return this.#burst;
    const left = account.left + ((this.#clock.now() - account.at) / 1000) * this.#perSecond;
    if (left < this.#burst) return left;
    this.#accounts.delete(address);
    return this.#burst;
  }
}
