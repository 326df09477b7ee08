/**
 * DATA on its way out (RFC 9113 5.2, 6.1, 6.9): as far as the windows of stream and connection and the socket allow, the
 * rest waits in the stream's queue. Streams that wait for the connection take turns, one frame each.
 */
import { copyLimit } from "../h1/message-writer.ts";
import type { Taken } from "../stream.ts";
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import type { FloodGuard } from "./flood-guard.ts";
import type { FrameOutput } from "./frame-output.ts";
import {
  defaultMaxFrame,
  defaultWindow,
  Flag,
  FrameType,
  frameHeaderBytes,
  largestWindow,
} from "./frame-types.ts";
import { flagsAt, writeFrameHeader } from "./frame-writer.ts";
import type { Http2Stream } from "./http2-stream.ts";
import { SendQueue } from "./send-queue.ts";

/** What is smaller is copied even where its memory could be kept. */
const appendFrom = 1024;
/** The largest DATA frame: what every peer takes, and small enough for streams to share a connection. */
const dataFrameBytes: number = defaultMaxFrame;

export class SendFlow {
  /** New streams' windows: the peer's SETTINGS_INITIAL_WINDOW_SIZE. */
  initialWindow: number = defaultWindow;
  #window: number = defaultWindow;
  readonly #output: FrameOutput;
  readonly #guard: FloodGuard;
  readonly #writeTrailers: (stream: Http2Stream, lines: string) => void;
  /** Streams that could send (or hear of room) once connection and socket let them. */
  readonly #waiting: Http2Stream[] = [];
  /** Streams that have nothing left to send but their end, while the socket has more than it should hold. */
  readonly #ending: Http2Stream[] = [];

  constructor(
    output: FrameOutput,
    guard: FloodGuard,
    writeTrailers: (stream: Http2Stream, lines: string) => void,
  ) {
    this.#output = output;
    this.#guard = guard;
    this.#writeTrailers = writeTrailers;
  }

  /** Above copyLimit the bytes' memory may be kept: any answer but "done" says that it is. */
  send(stream: Http2Stream, bytes: Buffer): Taken {
    if (stream.isClosed || stream.hasLocalEnded) return "done";
    let sent = 0;
    let isLent = false;
    if (stream.queue === undefined && !this.#output.isBlocked) {
      const isKeepable = bytes.length > copyLimit;
      for (let run = this.#allowed(stream, bytes.length); run > 0; ) {
        // Most pieces go as they are: a view of each of them would be as dear as copying it.
        const piece = run === bytes.length ? bytes : bytes.subarray(sent, sent + run);
        isLent = this.#writeData(stream, piece, isKeepable) || isLent;
        sent += run;
        run = this.#allowed(stream, bytes.length - sent);
      }
    }
    if (sent === bytes.length) {
      const taken = this.#output.taken(isLent);
      if (taken === "full") this.#awaitRoom(stream);
      return taken;
    }
    stream.queue ??= new SendQueue();
    stream.queue.push(sent === 0 ? bytes : bytes.subarray(sent));
    this.#awaitRoom(stream);
    return "full";
  }

