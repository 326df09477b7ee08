/**
 * Takes frames out of the bytes that a socket brings (RFC 9113 4.1), where they lie: DATA is handed on piece by piece as it
 * comes, unknown frames (5.5) are passed over, all others wait until they are whole. Only a frame that spans reads is
 * copied, as far as it has come: its header alone claims no memory.
 */
import { HeadBuffer } from "../h1/head-buffer.ts";
import type { HeldBytes } from "../held-bytes.ts";
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import { defaultMaxFrame, Flag, frameHeaderBytes, FrameType } from "./frame-types.ts";

export interface FrameHandler {
  /** A whole frame; its payload is bytes[start, end), lent for the call. */
  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): void;
  /** An unknown frame begins. */
  onUnknownFrame(): void;
  /**
   * A piece of DATA, bytes[start, end), lent. `counted`: what it takes of the windows, with padding. `isLast`: of its
   * frame.
   */
  onData(piece: DataPiece, bytes: Buffer, start: number, end: number): void;
}

/** One object for all pieces. */
export interface DataPiece {
  readonly streamId: number;
  readonly counted: number;
  readonly isLast: boolean;
  readonly endStream: boolean;
  /** Of the whole frame, with padding. */
  readonly frameLength: number;
}

type WritableDataPiece = { -readonly [K in keyof DataPiece]: DataPiece[K] };

export class FrameReader {
  /** The stream whose header block is not complete: nothing but its CONTINUATION may come (RFC 9113 6.10). 0 for none. */
  continuing = 0;
  /** Frames that began in the last read. */
  frames = 0;
  #isStopped = false;
  readonly #handler: FrameHandler;
  readonly #heldBytes: HeldBytes;
  readonly #piece: WritableDataPiece = {
    streamId: 0,
    counted: 0,
    isLast: false,
    endStream: false,
    frameLength: 0,
  };
  /** The beginning of a frame, or of its header, whose rest has not come; and how long it is to be. */
  readonly #held: HeadBuffer;
  #heldWhole = 0;
  /** What is to come of an unknown frame, or of a DATA frame's body and padding. */
  #skip = 0;
  #body = 0;
  #padding = 0;
  #isInData = false;
  #awaitsPadLength = false;

  constructor(handler: FrameHandler, heldBytes: HeldBytes) {
    this.#handler = handler;
    this.#heldBytes = heldBytes;
    this.#held = new HeadBuffer(heldBytes);
  }

  /** No more frames, whatever else was read. */
  stop(): void {
    this.#isStopped = true;
    this.#held.take();
  }

  /** Whether a frame other than DATA is under way. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Throws a ConnectionError where the frames cannot be right. */
  read(bytes: Buffer, length: number): void {
    let at = 0;
    this.frames = 0;
    while (at < length && !this.#isStopped) {
      if (this.#held.length > 0) at = this.#readHeld(bytes, at, length);
      else if (this.#isInData) at = this.#readData(bytes, at, length);
      else if (this.#skip > 0) at = this.#readSkipped(at, length);
      else at = this.#readFrame(bytes, at, length);
    }
  }

  #readFrame(bytes: Buffer, at: number, end: number): number {
    this.frames++;
    if (end - at < frameHeaderBytes) return this.#hold(bytes, at, end);
    const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    const type = bytes[at + 3]!;
    const flags = bytes[at + 4]!;
    const streamId =
      ((bytes[at + 5]! & 0x7f) << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!;
    if (length > defaultMaxFrame) throw new ConnectionError(ErrorCode.frameSizeError, "a frame too large");
    if (this.continuing !== 0 && (type !== FrameType.continuation || streamId !== this.continuing)) {
      throw new ConnectionError(ErrorCode.protocolError, "another frame within a header block");
    }
    const payload = at + frameHeaderBytes;
    if (type === FrameType.data) {
      this.#beginData(length, flags, streamId);
      if (length > 0) return payload;
      this.#handler.onData(this.#piece, bytes, payload, payload);
      return payload;
    }
    if (type > FrameType.continuation) {
      this.#handler.onUnknownFrame();
      this.#skip = length;
      return payload;
    }
    if (end - payload < length) return this.#hold(bytes, at, end);
    this.#handler.onFrame(type, flags, streamId, bytes, payload, payload + length);
    return payload + length;
  }

  #beginData(length: number, flags: number, streamId: number): void {
    if (streamId === 0) throw new ConnectionError(ErrorCode.protocolError, "DATA on stream 0");
    const isPadded = (flags & Flag.padded) !== 0;
    if (isPadded && length === 0)
      throw new ConnectionError(ErrorCode.frameSizeError, "no room for a pad length");
    const piece = this.#piece;
    piece.streamId = streamId;
    piece.endStream = (flags & Flag.endStream) !== 0;
    piece.frameLength = length;
    piece.counted = 0;
    piece.isLast = true;
    this.#body = length;
    this.#padding = 0;
    this.#awaitsPadLength = isPadded;
    this.#isInData = length > 0;
  }

  #readData(bytes: Buffer, from: number, end: number): number {
    const piece = this.#piece;
    let at = from;
    if (this.#awaitsPadLength) {
      this.#awaitsPadLength = false;
      this.#padding = bytes[at++]!;
      this.#body -= 1 + this.#padding;
      if (this.#body < 0) throw new ConnectionError(ErrorCode.protocolError, "more padding than its frame");
    }
    const start = at;
    const bodyEnd = start + Math.min(this.#body, end - start);
    this.#body -= bodyEnd - start;
    const paddingEnd = bodyEnd + (this.#body === 0 ? Math.min(this.#padding, end - bodyEnd) : 0);
    this.#padding -= paddingEnd - bodyEnd;
    piece.counted = paddingEnd - from;
    piece.isLast = this.#body === 0 && this.#padding === 0;
    this.#isInData = !piece.isLast;
    this.#handler.onData(piece, bytes, start, bodyEnd);
    return paddingEnd;
  }

  #readSkipped(at: number, end: number): number {
    const skipped = Math.min(this.#skip, end - at);
    this.#skip -= skipped;
    return at + skipped;
  }

  #hold(bytes: Buffer, at: number, end: number): number {
    this.#heldWhole = end - at < frameHeaderBytes ? frameHeaderBytes : frameRoom(bytes, at);
    this.#keep(bytes, at, end);
    return end;
  }

  #keep(bytes: Buffer, at: number, end: number): void {
    this.#held.add(bytes, at, end);
    if (this.#heldBytes.isOver) {
      throw new ConnectionError(ErrorCode.enhanceYourCalm, "too many frames are not whole");
    }
  }

  #readHeld(bytes: Buffer, at: number, end: number): number {
    const next = Math.min(end, at + this.#heldWhole - this.#held.length);
    this.#keep(bytes, at, next);
    if (this.#held.length < this.#heldWhole) return next;
    // A header alone is looked at like any; what it begins is held again.
    const whole = this.#held.take();
    this.#readFrame(whole, 0, whole.length);
    return next;
  }
}

function frameRoom(bytes: Buffer, at: number): number {
  return frameHeaderBytes + ((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!);
}
