/**
 * Reading from sockets without a buffer per socket. All sockets of a worker read into one shared buffer, whose bytes are
 * used up or copied before the next read; a socket that streams (its reads fill the buffer) gets a private one for as long
 * as it does, so that bulk is passed on without a copy. A connection whose message is whole holds no buffer at all. Of tunnels nobody
 * knows when they are done, and Node asks for another buffer only after a read, so there is a bound on all private ones together.
 *
 * Sockets take turns: whoever's bytes took longer than its share of a turn of the event loop rests until the next, those that rest
 * have a millisecond of it between them, and how much is read at a time follows what it costs (read-ration.ts).
 *
 * Node gives clients' sockets this (`onread`); accepted sockets get it in accept.ts. Against 'data' events it saves about
 * 3 of 20 us of CPU per small request.
 */
import type { Clock } from "@waystone/base/clock";
import { Gauge } from "@waystone/base/metrics";
import type { OnReadOpts, Socket } from "node:net";
import { rethrow } from "./connection-faults.ts";
import { mostBytes, ReadRation } from "./read-ration.ts";

export type BytesTaken = "used" | "kept" | "crumbs";

export interface BytesTarget {
  /**
   * Bytes have arrived: bytes[0, length), lent for the call. Memory that is not shared may be kept (in a socket's queue):
   * answer "kept", and the reader never uses that buffer again. "crumbs": they were used, and there were so many pieces that the
   * next read is to be a short one (read-ration.ts).
   */
  onBytes(bytes: Buffer, length: number, isShared: boolean): BytesTaken;
  /** Nothing large is expected of the peer: its message is whole, or it was told to wait. Left out: that cannot be known. */
  readonly isAtRest?: boolean;
}

/** Reads of at least this make a socket a streaming one; reads below the lower bound end it. */
const streamingFrom = 32 * 1024;
const streamingUntil = 8 * 1024;

/**
 * Reads that fill the buffer before the others have their turn: fewer where many have that much. libuv reads on up to 32 times: with
 * 64 KiB each, two hundred downloads, or one such peer, would be a second of one turn of the event loop.
 */
const readsPerTurn = 4;
const fewSockets = 4;
/** What the reads of one socket may take of a turn before it rests until the next. */
const fairMs = 0.25;

/**
 * What those that have rested may take of one turn, by what each took in its last one; and how many they may be: two hundred at
 * once would be 13 MB before anybody else's request.
 */
const restedMs = 1;
const mostWakes = 16;

/** Private buffers that sockets read into, of a worker (8 MiB); beyond them whoever streams pays for a copy of each read. */
const mostLent = 128;
/**
 * While all of those are lent, others read no more at a time: what thousands of endpoints do not take yet waits in such copies, and a
 * worker must not run out of memory before it can see that it will (overload/memory-watch.ts).
 */
const crowdedBytes = 16 * 1024;
/** Those that wait for the next who streams. */
const mostFree = 64;

/** Whoever has less to read costs nobody anything: its time is not taken. */
const timedFrom = 512;

export interface ReadBufferOptions {
  /** Without it, turns are measured in reads alone. */
  readonly clock?: Clock | undefined;
  /** Without it, what a target throws is nobody's to catch. */
  readonly onFault?: (error: unknown) => void;
  /** Shows how many private buffers are read into. */
  readonly lent?: Gauge;
  /** Of them, at a time. */
  readonly most?: number;
}

/** One per worker. */
export class ReadBuffers {
  readonly shared: Buffer = Buffer.allocUnsafeSlow(mostBytes);
  /** Beginnings of the same memory, by their length. */
  readonly #short = new Map<number, Buffer>();
  readonly #free: Buffer[] = [];
  readonly #mostLent: number;
  readonly #lent: Gauge;
  readonly #clock: Clock | undefined;
  /** Told of what a target has thrown (connection-faults.ts). */
  readonly onFault: (error: unknown) => void;
  /** They have stopped reading for this turn. */
  readonly #resting: SocketReader[] = [];

  constructor({ clock, onFault = rethrow, lent = new Gauge(), most = mostLent }: ReadBufferOptions = {}) {
    this.#clock = clock;
    this.onFault = onFault;
    this.#lent = lent;
    this.#mostLent = most;
  }

  now(): number {
    return this.#clock?.now() ?? 0;
  }

  get areFewResting(): boolean {
    return this.#resting.length < fewSockets;
  }

