/**
 * Times that must pass without interruption. A plan says that it lingers, and until what; as long as it goes on saying so,
 * one timer runs. Saying anything else in between stops it.
 */
import type { Clock, Timer } from "@waystone/base/clock";
import type { CaptureStep } from "./capture-plan.ts";

export class LingerTimers {
  readonly #clock: Clock;
  readonly #onPassed: (key: string, until: string) => void;
  readonly #running = new Map<string, { readonly until: string; readonly timer: Timer }>();

  constructor(clock: Clock, onPassed: (key: string, until: string) => void) {
    this.#clock = clock;
    this.#onPassed = onPassed;
  }

  take(key: string, step: CaptureStep): void {
    const running = this.#running.get(key);
    if (step.do === "linger" && running?.until === step.until) return;
    this.stop(key);
    if (step.do !== "linger") return;
    const { until, ms } = step;
    const timer = this.#clock.after(ms, () => {
      this.#running.delete(key);
      this.#onPassed(key, until);
    });
    this.#running.set(key, { until, timer });
  }

  stop(key: string): void {
    this.#running.get(key)?.timer.cancel();
    this.#running.delete(key);
  }

  close(): void {
    for (const key of this.#running.keys()) this.stop(key);
  }
}
