/**
 * Reading from sockets without a buffer per socket. All sockets of a worker read into one shared buffer, whose bytes are
 * used up or copied before the next read; a socket that streams (its reads fill the buffer) gets a private one for as long
 * as it does, so that bulk is passed on without a copy. An idle connection holds no buffer at all.
 *
 * Node gives clients' sockets this (`onread`); accepted sockets get it in accept.ts. Against 'data' events it saves about
 * 3 of 20 us of CPU per small request.
 */
import type { Clock } from "@waystone/base/clock";
import type { OnReadOpts, Socket } from "node:net";

export type BytesTaken = "used" | "kept" | "crumbs";

export interface BytesTarget {
  /**
   * Bytes have arrived: bytes[0, length), lent for the call. Memory that is not shared may be kept (in a socket's queue):
   * answer "kept", and the reader never uses that buffer again. "crumbs": they were used, and there were so many pieces that the
   * next read is to be a short one.
   */
  onBytes(bytes: Buffer, length: number, isShared: boolean): BytesTaken;
}

const bufferBytes = 64 * 1024;
/** Reads of at least this make a socket a streaming one; reads below the lower bound end it. */
const streamingFrom = 32 * 1024;
const streamingUntil = 8 * 1024;

/**
 * Reads that fill the buffer before the others have their turn: fewer where many have that much, or where what comes takes
 * long to work through (very small frames). libuv reads on up to 32 times: with 64 KiB each, two hundred downloads, or one such
 * peer, would be a second of one turn of the event loop.
 */
const readsPerTurn = 4;
const fewSockets = 4;
const turnMs = 0.5;

/**
 * What comes in pieces smaller than this, frame or chunk and all, costs far more for a byte than the rest does: 6,500 DATA frames of
 * one byte fit into a read. So such a peer is read from in small amounts, one in a turn, and the kernel holds him back.
 */
const crumbBytes = 24;
const crumbReadBytes = 4 * 1024;
/** What a peer has to bring before he is believed to bring no crumbs any more: he may not buy large reads by the odd large frame. */
const crumbFreeBytes = 1024 * 1024;
/**
 * Of those that have rested so many read on in one turn: two hundred at once would be 13 MB before anybody else's request. Half as
 * many where theirs took longer than it should, down to one; one more where it took less than half of that.
 */
const mostWakes = 16;
const wokenTurnMs = 1;

/** Whether `pieces` in so many bytes are crumbs. */
export function areCrumbs(pieces: number, length: number): boolean {
  return length >= crumbReadBytes && pieces * crumbBytes > length;
}

/** One per worker. */
export class ReadBuffers {
  readonly shared: Buffer = Buffer.allocUnsafeSlow(bufferBytes);
  /** The beginning of the same memory. */
  readonly short: Buffer = this.shared.subarray(0, crumbReadBytes);
  readonly #free: Buffer[] = [];
  readonly #clock: Clock | undefined;
  /** They have stopped reading for this turn. */
  readonly #resting: Socket[] = [];
  #wakes = mostWakes;
  #wokenMs = 0;

