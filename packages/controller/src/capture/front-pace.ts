/**
 * How often one front is written: somebody may undo each write of ours at once (another controller, a webhook), and the two
 * would go on for ever as fast as the API server answers. A few writes are free, as every way in and back needs; who needs
 * more gets them at a pace that harms nobody.
 */
import type { Clock } from "@waystone/base/clock";

const burst = 10;
const refillMs = 3_000;

export class FrontPace {
  readonly #clock: Clock;
  /** By Service: when all of its writes will be free again. */
  readonly #fullAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long to wait before the next write; 0: now. */
  waitMs(key: string): number {
    const owedMs = this.#owedMs(key);
    return Math.max(0, owedMs - (burst - 1) * refillMs);
  }

  wrote(key: string): void {
    this.#fullAtMs.set(key, this.#clock.now() + this.#owedMs(key) + refillMs);
  }

  forget(key: string): void {
    this.#fullAtMs.delete(key);
  }

  #owedMs(key: string): number {
    return Math.max(0, (this.#fullAtMs.get(key) ?? 0) - this.#clock.now());
  }
}
