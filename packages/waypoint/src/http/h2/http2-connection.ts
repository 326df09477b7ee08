/**
 * An HTTP/2 connection, as far as both sides are the same (RFC 9113): frames in, streams and their flow control, settings,
 * pings, resets and errors. server-connection.ts and client-connection.ts say what header blocks mean and how a
 * connection goes.
 */
import type { Socket } from "node:net";
import { areCrumbs } from "../../listener/read-ration.ts";
import type { BytesTaken, BytesTarget } from "../../listener/socket-reader.ts";
import { copyLimit } from "../h1/message-writer.ts";
import { unknownLength } from "../message.ts";
import { ClosedStreams } from "./closed-streams.ts";
import { ConnectionDeadline, type LateFor } from "./connection-deadline.ts";
import { ConnectionError, ErrorCode } from "./connection-error.ts";
import { encodeTrailers } from "./encode-head.ts";
import { EncodedHeads } from "./encoded-heads.ts";
import { FloodGuard } from "./flood-guard.ts";
import { FrameDispatch, type FrameEvents, protocolError } from "./frame-dispatch.ts";
import { FrameOutput } from "./frame-output.ts";
import type { DataPiece } from "./frame-reader.ts";
import { defaultMaxFrame } from "./frame-types.ts";
import { writeGoaway, writePingAck, writeReset, writeSettingsAck } from "./frame-writer.ts";
import { HpackDecoder } from "./hpack/decoder.ts";
import { HpackEncoder } from "./hpack/encoder.ts";
import type { Http2Context } from "./http2-context.ts";
import type { Http2Stream } from "./http2-stream.ts";
import { parseSettings, type SettingsSink } from "./peer-settings.ts";
import { ReceiveFlow } from "./receive-flow.ts";
import { SendFlow } from "./send-flow.ts";
import { StreamTable } from "./stream-table.ts";
import { TouchedStreams } from "./touched-streams.ts";

/** How much a peer may go on sending after our last word. */
const lingerBytes = 256 * 1024;

