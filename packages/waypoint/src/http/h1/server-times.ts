/**
 * How long a client's connection may stay as it is: one deadline, set anew by what happens. What becomes of whoever is late
 * is the connection's.
 */
import type { Socket } from "node:net";
import { Deadline, type Deadlines } from "../../listener/deadlines.ts";
import type { Timeouts } from "../../settings.ts";
import { BodyPace } from "../body-pace.ts";
import { lingerMs } from "./lingering-close.ts";

export interface ServerTimesOptions {
  readonly socket: Socket;
  readonly deadlines: Deadlines;
  readonly timeouts: Timeouts;
}

export class ServerTimes {
  readonly deadline: Deadline;
  readonly #deadlines: Deadlines;
  readonly #timeouts: Timeouts;
  readonly #pace: BodyPace;

  constructor(options: ServerTimesOptions, onLate: () => void) {
    this.#deadlines = options.deadlines;
    this.#timeouts = options.timeouts;
    this.deadline = new Deadline(onLate, options.socket);
    this.#pace = new BodyPace(options.deadlines, this.deadline, options.timeouts);
    this.head();
  }

  /** It has to be whole by then; the first one, of a connection that has just opened. */
  head(): void {
    this.#set(this.#timeouts.headerMs);
  }

  /** `waits`: for a 100 that is not ours to send. */
  body(isDeclared: boolean, waits: boolean): void {
    this.#pace.begin(isDeclared, waits);
  }

  onBodyMoved(length: number): void {
    this.#pace.onMoved(length);
  }

  pauseBody(): void {
    this.#pace.pause();
  }

  resumeBody(): void {
    this.#pace.resume();
  }

  /** Whoever is late with a body was too slow: it did not just stand still. */
  get isBodyTimed(): boolean {
    return this.#pace.isTimed;
  }

  /**
   * Nothing may move for that long on an answer. `isAlone`: the client has closed its half, and none of our bytes are under
   * way to it. One that has gone would answer them with a reset: they show who reads.
   */
  answer(isAlone: boolean): void {
    const { halfClosedMs, streamIdleMs } = this.#timeouts;
    this.#set(isAlone && halfClosedMs > 0 ? halfClosedMs : streamIdleMs);
  }

  tunnel(): void {
    this.#set(this.#timeouts.tunnelIdleMs);
  }

  /** Between two requests. */
  idle(): void {
    this.#set(this.#timeouts.idleMs);
  }

  linger(): void {
    this.#set(lingerMs);
  }

  clear(): void {
    this.#deadlines.clear(this.deadline);
  }

  #set(durationMs: number): void {
    this.#deadlines.set(this.deadline, durationMs);
  }
}
