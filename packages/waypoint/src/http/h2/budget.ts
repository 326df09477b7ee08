/** So many at once, and then so many a second. Time is asked only once a burst is used up: who keeps within it pays an addition. */
import type { Clock } from "@waystone/base/clock";

export class Budget {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #askedAt: number;

  /** `left`: what it begins with. */
  constructor(clock: Clock, burst: number, perSecond: number, now: number, left: number = burst) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = left;
    this.#askedAt = now;
  }

  /** False: there is none left. */
  spend(): boolean {
    if (--this.#left >= 0) return true;
    const now = this.#clock.now();
    const earned = ((now - this.#askedAt) / 1000) * this.#perSecond;
    if (earned < 1) return false;
    this.#askedAt = now;
    this.#left = Math.min(this.#burst, earned) - 1;
    return true;
  }

  /** How many could be spent now: what is left of the burst, and what time has earned. */
  countLeft(): number {
    const earned = ((this.#clock.now() - this.#askedAt) / 1000) * this.#perSecond;
    return Math.min(this.#burst, Math.max(0, this.#left) + earned);
  }

  earn(count: number): void {
    this.#left = Math.min(this.#burst, this.#left + count);
  }
}
