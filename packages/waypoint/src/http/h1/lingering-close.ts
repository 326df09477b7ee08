/**
 * The end of a client's connection after our last answer. What the client still sends is read and thrown away for a moment:
 * a kernel that gets bytes for a closed socket sends a reset, and that drops the answer at the client (RFC 9112 9.6).
 */
import type { Socket } from "node:net";
import type { Deadline, Deadlines } from "../../listener/deadlines.ts";
import type { Timeouts } from "../../settings.ts";

/** How long and how much a client may go on sending. */
export const lingerMs = 1000;
const lingerBytes = 256 * 1024;

export interface LingerOptions {
  readonly deadlines: Deadlines;
  readonly timeouts: Timeouts;
}

export class LingeringClose {
  readonly #socket: Socket;
  readonly #options: LingerOptions;
  readonly #deadline: Deadline;
  #thrownAway = 0;

  constructor(socket: Socket, options: LingerOptions, deadline: Deadline) {
    this.#socket = socket;
    this.#options = options;
    this.#deadline = deadline;
  }

  /** The moment begins when all is sent: a slow reader has the usual time for what is queued. */
  begin(isSent: boolean): void {
    const { deadlines, timeouts } = this.#options;
    if (isSent) return deadlines.set(this.#deadline, lingerMs);
    deadlines.set(this.#deadline, timeouts.streamIdleMs);
    this.#socket.once("finish", () => {
      if (!this.#socket.destroyed) deadlines.set(this.#deadline, lingerMs);
    });
  }

  throwAway(length: number): void {
    this.#thrownAway += length;
    if (this.#thrownAway > lingerBytes) this.#socket.pause();
  }
}