  /** Lets `reader` read on in the next turn, or when those before it have had theirs, unless its owner has paused it by then. */
  rest(reader: SocketReader): void {
    if (this.#resting.push(reader) === 1) setImmediate(() => this.#wake());
  }

  #wake(): void {
    let leftMs = restedMs;
    let count = 0;
    for (const { turnMs } of this.#resting) {
      leftMs -= turnMs;
      if (count === mostWakes || (count > 0 && leftMs < 0)) break;
      count += 1;
    }
    const woken = this.#resting.splice(0, count);
    if (this.#resting.length > 0) setImmediate(() => this.#wake());
    for (const reader of woken) reader.readOn();
  }

  /** The beginning of the shared memory. */
  short(bytes: number): Buffer {
    let short = this.#short.get(bytes);
    if (short === undefined) this.#short.set(bytes, (short = this.shared.subarray(0, bytes)));
    return short;
  }

  get isCrowded(): boolean {
    return this.#lent.value >= this.#mostLent;
  }

  /** A private buffer, unless all are lent. */
  take(): Buffer | undefined {
    if (this.isCrowded) return undefined;
    this.#lent.add(1);
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(mostBytes);
  }

  /** `isKept`: it is somebody else's now, a socket's queue for example. */
  give(buffer: Buffer, isKept: boolean): void {
    this.#lent.add(-1);
    if (!isKept && this.#free.length < mostFree) this.#free.push(buffer);
  }
}

export class SocketReader {
  readonly #buffers: ReadBuffers;
  /** Whoever reads; set before the first byte can come (the turn in which the socket was made). */
  target: BytesTarget | undefined = undefined;
  /** Where it is known, its reads leave time for the others'. */
  socket: Socket | undefined = undefined;
  /** One whose reads cannot rest: known to be cut, should its bytes find a mistake of ours. */
  restless: Socket | undefined = undefined;
  /** What its reads took since it last let others have their turn. */
  turnMs = 0;
  readonly #ration = new ReadRation();
  #fullReads = 0;
  #current: Buffer;
  #isShared = true;
  #started = false;
  #kept = false;
  #streaming = false;
  #isOver = false;

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers;
    this.#current = buffers.short(this.#ration.bytes);
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
    this.restless = socket;
    socket.on("data", (chunk: Buffer) => void this.#tell(chunk, chunk.length, false));
  }

  /** The socket is gone. */
  release(): void {
    this.#isOver = true;
    this.#giveBack();
  }

  /** Reads into shared memory again: its private buffer serves another. */
  #giveBack(): void {
    if (!this.#isShared) this.#buffers.give(this.#current, this.#kept);
    this.#current = this.#buffers.shared;
    this.#isShared = true;
    this.#kept = false;
  }

  /** By a mistake of ours: whatever it was about, nothing on this connection can be trusted any more (connection-faults.ts). */
  cut(error: unknown, socket: Socket | undefined = this.socket ?? this.restless): void {
    this.target = undefined;
    socket?.destroy();
    this.#buffers.onFault(error);
  }

  /** The socket has closed, and may be kept by what nobody can reach (let-go.ts). */
  forget(): void {
    this.target = undefined;
    this.socket = undefined;
    this.restless = undefined;
  }

  /** After a rest. */
  readOn(): void {
    this.turnMs = 0;
    const { socket } = this;
    if (socket !== undefined && !socket.destroyed && !socket.isPaused()) socket.resume();
  }

  /** False: stops reading, in Node's words. */
  #read(length: number): boolean {
    const isShared = this.#isShared;
    const isFull = length === this.#current.length;
    const tookMs = this.#pass(length, isShared);
    if (length >= streamingFrom) this.#streaming = true;
    else if (length < streamingUntil) this.#streaming = false;
    this.turnMs += tookMs;
    this.#fullReads = isFull ? this.#fullReads + 1 : 0;
    if (this.socket === undefined || !this.#isTurnOver(isFull)) {
      // After a read that does not fill the buffer libuv goes on to the others by itself.
      if (!isFull) this.turnMs = 0;
      return true;
    }
    this.#fullReads = 0;
    this.#buffers.rest(this);
    return false;
  }

  /** Hands on what was read: how long that took. */
  #pass(length: number, isShared: boolean): number {
    const isTimed = length >= timedFrom;
    const before = isTimed ? this.#buffers.now() : 0;
    const taken = this.#tell(this.#current, length, isShared);
    const tookMs = isTimed ? this.#buffers.now() - before : 0;
    if (taken === "kept" && !isShared) this.#kept = true;
    if (taken === "crumbs") this.#ration.onCrumbs();
    else this.#ration.onRead(length, tookMs);
    return tookMs;
  }

  #tell(bytes: Buffer, length: number, isShared: boolean): BytesTaken | undefined {
    try {
      return this.target?.onBytes(bytes, length, isShared);
    } catch (error) {
      this.cut(error);
      // Who knows who holds on to it.
      return "kept";
    }
  }

  #isTurnOver(isFull: boolean): boolean {
    if (this.turnMs > fairMs) return true;
    if (!isFull) return false;
    return this.#ration.isShort || this.#fullReads >= (this.#buffers.areFewResting ? readsPerTurn : 1);
  }

  #next(): Uint8Array | undefined {
    if (!this.#started) {
      this.#started = true;
      return this.#current;
    }
    const { bytes, isShort } = this.#ration;
    const wantsOwn = this.#streaming && !isShort && !this.#isOver && this.target?.isAtRest !== true;
    const hasOwn = !this.#isShared && !this.#kept;
    const shared = this.#buffers.isCrowded ? Math.min(bytes, crowdedBytes) : bytes;
    if (wantsOwn ? hasOwn : this.#isShared && this.#current.length === shared) return undefined;
    this.#giveBack();
    const own = wantsOwn ? this.#buffers.take() : undefined;
    this.#isShared = own === undefined;
    this.#current = own ?? this.#buffers.short(shared);
    return this.#current;
  }
}
