/**
 * The rules of each frame by itself (RFC 9113 6): its length, its stream, its padding, and that header blocks come in one
 * piece. What passes is handed to the connection as what it means; what does not ends the connection.
 */
import { BlockAssembly } from "./block-assembly.ts";
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import type { HeldBytes } from "../held-bytes.ts";
import type { FloodGuard } from "./flood-guard.ts";
import { type DataPiece, type FrameHandler, FrameReader } from "./frame-reader.ts";
import { Flag, FrameType } from "./frame-types.ts";

/** Bytes are lent for the call. */
export interface FrameEvents {
  onData(piece: DataPiece, bytes: Buffer, start: number, end: number): void;
  /** A whole header block. */
  onBlock(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): void;
  onReset(streamId: number, code: number): void;
  onSettings(bytes: Buffer, start: number, end: number): void;
  /** The eight bytes from `start` on. */
  onPing(bytes: Buffer, start: number): void;
  onPingAck(bytes: Buffer, start: number): void;
  onGoaway(lastStreamId: number, code: number): void;
  /** Stream 0: of the connection. */
  onWindowUpdate(streamId: number, increment: number): void;
}

export class FrameDispatch implements FrameHandler {
  readonly reader: FrameReader;
  /** Counts what was whole, a header block in several frames as one: it stands still while something is under way. */
  progress = 0;
  readonly #events: FrameEvents;
  readonly #guard: FloodGuard;
  readonly #assembly: BlockAssembly;
  #hasSettings = false;

  constructor(events: FrameEvents, guard: FloodGuard, blockLimitBytes: number, held: HeldBytes) {
    this.#events = events;
    this.#guard = guard;
    this.#assembly = new BlockAssembly(blockLimitBytes, held);
    this.reader = new FrameReader(this, held);
  }

  /** No more frames, whatever is read: what was kept of the last is given back. */
  stop(): void {
    this.reader.stop();
    this.#assembly.drop();
  }

  /** A frame or header block has begun and is not whole. */
  get isWithinMessage(): boolean {
    return this.reader.isHolding || this.reader.continuing !== 0;
  }

  /** The peer's SETTINGS have come, as they must first of all (RFC 9113 3.4). */
  get hasSettings(): boolean {
    return this.#hasSettings;
  }

  onData(piece: DataPiece, bytes: Buffer, start: number, end: number): void {
    if (!this.#hasSettings) throw protocolError("DATA before SETTINGS");
    this.#events.onData(piece, bytes, start, end);
  }

  onUnknownFrame(): void {
    if (!this.#hasSettings) throw protocolError("an unknown frame before SETTINGS");
    this.#guard.onControlFrame();
  }

  onFrame(type: number, flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    if (!this.#hasSettings) {
      if (type !== FrameType.settings || (flags & Flag.ack) !== 0)
        throw protocolError("no SETTINGS at first");
      this.#hasSettings = true;
    }
    switch (type) {
      case FrameType.headers:
        this.#headers(flags, streamId, bytes, start, end);
        break;
      case FrameType.continuation:
        this.#continuation(flags, streamId, bytes, start, end);
        break;
      case FrameType.windowUpdate:
        this.#windowUpdate(streamId, bytes, start, end);
        break;
      case FrameType.rstStream:
        if (streamId === 0) throw protocolError("RST_STREAM on stream 0");
        if (end - start !== 4) throw frameSizeError("RST_STREAM of a wrong length");
        this.#events.onReset(streamId, bytes.readUInt32BE(start));
        break;
      case FrameType.settings:
        this.#settings(flags, streamId, bytes, start, end);
        break;
      case FrameType.ping:
        if (streamId !== 0) throw protocolError("PING on a stream");
        if (end - start !== 8) throw frameSizeError("PING of a wrong length");
        this.#guard.onControlFrame();
        if ((flags & Flag.ack) === 0) this.#events.onPing(bytes, start);
        else this.#events.onPingAck(bytes, start);
        break;
      case FrameType.goaway:
        if (streamId !== 0) throw protocolError("GOAWAY on a stream");
        if (end - start < 8) throw frameSizeError("GOAWAY of a wrong length");
        this.#guard.onControlFrame();
        this.#events.onGoaway(bytes.readUInt32BE(start) & 0x7fff_ffff, bytes.readUInt32BE(start + 4));
        break;
      case FrameType.priority:
        // Obsolete (RFC 9113 5.3): looked at for its shape alone.
        if (streamId === 0) throw protocolError("PRIORITY on stream 0");
        if (end - start !== 5) throw frameSizeError("PRIORITY of a wrong length");
        this.#guard.onControlFrame();
        break;
      default:
        // Clients cannot push, and endpoints were told not to (RFC 9113 6.6, 8.4).
        throw protocolError("PUSH_PROMISE");
    }
    if (this.reader.continuing === 0) this.progress++;
  }

  #headers(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    if (streamId === 0) throw protocolError("HEADERS on stream 0");
    let from = start;
    let to = end;
    if ((flags & Flag.padded) !== 0) {
      if (from === to) throw frameSizeError("no room for a pad length");
      to -= bytes[from++]!;
    }
    if ((flags & Flag.priority) !== 0) {
      if (end - from < 5) throw frameSizeError("no room for a priority");
      from += 5;
    }
    if (from > to) throw protocolError("more padding than its frame");
    const endStream = (flags & Flag.endStream) !== 0;
    if ((flags & Flag.endHeaders) !== 0) return this.#events.onBlock(streamId, endStream, bytes, from, to);
    if (from === to) this.#guard.onEmptyFrame();
    this.#assembly.begin(streamId, endStream);
    this.#assembly.add(bytes, from, to);
    this.reader.continuing = streamId;
  }

  #continuation(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    if (this.reader.continuing === 0) throw protocolError("CONTINUATION of nothing");
    if (start === end) this.#guard.onEmptyFrame();
    this.#assembly.add(bytes, start, end);
    if ((flags & Flag.endHeaders) === 0) return;
    this.reader.continuing = 0;
    const block = this.#assembly.view();
    this.#events.onBlock(streamId, this.#assembly.endStream, block, 0, block.length);
    this.#assembly.drop();
  }

  #settings(flags: number, streamId: number, bytes: Buffer, start: number, end: number): void {
    if (streamId !== 0) throw protocolError("SETTINGS on a stream");
    this.#guard.onControlFrame();
    if ((flags & Flag.ack) === 0) return this.#events.onSettings(bytes, start, end);
    if (start !== end) throw frameSizeError("an acknowledgement with settings");
  }

  #windowUpdate(streamId: number, bytes: Buffer, start: number, end: number): void {
    if (end - start !== 4) throw frameSizeError("WINDOW_UPDATE of a wrong length");
    this.#guard.onControlFrame();
    this.#events.onWindowUpdate(streamId, bytes.readUInt32BE(start) & 0x7fff_ffff);
  }
}

export function protocolError(problem: string): ConnectionError {
  return new ConnectionError(ErrorCode.protocolError, problem);
}

function frameSizeError(problem: string): ConnectionError {
  return new ConnectionError(ErrorCode.frameSizeError, problem);
}
