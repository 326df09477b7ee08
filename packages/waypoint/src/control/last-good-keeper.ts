/**
 * Keeps the last-good file up to date: written a moment after a change, so that a burst of pushes is one write, and never
 * two writes at a time. A disk that is full or read-only costs a log line, not the traffic.
 */
import { errorMessage } from "@waystone/base/error-message";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { ResourceDelta } from "@waystone/xds/resource";
import { saveLastGood } from "./last-good-file.ts";

const delayMs = 1_000;

export interface LastGoodKeeperOptions {
  readonly file: string;
  readonly scope: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly configuration: () => readonly ResourceDelta[];
}

export class LastGoodKeeper {
  readonly #options: LastGoodKeeperOptions;
  #timer: Timer | undefined;
  #isDirty = false;
  #hasFailed = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: LastGoodKeeperOptions) {
    this.#options = options;
  }

  /** What is in use has changed. */
  changed(): void {
    this.#isDirty = true;
    this.#timer ??= this.#options.clock.after(delayMs, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  /** Writes what has not been written yet. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    await this.#write();
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#save());
    return this.#writing;
  }

  async #save(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const { file, scope, logger, configuration } = this.#options;
    try {
      await saveLastGood(file, scope, configuration());
      this.#hasFailed = false;
    } catch (error) {
      const reason = errorMessage(error);
      // Once per outage, not once per push.
      if (!this.#hasFailed) {
        logger.warn(
          { file, reason },
          "cannot save the last good configuration; a restart will need the controller",
        );
      }
      this.#hasFailed = true;
      this.#isDirty = true;
    }
  }
}
