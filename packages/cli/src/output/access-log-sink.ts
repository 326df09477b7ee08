/**
 * Access log lines on their way to stdout. Whoever reads it may be slow or gone, and traffic must not wait for it: what
 * does not fit into a bounded buffer is dropped, counted and said once per gap. Order is kept; one write at a time.
 */
import { write } from "node:fs";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";

export interface AccessLogSinkOptions {
  /** The file descriptor, 1 for stdout. */
  readonly descriptor: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mostBytes?: number;
}

const defaultMostBytes = 8 * 1024 * 1024;
/** A non-blocking pipe that is full says so at once; asking in a loop would burn a processor. */
const retryMs = 10;

export class AccessLogSink {
  readonly #options: AccessLogSinkOptions;
  readonly #mostBytes: number;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #isWriting = false;
  #isGone = false;
  #dropped = 0;
  #whenIdle: (() => void)[] = [];

  constructor(options: AccessLogSinkOptions) {
    this.#options = options;
    this.#mostBytes = options.mostBytes ?? defaultMostBytes;
  }

  /** Whole lines, each ended by a newline. */
  write(lines: string): void {
    if (this.#isGone) return;
    if (this.#waitingBytes + lines.length > this.#mostBytes) {
      this.#dropped += countLines(lines);
      return;
    }
    this.#waiting.push(lines);
    this.#waitingBytes += lines.length;
    if (!this.#isWriting) this.#writeNext();
  }

  /** Resolves when all is written, or at the deadline. */
  async flush(deadlineMs: number): Promise<void> {
    if (!this.#isWriting) return;
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(deadlineMs, resolve);
      this.#whenIdle.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #writeNext(): void {
    this.#reportDropped();
    const text = this.#waiting.join("");
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (text === "") return this.#idle();
    this.#isWriting = true;
    // What is under way counts as waiting: it is in memory too.
    this.#waitingBytes = text.length;
    this.#writeBytes(Buffer.from(text));
  }

  #writeBytes(bytes: Buffer): void {
    write(this.#options.descriptor, bytes, (error, written) => {
      if (error?.code === "EAGAIN") {
        this.#options.clock.after(retryMs, () => this.#writeBytes(bytes));
        return;
      }
      if (error !== null && error !== undefined) return this.#give(error.message);
      if (written < bytes.length) return this.#writeBytes(bytes.subarray(written));
      this.#waitingBytes -= Math.min(this.#waitingBytes, bytes.length);
      this.#writeNext();
    });
  }

  /** Nobody reads any more (EPIPE), or the disk is full: the traffic goes on without its log. */
  #give(reason: string): void {
    this.#isGone = true;
    this.#waiting = [];
    this.#options.logger.error(
      { reason },
      "the access log cannot be written any more; requests are served without it",
    );
    this.#idle();
  }

  #reportDropped(): void {
    if (this.#dropped === 0) return;
    const lines = this.#dropped;
    this.#dropped = 0;
    this.#options.logger.warn({ lines }, "access log lines were dropped: whoever reads stdout is too slow");
  }

  #idle(): void {
    this.#isWriting = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
