/**
 * Time, as a value that is passed in. Production code never calls Date.now, setTimeout or Math.random itself: it takes a
 * Clock (or an Rng), so that tests own the time. test/architecture.test.ts holds everyone to it.
 */

export interface Timer {
  /** Idempotent; a timer that has fired may be cancelled too. */
  cancel(): void;
}

export interface Clock {
  /** Monotonic milliseconds from an arbitrary start, with fractions: for durations and deadlines. */
  now(): number;
  /** Milliseconds since the Unix epoch: for people, logs and headers. */
  wallMs(): number;
  /** Runs `run` once after `delayMs`. Does not keep the process alive. */
  after(delayMs: number, run: () => void): Timer;
  /** Runs `run` every `periodMs` until cancelled. Does not keep the process alive. */
  every(periodMs: number, run: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(periodMs, run) {
    const handle = setInterval(run, periodMs);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};
