/**
 * What a connection can be late with: its first SETTINGS; the rest of a frame or header block that has begun, however slowly
 * it comes (reference D08); any stream at all; and closing its side after our last word.
 */
import type { Socket } from "node:net";
import { Deadline, type Deadlines } from "../../listener/deadlines.ts";
import type { FrameDispatch } from "./frame-dispatch.ts";
import type { Http2Context } from "./http2-context.ts";

export type LateFor = "settings" | "frame" | "idle" | "linger";

const lingerMs = 1000;

export class ConnectionDeadline {
  /** With no stream open; 0 for ever. */
  idleMs = 0;
  readonly #deadlines: Deadlines;
  readonly #headerMs: number;
  readonly #frames: FrameDispatch;
  readonly #deadline: Deadline;
  #waitsFor: LateFor | "nothing" = "settings";
  #progress = 0;

  constructor(
    context: Http2Context,
    socket: Socket,
    frames: FrameDispatch,
    onLate: (lateFor: LateFor) => void,
  ) {
    this.#deadlines = context.deadlines;
    this.#headerMs = context.timeouts.headerMs;
    this.#frames = frames;
    this.#deadline = new Deadline(() => {
      const late = this.#waitsFor;
      this.#waitsFor = "nothing";
      if (late !== "nothing") onLate(late);
    }, socket);
  }

  /** The connection is open, and its peer has to introduce itself. */
  open(): void {
    this.#deadlines.set(this.#deadline, this.#headerMs);
  }

  /** The last stream has gone: idleness counts from now. */
  restart(): void {
    if (this.#waitsFor === "idle") this.#waitsFor = "nothing";
    this.watch(0);
  }

  /** After each read. */
  watch(openStreams: number): void {
    if (!this.#frames.hasSettings) return;
    if (this.#frames.isWithinMessage) {
      if (this.#waitsFor === "frame" && this.#progress === this.#frames.progress) return;
      this.#progress = this.#frames.progress;
      this.#wait("frame", this.#headerMs);
    } else if (openStreams === 0) {
      if (this.#waitsFor !== "idle") this.#wait("idle", this.idleMs);
    } else if (this.#waitsFor !== "nothing") {
      this.#waitsFor = "nothing";
      this.#deadlines.clear(this.#deadline);
    }
  }

  linger(): void {
    this.#wait("linger", lingerMs);
  }

  clear(): void {
    this.#waitsFor = "nothing";
    this.#deadlines.clear(this.#deadline);
  }

  #wait(lateFor: LateFor, ms: number): void {
    this.#waitsFor = lateFor;
    this.#deadlines.set(this.#deadline, ms);
  }
}
