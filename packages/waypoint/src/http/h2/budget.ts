/** So many at once, and then so many a second. Time is asked only once a burst is used up: who keeps within it pays an addition. */
import type { Clock } from "@waystone/base/clock";

export class Budget {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #askedAt: number;

  constructor(clock: Clock, burst: number, perSecond: number, now: number) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
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

  /** Less than half of the burst is left, with what time has earned. */
  get isMostlySpent(): boolean {
    if (this.#left >= this.#burst / 2) return false;
    const earned = ((this.#clock.now() - this.#askedAt) / 1000) * this.#perSecond;
    return this.#left + earned < this.#burst / 2;
  }

  earn(count: number): void {
    this.#left = Math.min(this.#burst, this.#left + count);
  }
}
