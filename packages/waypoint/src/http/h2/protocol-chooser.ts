/**
 * HTTP/1.1 and HTTP/2 with prior knowledge on one port (RFC 9113 3.3; design.md section 5): the first bytes tell. No request
 * of HTTP/1.1 begins as HTTP/2's preface does, so nothing else is looked at. Until then the connection has as long as for
 * a header.
 */
import type { Socket } from "node:net";
import { Deadline, type Deadlines } from "../../listener/deadlines.ts";
import type { BytesTaken, BytesTarget, SocketReader } from "../../listener/socket-reader.ts";
import { preface } from "./frame-types.ts";

export type ChosenProtocol = "http/1.1" | "http/2";

export interface ProtocolChooserOptions {
  readonly socket: Socket;
  readonly reader: SocketReader;
  readonly deadlines: Deadlines;
  readonly headerMs: number;
  /** Makes the connection, which sets itself as the reader's target; it gets all bytes from the first on. */
  readonly open: (protocol: ChosenProtocol) => BytesTarget;
  /** The connection has gone before it said what it speaks. */
  readonly onClosed: () => void;
}

export class ProtocolChooser implements BytesTarget {
  readonly #options: ProtocolChooserOptions;
  readonly #deadline: Deadline;
  readonly #onEnd = (): void => void this.#options.socket.destroy();
  readonly #onClose = (): void => this.#closed();
  readonly #onError = (): void => {};
  /** The beginning of a preface, or of something that is none after all. */
  #held: Buffer = empty;

  constructor(options: ProtocolChooserOptions) {
    const { socket, reader, deadlines, headerMs } = options;
    this.#options = options;
    this.#deadline = new Deadline(() => void socket.destroy());
    deadlines.set(this.#deadline, headerMs);
    socket.on("end", this.#onEnd);
    socket.on("close", this.#onClose);
    socket.on("error", this.#onError);
    reader.target = this;
  }

  onBytes(bytes: Buffer, length: number, isShared: boolean): BytesTaken {
    if (this.#held.length === 0 && bytes[0] !== preface[0]) {
      return this.#choose("http/1.1").onBytes(bytes, length, isShared);
    }
    const all = Buffer.concat([this.#held, bytes.subarray(0, length)]);
    const compared = Math.min(all.length, preface.length);
    if (all.compare(preface, 0, compared, 0, compared) !== 0) {
      this.#choose("http/1.1").onBytes(all, all.length, false);
    } else if (compared === preface.length) {
      this.#choose("http/2").onBytes(all, all.length, false);
    } else {
      this.#held = all;
    }
    return "used";
  }

  /** Gives up waiting: the connection never said a word, or not enough of one. */
  destroy(): void {
    this.#options.socket.destroy();
  }

  #choose(protocol: ChosenProtocol): BytesTarget {
    this.#detach();
    return this.#options.open(protocol);
  }

  #closed(): void {
    this.#detach();
    this.#options.reader.release();
    this.#options.onClosed();
  }

  #detach(): void {
    const { socket, deadlines } = this.#options;
    deadlines.clear(this.#deadline);
    socket.off("end", this.#onEnd);
    socket.off("close", this.#onClose);
    socket.off("error", this.#onError);
  }
}

const empty: Buffer = Buffer.alloc(0);
