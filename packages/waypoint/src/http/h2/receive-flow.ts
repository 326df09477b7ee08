/**
 * Flow control of what a connection receives (RFC 9113 5.2, 6.9). A stream that is paused gets no more room, and what it
 * holds is not given back to the connection either; all else is given back once half a window is used up.
 */
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import type { FrameOutput } from "./frame-output.ts";
import { defaultWindow } from "./frame-types.ts";
import { writeWindowUpdate } from "./frame-writer.ts";
import type { Http2Stream } from "./http2-stream.ts";

export class ReceiveFlow {
  readonly streamWindow: number;
  /** What a stream may bring at first: before a peer has read our SETTINGS it takes the default for granted. */
  readonly firstStreamWindow: number;
  readonly #output: FrameOutput;
  readonly #window: number;
  #left: number = defaultWindow;
  #unacknowledged = 0;

  constructor(output: FrameOutput, streamWindow: number, window: number) {
    this.#output = output;
    this.streamWindow = streamWindow;
    this.firstStreamWindow = Math.max(streamWindow, defaultWindow);
    this.#window = Math.max(window, defaultWindow);
  }

  /** After our SETTINGS: the connection's window can grow by WINDOW_UPDATE alone. */
  open(): void {
    this.#acknowledge(this.#window - this.#left);
  }

  /** Before the bytes are looked at; padding counts. False: more than the stream may have. */
  receive(stream: Http2Stream | undefined, length: number): boolean {
    this.#left -= length;
    if (this.#left < 0)
      throw new ConnectionError(ErrorCode.flowControlError, "more than the connection's window");
    if (stream === undefined) {
      this.#consume(length);
      return true;
    }
    stream.receiveLeft -= length;
    stream.withheld += length;
    return stream.receiveLeft >= 0;
  }

  /** After the bytes were passed on, or when a paused stream goes on. */
  release(stream: Http2Stream): void {
    if (stream.isPaused && !stream.isClosed) return;
    this.#consume(stream.withheld);
    stream.unacknowledged += stream.withheld;
    stream.withheld = 0;
    if (stream.isClosed || stream.hasRemoteEnded || stream.unacknowledged < this.streamWindow >> 1) return;
    writeWindowUpdate(this.#output, stream.id, stream.unacknowledged);
    stream.receiveLeft += stream.unacknowledged;
    stream.unacknowledged = 0;
  }

  #consume(length: number): void {
    this.#unacknowledged += length;
    if (this.#unacknowledged < this.#window >> 1) return;
    this.#acknowledge(this.#unacknowledged);
    this.#unacknowledged = 0;
  }

  #acknowledge(length: number): void {
    if (length === 0) return;
    this.#left += length;
    writeWindowUpdate(this.#output, 0, length);
  }
}