  /**
   * `trailerLines`: "" for none. Towards a peer that does not read, a stream is not over, so that it counts among those
   * that he may have open: else answers without a body would pile up without a bound (D04).
   */
  end(stream: Http2Stream, trailerLines: string): void {
    if (stream.isClosed || stream.hasLocalEnded) return;
    if (stream.queue === undefined && !this.#output.isBlocked) return this.#writeEnd(stream, trailerLines);
    if (stream.queue === undefined && stream.pendingEnd === undefined) this.#ending.push(stream);
    stream.pendingEnd = trailerLines;
  }

  /** It is closed: towards a peer who reads nothing the lines would grow by each stream that he gives up. */
  forget(stream: Http2Stream): void {
    if (stream.isWaiting) takeOut(this.#waiting, stream);
    if (this.#ending.length > 0) takeOut(this.#ending, stream);
    stream.isWaiting = false;
  }

  /** Streams that wait for connection or socket. */
  get waiting(): number {
    return this.#waiting.length + this.#ending.length;
  }

  onWindowUpdate(increment: number): void {
    this.#window += increment;
    if (this.#window > largestWindow) {
      throw new ConnectionError(ErrorCode.flowControlError, "a connection window beyond its largest");
    }
    this.pump();
  }

  /** False: the window overflows, which is an error of the stream. */
  onStreamWindowUpdate(stream: Http2Stream, increment: number): boolean {
    stream.sendWindow += increment;
    if (stream.sendWindow > largestWindow) return false;
    if (stream.queue !== undefined && stream.sendWindow > 0) {
      this.#wait(stream);
      this.pump();
    }
    return true;
  }

  /** The peer's SETTINGS_INITIAL_WINDOW_SIZE changes the windows of all its streams, below zero too (RFC 9113 6.9.2). */
  setInitialWindow(size: number, streams: Iterable<Http2Stream>): void {
    const change = size - this.initialWindow;
    this.initialWindow = size;
    for (const stream of streams) {
      stream.sendWindow += change;
      if (stream.sendWindow > largestWindow) {
        throw new ConnectionError(ErrorCode.flowControlError, "a stream's window beyond its largest");
      }
      if (stream.queue !== undefined && stream.sendWindow > 0) this.#wait(stream);
    }
    this.pump();
  }

  /** There may be room in the connection's window or in the socket. */
  pump(): void {
    if (this.#ending.length > 0) this.#endWaiting();
    const waiting = this.#waiting;
    while (waiting.length > 0 && !this.#output.isBlocked) {
      const stream = waiting[0]!;
      if (!stream.isClosed && stream.queue !== undefined && this.#window === 0) return;
      waiting.shift();
      stream.isWaiting = false;
      if (!stream.isClosed) this.#pumpOne(stream);
    }
  }

  #endWaiting(): void {
    while (this.#ending.length > 0 && !this.#output.isBlocked) {
      const stream = this.#ending.shift()!;
      if (!stream.isClosed && stream.pendingEnd !== undefined) this.#writeEnd(stream, stream.pendingEnd);
    }
  }

  /** One frame; a stream whose own window is used up waits for that one's update, outside the line. */
  #pumpOne(stream: Http2Stream): void {
    const { queue } = stream;
    if (queue !== undefined) {
      const run = this.#allowed(stream, queue.length);
      if (run === 0) return;
      this.#writeData(stream, queue.take(run), true);
      this.#output.taken(false);
      stream.onSent(run);
      if (queue.length > 0) return this.#wait(stream);
      stream.queue = undefined;
      if (stream.pendingEnd !== undefined) return this.#writeEnd(stream, stream.pendingEnd);
    }
    if (!stream.awaitsRoom) return;
    if (this.#output.isBlocked) return this.#wait(stream);
    stream.awaitsRoom = false;
    stream.onRoom();
  }

  #allowed(stream: Http2Stream, length: number): number {
    const window = Math.min(stream.sendWindow, this.#window, dataFrameBytes);
    return window <= 0 ? 0 : Math.min(window, length);
  }

  /** True: the memory of the bytes is with the output now. */
  #writeData(stream: Http2Stream, bytes: Buffer, isKeepable: boolean): boolean {
    const output = this.#output;
    const { length } = bytes;
    const isCopied = !isKeepable || length < appendFrom;
    output.reserve(frameHeaderBytes + (isCopied ? length : 0));
    writeFrameHeader(output, length, FrameType.data, 0, stream.id);
    // Its flags can be amended until it is written out.
    stream.flagsAt = flagsAt(output.end);
    stream.flagsGeneration = output.generation;
    if (isCopied) {
      output.bytes.set(bytes, output.end);
      output.end += length;
    } else {
      output.append(bytes);
    }
    stream.sendWindow -= length;
    this.#window -= length;
    this.#guard.onDataFrame();
    return !isCopied;
  }

  /** END_STREAM goes onto the stream's latest frame while that is not written out yet, else on a frame of its own. */
  #writeEnd(stream: Http2Stream, trailerLines: string): void {
    const output = this.#output;
    stream.pendingEnd = undefined;
    if (trailerLines !== "") {
      this.#writeTrailers(stream, trailerLines);
    } else if (stream.flagsGeneration === output.generation) {
      output.bytes[stream.flagsAt]! |= Flag.endStream;
    } else {
      output.reserve(frameHeaderBytes);
      writeFrameHeader(output, 0, FrameType.data, Flag.endStream, stream.id);
    }
    stream.hasLocalEnded = true;
    stream.onLocalEnd();
  }

  #awaitRoom(stream: Http2Stream): void {
    stream.awaitsRoom = true;
    // Where its own window is at fault the stream waits for that; the update brings it back.
    if (stream.queue === undefined || stream.sendWindow > 0) this.#wait(stream);
  }

  #wait(stream: Http2Stream): void {
    if (stream.isWaiting) return;
    stream.isWaiting = true;
    this.#waiting.push(stream);
  }
}

function takeOut(line: Http2Stream[], stream: Http2Stream): void {
  const at = line.indexOf(stream);
  if (at >= 0) line.splice(at, 1);
}
