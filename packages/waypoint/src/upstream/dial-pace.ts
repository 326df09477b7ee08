/**
 * How many plain connections to endpoints are begun in one turn of the event loop. Beginning one is the kernel's work at once, and takes
 * several times what the rest of a small request does, while a read of 4 KiB may bring sixty requests that each need one. Those for whom
 * the turn has no more are begun in the next ones, in order; everybody else's bytes are read between them.
 */
import type { Socket, TcpNetConnectOpts } from "node:net";

/** Half a millisecond of a turn. */
export const dialsPerTurn = 8;
/** A longer line has more: turns can be long, and nobody is to wait for many of them. */
const lineOfTurns = 16;

interface Waiting {
  readonly socket: Socket;
  readonly to: TcpNetConnectOpts;
}

/** One per worker. */
export class DialPace {
  #begun = 0;
  #most = dialsPerTurn;
  readonly #line: Waiting[] = [];
  readonly #next = (): void => this.#beginNext();

  /** Connects `socket`, now or in a later turn, unless it has been destroyed by then. */
  begin(socket: Socket, to: TcpNetConnectOpts): void {
    if (this.#begun >= this.#most) {
      this.#line.push({ socket, to });
      return;
    }
    if (this.#begun === 0) setImmediate(this.#next);
    this.#begun++;
    socket.connect(to);
  }

  #beginNext(): void {
    this.#begun = 0;
    this.#most = Math.max(dialsPerTurn, Math.ceil(this.#line.length / lineOfTurns));
    let taken = 0;
    for (const { socket, to } of this.#line) {
      if (this.#begun === this.#most) break;
      taken++;
      if (!socket.destroyed) this.begin(socket, to);
    }
    this.#line.splice(0, taken);
  }
}
