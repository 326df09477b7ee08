/** For tests: real time, but for what comes every so often, which comes when it is told to. */
import { systemClock } from "@waystone/base/clock";

export class SteppedClock {
  readonly #repeating = new Set<() => void>();
  now = () => systemClock.now();
  wallMs = () => systemClock.wallMs();
  after = (delayMs: number, run: () => void) => systemClock.after(delayMs, run);
  every = (_periodMs: number, run: () => void) => {
    this.#repeating.add(run);
    return { cancel: () => void this.#repeating.delete(run) };
  };
  fireRepeating(): void {
    for (const run of this.#repeating) run();
  }
}
