/** A clock that stands still until a test moves it. Timers fire in order of their time, then of their making. */
import type { Clock, Timer } from "@waystone/base/clock";

interface Pending {
  at: number;
  readonly order: number;
  readonly periodMs: number | undefined;
  readonly run: () => void;
}

export class ManualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #pending = new Set<Pending>();
  readonly #epochMs: number;

  constructor(epochMs: number = Date.UTC(2026, 0, 1)) {
    this.#epochMs = epochMs;
  }

  now(): number {
    return this.#now;
  }

  wallMs(): number {
    return this.#epochMs + this.#now;
  }

  after(delayMs: number, run: () => void): Timer {
    return this.#schedule(delayMs, undefined, run);
  }

  every(periodMs: number, run: () => void): Timer {
    // As setInterval does; a period of 0 would keep `advance` at one moment for ever.
    const atLeastMs = Math.max(1, periodMs);
    return this.#schedule(atLeastMs, atLeastMs, run);
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#pending.size;
  }

  /** How long until the next timer falls due; undefined while none waits. */
  get nextInMs(): number | undefined {
    let next: number | undefined;
    for (const { at } of this.#pending) next = Math.min(next ?? at, at);
    return next === undefined ? undefined : Math.max(0, next - this.#now);
  }

  /** Moves time on by `ms`, running whatever falls due on the way, each at its own time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#nextDue(end);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.periodMs === undefined) this.#pending.delete(next);
      else next.at += next.periodMs;
      next.run();
    }
    this.#now = end;
  }

  /** As advance, and lets promises settle after each step. */
  async advanceAsync(ms: number, stepMs: number = ms): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.advance(Math.min(stepMs, left));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #schedule(delayMs: number, periodMs: number | undefined, run: () => void): Timer {
    const pending: Pending = { at: this.#now + Math.max(0, delayMs), order: this.#order++, periodMs, run };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  #nextDue(end: number): Pending | undefined {
    let best: Pending | undefined;
    for (const pending of this.#pending) {
      if (pending.at > end) continue;
      if (
        best === undefined ||
        pending.at < best.at ||
        (pending.at === best.at && pending.order < best.order)
      ) {
        best = pending;
      }
    }
    return best;
  }
}
