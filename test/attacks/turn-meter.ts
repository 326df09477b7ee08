/**
 * How long the turns of an event loop are, in time that its own thread spent on its processor: whoever else uses that processor makes
 * no difference, which makes of this what can be judged on a machine that attacker, client and waypoint share. A timer of a
 * millisecond looks once a turn; what the thread spent since it last looked is that turn's (or of several, where they were short).
 */
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

export interface Turns {
  readonly p99Ms: number;
  readonly longestMs: number;
}

export class TurnMeter {
  readonly #histogram: RecordableHistogram = createHistogram();
  #before = 0;

  constructor() {
    this.#before = spentUs();
    setInterval(() => {
      const now = spentUs();
      this.#histogram.record(Math.max(1, Math.round(now - this.#before)));
      this.#before = now;
    }, 1).unref();
  }

  /** Of the time since the last call, or since it was made. */
  read(): Turns {
    const { count } = this.#histogram;
    const turns: Turns = {
      p99Ms: count === 0 ? 0 : this.#histogram.percentile(99) / 1000,
      longestMs: count === 0 ? 0 : this.#histogram.max / 1000,
    };
    this.skip();
    return turns;
  }

  /** What was done up to now is nobody's turn. */
  skip(): void {
    this.#histogram.reset();
    this.#before = spentUs();
  }
}

function spentUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
