/**
 * Access log lines on their way to stdout, in order, one write at a time. Never blocks the thread: whoever reads may be slow.
 * What waits here is bounded by the workers, which drop (and count) lines while too many of theirs are unwritten.
 */
import { write } from "node:fs";
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";

export interface AccessLogSinkOptions {
  /** 1 for stdout. */
  readonly descriptor: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Waiting {
  readonly lines: string;
  readonly written: () => void;
}

/** A non-blocking pipe that is full says so at once; asking in a loop would burn a processor. */
const retryMs = 10;

export class AccessLogSink {
  readonly #options: AccessLogSinkOptions;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #isGone = false;
  readonly #whenIdle: (() => void)[] = [];

  constructor(options: AccessLogSinkOptions) {
    this.#options = options;
  }

  /** Takes whole lines, each ended by a newline. Resolves when they are written, or lost because nobody can read them. */
  write(lines: string): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ lines, written: resolve });
    if (!this.#isWriting) this.#writeAll();
    return promise;
  }

  /** Resolves when all is written, or at the deadline. */
  async flush(deadlineMs: number): Promise<void> {
    if (!this.#isWriting) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.clock.after(deadlineMs, resolve);
    this.#whenIdle.push(resolve);
    await promise;
    timer.cancel();
  }

  #writeAll(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#isWriting = batch.length > 0;
    if (!this.#isWriting) {
      for (const resolve of this.#whenIdle.splice(0)) resolve();
      return;
    }
    this.#writeBytes(Buffer.from(batch.map(({ lines }) => lines).join("")), () => {
      for (const { written } of batch) written();
      this.#writeAll();
    });
  }

  #writeBytes(bytes: Buffer, done: () => void): void {
    if (this.#isGone || bytes.length === 0) return done();
    write(this.#options.descriptor, bytes, (error, written) => {
      if (error === null || error === undefined) return this.#writeBytes(bytes.subarray(written), done);
      if (error.code === "EAGAIN") {
        this.#options.clock.after(retryMs, () => this.#writeBytes(bytes, done));
        return;
      }
      // Nobody reads any more (EPIPE), or the disk is full.
      this.#isGone = true;
      const { message: reason } = error;
      this.#options.logger.error(
        { reason },
        "the access log cannot be written any more; requests are served without it",
      );
      done();
    });
  }
}