  /** Without a clock, turns are measured in reads alone. */
  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock?.now() ?? 0;
  }

  /** Of a socket that has read so often in this turn, for the first time at `since`. */
  isTurnOver(reads: number, since: number): boolean {
    return reads >= (this.#resting.length < fewSockets ? readsPerTurn : 1) || this.now() - since > turnMs;
  }

  /** Lets `socket` read on in the next turn, unless its owner has paused it by then. */
  rest(socket: Socket): void {
    if (this.#resting.push(socket) === 1) setImmediate(() => this.#wake());
  }

  /** What the reads of one that has rested took. */
  spend(tookMs: number): void {
    this.#wokenMs += tookMs;
  }

  #wake(): void {
    if (this.#wokenMs > wokenTurnMs) this.#wakes = Math.max(1, this.#wakes >> 1);
    else if (this.#wokenMs < wokenTurnMs / 2) this.#wakes = Math.min(mostWakes, this.#wakes + 1);
    this.#wokenMs = 0;
    const sockets = this.#resting.splice(0, this.#wakes);
    if (this.#resting.length > 0) setImmediate(() => this.#wake());
    for (const socket of sockets) if (!socket.destroyed && !socket.isPaused()) socket.resume();
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(bufferBytes);
  }

  give(buffer: Buffer): void {
    if (this.#free.length < 64) this.#free.push(buffer);
  }
}

export class SocketReader {
  readonly #buffers: ReadBuffers;
  /** Whoever reads; set before the first byte can come (the turn in which the socket was made). */
  target: BytesTarget | undefined = undefined;
  /** Where it is known, its reads leave time for the others'. */
  socket: Socket | undefined = undefined;
  #fullReads = 0;
  #since = 0;
  #current: Buffer;
  #started = false;
  #kept = false;
  #streaming = false;
  /** It has rested, and reads what had come meanwhile. */
  #hasRested = false;
  /** What is still to come without crumbs before it is read from in large amounts: of one who says his first words, a little. */
  #crumbFree = crumbReadBytes;

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers;
    this.#current = buffers.short;
  }

  /** For net.connect and `new Socket`. */
  onread(): OnReadOpts {
    return {
      // Node asks for the next buffer after each read; undefined keeps the one it has (its types do not say so).
      buffer: (() => this.#next()) as () => Uint8Array,
      callback: (length) => this.#read(length),
    };
  }

  /** For sockets that cannot read into our buffers: each chunk is memory of its own. */
  listen(socket: Socket): void {
    socket.on("data", (chunk: Buffer) => void this.target?.onBytes(chunk, chunk.length, false));
  }

  /** The socket is gone: its private buffer serves another. */
  release(): void {
    if (!this.#isShared && !this.#kept) this.#buffers.give(this.#current);
    this.#current = this.#buffers.shared;
    this.#kept = false;
  }

  get #isShared(): boolean {
    return this.#current === this.#buffers.shared || this.#current === this.#buffers.short;
  }

  get #bringsCrumbs(): boolean {
    return this.#crumbFree > 0;
  }

  #read(length: number): boolean {
    const room = this.#current.length;
    const isShared = this.#isShared;
    const isFull = length === room;
    if (isFull && this.#fullReads === 0) this.#since = this.#buffers.now();
    const before = this.#hasRested ? this.#buffers.now() : 0;
    const taken = this.target?.onBytes(this.#current, length, isShared);
    if (this.#hasRested) this.#buffers.spend(this.#buffers.now() - before);
    if (taken === "kept" && !isShared) this.#kept = true;
    this.#countCrumbs(length, taken);
    if (length >= streamingFrom) this.#streaming = true;
    else if (length < streamingUntil) this.#streaming = false;
    return isFull ? this.#readFull() : this.#readShort();
  }

  #countCrumbs(length: number, taken: BytesTaken | undefined): void {
    if (taken === "crumbs") this.#crumbFree = crumbFreeBytes;
    else if (this.#crumbFree > 0) this.#crumbFree -= length;
  }

  /** libuv goes on to the others by itself. */
  #readShort(): true {
    this.#fullReads = 0;
    this.#hasRested = false;
    return true;
  }

  /** False: stops reading, in Node's words. */
  #readFull(): boolean {
    this.#fullReads += 1;
    if (this.socket === undefined) return true;
    if (!this.#bringsCrumbs && !this.#buffers.isTurnOver(this.#fullReads, this.#since)) return true;
    this.#fullReads = 0;
    this.#hasRested = true;
    this.#buffers.rest(this.socket);
    return false;
  }

  #next(): Uint8Array | undefined {
    if (!this.#started) {
      this.#started = true;
      return this.#current;
    }
    const { shared, short } = this.#buffers;
    if (!this.#streaming || this.#bringsCrumbs) {
      const next = this.#bringsCrumbs ? short : shared;
      if (this.#current === next) return undefined;
      this.release();
      this.#current = next;
      return next;
    }
    if (!this.#isShared && !this.#kept) return undefined;
    this.#kept = false;
    this.#current = this.#buffers.take();
    return this.#current;
  }
}