export abstract class Http2Connection<S extends Http2Stream>
  implements BytesTarget, FrameEvents, SettingsSink
{
  readonly output: FrameOutput;
  readonly encoder: HpackEncoder;
  readonly encodedHeads = new EncodedHeads();
  readonly sendFlow: SendFlow;
  readonly receiveFlow: ReceiveFlow;
  /** The largest payload that the peer takes. */
  peerMaxFrame: number = defaultMaxFrame;
  readonly streams = new StreamTable<S>();
  readonly touched = new TouchedStreams<S>();
  readonly socket: Socket;
  protected readonly context: Http2Context;
  protected readonly decoder: HpackDecoder;
  protected readonly guard: FloodGuard;
  protected readonly deadline: ConnectionDeadline;
  /** The newest stream that the peer has opened. */
  protected lastPeerStream = 0;
  /** Our last word is written, and what still comes is thrown away; or the socket is gone. */
  protected isOver = false;
  readonly #frames: FrameDispatch;
  readonly #closed = new ClosedStreams();
  #isShared = false;
  #kept = false;
  #lingered = 0;

  constructor(
    context: Http2Context,
    socket: Socket,
    windowBytes: number,
    streamWindowBytes: number,
    resets: number = context.settings.floods.resetBurst,
  ) {
    const { settings, limits, clock } = context;
    this.context = context;
    this.socket = socket;
    this.output = new FrameOutput(socket, context.turn);
    this.encoder = new HpackEncoder(settings.tableBytes, settings.huffmanFromBytes);
    this.decoder = new HpackDecoder(settings.tableBytes);
    this.guard = new FloodGuard(clock, settings.floods, resets);
    this.sendFlow = new SendFlow(this.output, this.guard, (stream, lines) =>
      encodeTrailers(this, stream, lines),
    );
    this.receiveFlow = new ReceiveFlow(this.output, streamWindowBytes, windowBytes);
    this.#frames = new FrameDispatch(this, this.guard, limits.headerBytes, context.held);
    this.deadline = new ConnectionDeadline(context, socket, this.#frames, (lateFor) => this.onLate(lateFor));
    socket.on("end", () => this.onPeerEnd());
    socket.on("drain", () => this.#onDrain());
    socket.on("error", (error: NodeJS.ErrnoException) => this.onSocketError(error));
    socket.on("close", () => {
      this.#frames.stop();
      this.onSocketClosed();
    });
  }

  /** A header block of the peer: of a new stream, an answer, or trailers. */
  abstract onBlock(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): void;
  abstract onPingAck(bytes: Buffer, start: number): void;
  abstract onGoaway(lastStreamId: number, code: number): void;
  abstract onMaxConcurrentStreams(count: number): void;
  abstract onEnablePush(value: number): void;
  abstract onEnableConnectProtocol(value: number): void;
  /** No frame has been on that stream: what comes on it now is an error of the connection (RFC 9113 5.1). */
  protected abstract isIdleStream(streamId: number): boolean;
  /** After the last frame of a read, before its streams hear of its end. */
  protected abstract onReadEnd(): void;
  protected abstract onLate(lateFor: LateFor): void;
  protected abstract onSocketError(error: NodeJS.ErrnoException): void;
  /** The peer has closed its half: nothing more can come of any stream. */
  protected abstract onPeerEnd(): void;
  protected abstract onSocketClosed(): void;
  /** The connection broke a rule, or its peer did: all that is on it is lost. */
  protected abstract loseStreams(isPeersFault: boolean, detail: string): void;
  /** The last stream has gone. */
  protected abstract onEmpty(): void;

  // ---- bytes in -----------------------------------------------------------------------------------------------------

  onBytes(bytes: Buffer, length: number, isShared: boolean): BytesTaken {
    if (this.isOver) {
      this.#linger(length);
      return "used";
    }
    this.#isShared = isShared;
    this.#kept = false;
    try {
      this.readBytes(bytes, length);
      this.onReadEnd();
      this.touched.flush();
      this.guard.checkQueuedReplies(this.output.queuedReplies);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.fail(error.code, error.message);
    }
    if (!this.isOver) this.deadline.watch(this.streams.size);
    if (this.#kept) return "kept";
    return areCrumbs(this.#frames.reader.frames, length) ? "crumbs" : "used";
  }

  /** No stream's peer has more to say, or those that have were told to wait. */
  get isAtRest(): boolean {
    return this.isOver || !this.streams.some(({ hasRemoteEnded, isPaused }) => !hasRemoteEnded && !isPaused);
  }

  protected readBytes(bytes: Buffer, length: number): void {
    this.#frames.reader.read(bytes, length);
  }

  #linger(length: number): void {
    this.#lingered += length;
    if (this.#lingered > lingerBytes) this.socket.pause();
  }

  // ---- frames -------------------------------------------------------------------------------------------------------

  onData(piece: DataPiece, bytes: Buffer, start: number, end: number): void {
    const stream = this.streams.get(piece.streamId);
    const hasRoom = this.receiveFlow.receive(stream, piece.counted);
    if (stream === undefined) return this.#strayData(piece);
    if (stream.hasRemoteEnded) return this.failStream(stream, ErrorCode.streamClosed, "DATA after the end");
    if (!hasRoom) return this.failStream(stream, ErrorCode.flowControlError, "more than the stream's window");
    if (start < end) this.#deliver(stream, bytes, start, end);
    else if (piece.isLast && !piece.endStream) this.guard.onEmptyFrame();
    if (piece.isLast) {
      if (start < end) this.guard.onDataFrame();
      if (piece.endStream && !stream.isClosed) this.#endRemote(stream);
    }
    this.receiveFlow.release(stream);
  }

  #deliver(stream: S, bytes: Buffer, start: number, end: number): void {
    const length = end - start;
    if (stream.declaredLeft !== unknownLength) {
      stream.declaredLeft -= length;
      if (stream.declaredLeft < 0)
        return this.failStream(stream, ErrorCode.protocolError, "more than its length");
    }
    stream.onReceived(length);
    const piece = bytes.subarray(start, end);
    if (length <= copyLimit) {
      stream.onBody(piece);
    } else if (this.#isShared) {
      // Large pieces may end in a socket's queue, and the shared buffer is read into again at once.
      stream.onBody(Buffer.from(piece));
    } else if (stream.onBody(piece) !== "done") {
      this.#kept = true;
    }
  }

  #endRemote(stream: S): void {
    if (stream.declaredLeft > 0)
      return this.failStream(stream, ErrorCode.protocolError, "less than its length");
    stream.hasRemoteEnded = true;
    stream.onRemoteEnd(undefined);
  }

  #strayData(piece: DataPiece): void {
    if (this.isIdleStream(piece.streamId)) throw protocolError("DATA on an idle stream");
    this.answerStray(piece.streamId);
  }

  protected wasResetByUs(streamId: number): boolean {
    return this.#closed.has(streamId);
  }

  /** A frame on a stream that is closed: fine shortly after we reset it, else answered by a reset (RFC 9113 5.1). */
  protected answerStray(streamId: number): void {
    if (this.#closed.has(streamId)) return;
    this.guard.onReset();
    writeReset(this.output, streamId, ErrorCode.streamClosed);
  }

  onReset(streamId: number, code: number): void {
    const stream = this.streams.get(streamId);
    if (stream === undefined) {
      if (this.isIdleStream(streamId)) throw protocolError("RST_STREAM on an idle stream");
      this.guard.onControlFrame();
      this.#closed.forget(streamId);
      return;
    }
    this.closeStream(stream);
    stream.onPeerReset(code);
    this.guard.onReset();
  }

  onWindowUpdate(streamId: number, increment: number): void {
    if (streamId === 0) {
      if (increment === 0) throw protocolError("WINDOW_UPDATE of nothing");
      this.sendFlow.onWindowUpdate(increment);
      return;
    }
    const stream = this.streams.get(streamId);
    if (stream === undefined) {
      if (this.isIdleStream(streamId)) throw protocolError("WINDOW_UPDATE on an idle stream");
    } else if (increment === 0) {
      this.failStream(stream, ErrorCode.protocolError, "WINDOW_UPDATE of nothing");
    } else if (!this.sendFlow.onStreamWindowUpdate(stream, increment)) {
      this.failStream(stream, ErrorCode.flowControlError, "a window beyond its largest");
    }
  }

  onSettings(bytes: Buffer, start: number, end: number): void {
    parseSettings(bytes, start, end, this);
    writeSettingsAck(this.output);
  }

  onHeaderTableSize(size: number): void {
    this.encoder.setPeerLimit(size);
  }

  onInitialWindowSize(size: number): void {
    this.sendFlow.setInitialWindow(size, this.streams.toArray());
  }

  onMaxFrameSize(size: number): void {
    this.peerMaxFrame = size;
  }

  onPing(bytes: Buffer, start: number): void {
    writePingAck(this.output, bytes, start);
  }

  // ---- streams ------------------------------------------------------------------------------------------------------

  /** Lets a stream go: it is closed, or nothing more of it matters. */
  closeStream(stream: S): void {
    if (stream.isClosed) return;
    stream.isClosed = true;
    stream.queue = undefined;
    this.streams.delete(stream.id);
    this.receiveFlow.release(stream);
    this.sendFlow.forget(stream);
    if (this.streams.size > 0 || this.isOver) return;
    this.onEmpty();
    if (!this.isOver) this.deadline.restart();
  }

  /** Lets a stream go and tells the peer (RFC 9113 5.4.2). */
  resetStream(stream: S, code: ErrorCode): void {
    if (stream.isClosed) return;
    writeReset(this.output, stream.id, code);
    if (!stream.hasRemoteEnded) this.#closed.add(stream.id);
    this.closeStream(stream);
  }

  /** The peer broke a rule on one stream. */
  failStream(stream: S, code: ErrorCode, problem: string): void {
    if (stream.isClosed) return;
    this.resetStream(stream, code);
    stream.onStreamError(code, problem);
    this.guard.onReset();
  }

  /** Refuses a stream that was never opened. */
  protected refuseStream(streamId: number, code: ErrorCode): void {
    writeReset(this.output, streamId, code);
    this.#closed.add(streamId);
    this.guard.onReset();
  }

  // ---- the end ------------------------------------------------------------------------------------------------------

  /** An error of the connection (RFC 9113 5.4.1). */
  fail(code: ErrorCode, problem: string): void {
    if (this.isOver) return;
    writeGoaway(this.output, this.lastPeerStream, code, problem);
    this.end();
    this.loseStreams(true, problem);
  }

  /** Nothing more is said. The peer gets a moment to stop talking, else its kernel would drop what we said last. */
  protected end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#frames.stop();
    this.output.close();
    this.socket.end();
    this.deadline.linger();
    if (this.socket.isPaused()) this.socket.resume();
  }

  /** Cuts the connection, whatever is under way. */
  protected abandon(): void {
    this.isOver = true;
    this.#frames.stop();
    this.output.close();
    this.socket.destroy();
  }

  /** What is lost is told to each of them, whatever mistake of ours telling another one meets. */
  protected tellEach(streams: readonly S[], tell: (stream: S) => void): void {
    for (const stream of streams) {
      try {
        tell(stream);
      } catch (error) {
        this.context.onFault(error);
      }
    }
  }

  #onDrain(): void {
    this.output.unblock();
    if (!this.isOver) this.sendFlow.pump();
  }
}
