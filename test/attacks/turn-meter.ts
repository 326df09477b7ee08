/**
 * How long the turns of an event loop are, without the time that its thread could have run while others of the machine did: so
 * they can be judged beside any neighbours. A timer of a millisecond looks once a turn, or every few where they are shorter than
 * that: then the turns since it last looked are taken for equally long. (The thread's own processor time would say it more simply,
 * but the kernel counts that in ticks of up to 4 ms.)
 */
import { createHistogram, performance, type RecordableHistogram } from "node:perf_hooks";
import { ownProcessorTime } from "./processor-time.ts";

export interface Turns {
  readonly p99Ms: number;
  readonly longestMs: number;
}

export class TurnMeter {
  readonly #histogram: RecordableHistogram = createHistogram();
  readonly #processorTime = ownProcessorTime();
  #activeMs = 0;
  #waitedNs = 0;
  #loops = 0;

  constructor() {
    this.#look();
    setInterval(() => this.#histogram.record(Math.max(1, Math.round(this.#look() * 1000))), 1).unref();
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
    this.#look();
  }

  /** Milliseconds of each turn since the last look. */
  #look(): number {
    const { active } = performance.eventLoopUtilization();
    const { waitedNs } = this.#processorTime();
    const { loopCount } = performance.nodeTiming.uvMetricsInfo;
    const spentMs = active - this.#activeMs - (waitedNs - this.#waitedNs) / 1e6;
    const turns = Math.max(1, loopCount - this.#loops);
    this.#activeMs = active;
    this.#waitedNs = waitedNs;
    this.#loops = loopCount;
    return spentMs / turns;
  }
}
