/**
 * Access log lines on their way to whoever reads them. The main thread says what it has written; a reader that is too slow
 * costs lines, which are counted, and never the memory of the process.
 */
import type { MetricsRegistry } from "@waystone/base/metrics";

/** Some 10,000 lines. */
const limitBytes = 4 * 1024 * 1024;

export class LogCredit {
  readonly #dropped;
  readonly #send: (lines: string) => void;
  #unwritten = 0;

  constructor(metrics: MetricsRegistry, send: (lines: string) => void) {
    this.#send = send;
    this.#dropped = metrics.counter(
      "waystone_access_log_dropped_total",
      "Access log lines that were dropped because nobody read them fast enough.",
    );
  }

  /** Whole lines: sent, or dropped whole. */
  write(lines: string): void {
    if (this.#unwritten + lines.length > limitBytes) {
      this.#dropped.add(lines.split("\n").length - 1);
      return;
    }
    this.#unwritten += lines.length;
    this.#send(lines);
  }

  written(length: number): void {
    this.#unwritten -= length;
  }
}
