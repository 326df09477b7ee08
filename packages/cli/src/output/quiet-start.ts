/**
 * A logger that is silent until the start is over. What is wrong with the files is told once, by the start-up summary, in
 * an order for people; from then on the log tells what changes.
 */
import type { LogFields, Logger, LogLevel } from "@waystone/base/logger";

export interface QuietStart {
  readonly logger: Logger;
  /** From now on everything is logged. */
  speak(): void;
}

export function startQuietly(logger: Logger): QuietStart {
  const start = { isOver: false };
  return { logger: new QuietLogger(logger, start), speak: () => void (start.isOver = true) };
}

class QuietLogger implements Logger {
  readonly #inner: Logger;
  readonly #start: { readonly isOver: boolean };

  constructor(inner: Logger, start: { readonly isOver: boolean }) {
    this.#inner = inner;
    this.#start = start;
  }

  get level(): LogLevel {
    return this.#inner.level;
  }

  set level(level: LogLevel) {
    this.#inner.level = level;
  }

  debug(fields: LogFields, message: string): void {
    if (this.#start.isOver) this.#inner.debug(fields, message);
  }

  info(fields: LogFields, message: string): void {
    if (this.#start.isOver) this.#inner.info(fields, message);
  }

  warn(fields: LogFields, message: string): void {
    if (this.#start.isOver) this.#inner.warn(fields, message);
  }

  error(fields: LogFields, message: string): void {
    if (this.#start.isOver) this.#inner.error(fields, message);
  }

  child(fields: LogFields): Logger {
    return new QuietLogger(this.#inner.child(fields), this.#start);
  }
}
