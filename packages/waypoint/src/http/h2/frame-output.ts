/**
 * What one connection has to write, gathered until the turn ends (write-turn.ts): small frames in chunks of borrowed
 * memory, large pieces of bodies between them as they are.
 */
import type { Socket } from "node:net";
import { DirectWriter } from "../../listener/direct-writer.ts";
import type { Taken } from "../stream.ts";
import { chunkBytes, type WriteTurn } from "./write-turn.ts";

/** More than this is not gathered any longer. */
const gatherBytes = 64 * 1024;
const nothing: Buffer = Buffer.alloc(0);

export class FrameOutput {
  /** Where to write to, after reserve(). */
  bytes: Buffer = nothing;
  end = 0;
  /** Says whether `bytes` is still what it was: frames in it can be amended as long as this does not change. */
  generation = 0;
  /** The socket has more than it should hold: wait for its drain. */
  isBlocked = false;
  /** Replies that the peer made us write and has not taken yet. */
  queuedReplies = 0;
  readonly #socket: Socket;
  readonly #writer: DirectWriter;
  readonly #turn: WriteTurn;
  /** Up to here `bytes` is among the segments already. */
  #segmented = 0;
  #segments: Buffer[] = [];
  #segmentBytes = 0;
  /** Chunks that the segments lie in, beside the present one. */
  #fullChunks: Buffer[] = [];
  #isDirty = false;
  #isClosed = false;

  constructor(socket: Socket, turn: WriteTurn) {
    this.#socket = socket;
    this.#writer = new DirectWriter(socket);
    this.#turn = turn;
  }

  /** Makes room for so many bytes in a row, from `end` on. */
  reserve(length: number): void {
    // Heads alone can be many in a turn: one read has room for thousands of requests that are answered at once.
    if (this.#segmentBytes + this.end > gatherBytes) this.flush();
    if (!this.#isDirty && !this.#isClosed) {
      this.#isDirty = true;
      this.#turn.add(this);
    }
    if (this.end + length <= this.bytes.length) return;
    if (this.bytes !== nothing) {
      this.#closeSegment();
      this.#fullChunks.push(this.bytes);
    }
    this.#begin(length <= chunkBytes ? this.#turn.take() : Buffer.allocUnsafeSlow(length));
  }

  /** Memory that goes to the socket as it is, after what was written so far. */
  append(piece: Buffer): void {
    this.#closeSegment();
    this.#segments.push(piece);
    this.#segmentBytes += piece.length;
  }

  /**
   * After a piece of a body: what became of it. `isLent`: its memory was appended, so it is written at once; with luck
   * nobody holds it any more after that.
   */
  taken(isLent: boolean): Taken {
    if (isLent || this.#segmentBytes + this.end > gatherBytes) this.flush();
    if (this.isBlocked) return "full";
    return isLent && !this.#isTaken ? "queued" : "done";
  }

  /** The socket has drained. */
  unblock(): void {
    this.isBlocked = false;
    this.queuedReplies = 0;
  }

  /** The kernel has all that was flushed. */
  get #isTaken(): boolean {
    return this.#socket.writableLength === 0 && !this.#writer.isPending;
  }

  /** A mistake of ours on the way costs this connection, whoever it is that has it flushed (listener/connection-faults.ts). */
  flush(): void {
    this.#isDirty = false;
    if (this.#isClosed) return;
    try {
      this.#write();
    } catch (error) {
      this.#isClosed = true;
      this.#socket.destroy();
      this.#turn.onFault(error);
    }
  }

  #write(): void {
    if (this.#segments.length > 0) this.#flushSegments();
    else if (this.end > 0) this.#writer.writeBytes(this.bytes.subarray(0, this.end));
    const isTaken = this.#isTaken;
    if (isTaken) this.queuedReplies = 0;
    else this.isBlocked = this.#socket.writableNeedDrain;
    // What the kernel took at once nobody looks at again.
    if (isTaken) for (const chunk of this.#fullChunks) this.#give(chunk);
    if (isTaken || this.end === 0) this.#give(this.bytes);
    if (this.#fullChunks.length > 0) this.#fullChunks = [];
    this.#begin(nothing);
  }

  /** Writes what there is; nothing after it goes anywhere. */
  close(): void {
    this.flush();
    this.#isClosed = true;
  }

  #flushSegments(): void {
    this.#closeSegment();
    const segments = this.#segments;
    this.#segments = [];
    this.#segmentBytes = 0;
    const socket = this.#socket;
    socket.cork();
    for (const segment of segments) socket.write(segment);
    socket.uncork();
  }

  #closeSegment(): void {
    if (this.end === this.#segmented) return;
    this.#segments.push(this.bytes.subarray(this.#segmented, this.end));
    this.#segmentBytes += this.end - this.#segmented;
    this.#segmented = this.end;
    this.generation++;
  }

  #begin(chunk: Buffer): void {
    this.bytes = chunk;
    this.end = 0;
    this.#segmented = 0;
    this.generation++;
  }

  #give(chunk: Buffer): void {
    if (chunk.length === chunkBytes) this.#turn.give(chunk);
  }
}
