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
  /** Runs `run` once after `delayMs`, or after 24 days. Does not keep the process alive. */
  after(delayMs: number, run: () => void): Timer;
  /** Runs `run` every `periodMs` until cancelled. Does not keep the process alive. */
  every(periodMs: number, run: () => void): Timer;
}

/** Node takes a longer wait for none at all, and runs at once (routes may have time-outs of months). */
const longestMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, Math.min(delayMs, longestMs));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(periodMs, run) {
    const handle = setInterval(run, Math.min(periodMs, longestMs));
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};

/**
 * For commands that wait for something outside: unlike the timers of a Clock, it keeps the process alive, which else ends
 * when nothing is open any more.
 */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
