/** Gathers access-log lines and passes them on in bundles: soon enough for people, rarely enough for the data path. */
import type { Clock, Timer } from "@waystone/base/clock";

const bundleMs = 50;
/** Each is a message to the main thread and a write of its own. */
const bundleChars = 128 * 1024;

export class LogBuffer {
  readonly #clock: Clock;
  readonly #emit: (lines: string) => void;
  #lines = "";
  #timer: Timer | undefined = undefined;

  constructor(clock: Clock, emit: (lines: string) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  add(line: string): void {
    this.#lines += line;
    if (this.#lines.length >= bundleChars) this.flush();
    else this.#timer ??= this.#clock.after(bundleMs, () => this.flush());
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#lines === "") return;
    const lines = this.#lines;
    this.#lines = "";
    this.#emit(lines);
  }
}
