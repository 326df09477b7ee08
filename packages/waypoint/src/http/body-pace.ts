/**
 * How slowly a request's body may come. Where its length was declared, its sender has it: each step of it, or its end, has to
 * come within `timeouts.bodyMs`, so that a byte a second does not hold a place for ever. A body without a declared length may be
 * a stream of messages, for which any byte in `timeouts.streamIdleMs` will do; so it is while we do not read.
 */
import type { Deadline, Deadlines } from "../listener/deadlines.ts";
import type { Timeouts } from "../settings.ts";

/** With the default of a minute: 273 bytes a second, about what web servers ask for that ask for anything. */
export const paceBytes: number = 16 * 1024;

export class BodyPace {
  readonly #deadlines: Deadlines;
  readonly #deadline: Deadline;
  readonly #timeouts: Pick<Timeouts, "bodyMs" | "streamIdleMs">;
  #due = 0;
  #isTimed = false;

  /** `deadline`: what becomes of it is its owner's. */
  constructor(deadlines: Deadlines, deadline: Deadline, timeouts: Pick<Timeouts, "bodyMs" | "streamIdleMs">) {
    this.#deadlines = deadlines;
    this.#deadline = deadline;
    this.#timeouts = timeouts;
  }

  /** When the deadline comes it is for too slow a body, not for one that stands still. */
  get isTimed(): boolean {
    return this.#isTimed;
  }

  /** `waits`: for a 100 that is not ours to send, so the first byte has more time (RFC 9110 10.1.1). */
  begin(isDeclared: boolean, waits: boolean): void {
    this.#isTimed = isDeclared && this.#timeouts.bodyMs > 0;
    this.#due = 0;
    if (this.#isTimed && !waits) this.#step();
    else this.pause();
  }

  onMoved(length: number): void {
    if (!this.#isTimed) return this.pause();
    this.#due -= length;
    if (this.#due <= 0) this.#step();
  }

  /** We take no more for now: its sender is not to blame. */
  pause(): void {
    this.#deadlines.set(this.#deadline, this.#timeouts.streamIdleMs);
  }

  resume(): void {
    if (this.#isTimed) this.#step();
  }

  #step(): void {
    this.#due = paceBytes;
    this.#deadlines.set(this.#deadline, this.#timeouts.bodyMs);
  }
}
