/**
 * Writes one message after another to a socket: a head, a framed body, an end. Small pieces are gathered as text and go out
 * in one write with what surrounds them; large ones are handed to the socket as they are. Used on both sides.
 */
import type { Socket } from "node:net";
import { DirectWriter } from "../../listener/direct-writer.ts";
import { waitingBytes } from "../waiting-bytes.ts";
import type { Taken } from "../stream.ts";

/** Up to here a piece of body is copied into the gathered text; above, its memory goes to the socket. */
export const copyLimit = 8 * 1024;

export type BodyFraming = "none" | "length" | "chunked" | "raw";

export class MessageWriter {
  readonly #socket: Socket;
  readonly #writer: DirectWriter;
  #gathered = "";
  #framing: BodyFraming = "none";
  #left = 0;
  /** Until the flush: what bytes lie in that were handed to the socket as they are. */
  #lent: ArrayBufferLike | undefined = undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#writer = new DirectWriter(socket);
  }

  /** Starts a message. `length` matters for "length" alone. */
  begin(headText: string, framing: BodyFraming, length: number): void {
    this.#gathered += headText;
    this.#framing = framing;
    this.#left = framing === "length" ? length : 0;
  }

  /** From now on bytes pass as they are. */
  becomeRaw(): void {
    this.#framing = "raw";
  }

  /** Text of ours outside any message's body (1xx). */
  text(text: string): void {
    this.#gathered += text;
  }

  /**
   * One piece of the body. Above copyLimit the bytes' memory may be kept: any answer but "done" says that it is. A piece
   * that goes over the declared length is refused by throwing: the caller's framing was wrong.
   */
  data(bytes: Buffer): Taken {
    switch (this.#framing) {
      case "none":
        return "done";
      case "length":
        this.#left -= bytes.length;
        if (this.#left < 0) throw new RangeError("more body than its declared length");
        return this.#write(bytes, "", "");
      case "chunked":
        return bytes.length === 0 ? "done" : this.#write(bytes, `${bytes.length.toString(16)}\r\n`, "\r\n");
      case "raw":
        return this.#write(bytes, "", "");
    }
  }

  /** Ends the message and puts it on the wire. False: the declared length was not reached, the peer must see an error. */
  end(trailerText: string): boolean {
    if (this.#framing === "length" && this.#left > 0) return false;
    if (this.#framing === "chunked") this.#gathered += `0\r\n${trailerText}\r\n`;
    if (this.#framing !== "raw") this.#framing = "none";
    this.flush();
    return true;
  }

  /** Comes with the end of each read, too: what is read next lies elsewhere. */
  flush(): void {
    this.#lent = undefined;
    if (this.#gathered === "") return;
    const text = this.#gathered;
    this.#gathered = "";
    this.#writer.write(text);
  }

  /** Everything so far is with the kernel. */
  get isOut(): boolean {
    return this.#gathered === "" && this.#socket.writableLength === 0 && !this.#writer.isPending;
  }

  #write(bytes: Buffer, before: string, after: string): Taken {
    if (bytes.length <= copyLimit) {
      this.#gathered += before + bytes.latin1Slice(0, bytes.length) + after;
      if (this.#gathered.length > copyLimit) this.flush();
      return this.#taken();
    }
    const socket = this.#socket;
    const lead = this.#gathered + before;
    // An empty queue's piece goes out at once, as a rule; where it does not, what was read with it costs nothing more.
    const isFree = socket.writableLength === 0 || bytes.buffer === this.#lent;
    const piece = isFree ? bytes : waitingBytes(bytes);
    if (isFree) this.#lent = bytes.buffer;
    this.#gathered = after;
    if (lead === "") {
      socket.write(piece);
    } else {
      socket.cork();
      socket.write(lead, "latin1");
      socket.write(piece);
      socket.uncork();
    }
    return this.#taken();
  }

  #taken(): Taken {
    const socket = this.#socket;
    if (socket.writableLength === 0) return this.#writer.isPending ? "queued" : "done";
    return socket.writableNeedDrain ? "full" : "queued";
  }
}
