/**
 * An HTTP/2 connection from a client (RFC 9113): each stream becomes an exchange. A request is served once what was read is
 * worked through, so one that is reset in the same breath costs nobody anything (reference D01). The connection goes
 * gracefully (6.8): GOAWAY, a moment for requests that are on their way, GOAWAY again, and the streams under way finish.
 */
import type { Deadlines } from "../../listener/deadlines.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { Timeouts } from "../../settings.ts";
import { Known } from "../known-headers.ts";
import { type RequestHead, unknownLength } from "../message.ts";
import type { LateFor } from "./connection-deadline.ts";
import { ErrorCode } from "./connection-error.ts";
import { protocolError } from "./frame-dispatch.ts";
import { preface, Setting } from "./frame-types.ts";
import { writeSettings } from "./frame-writer.ts";
import { GoingAway, type GoingTarget } from "./going-away.ts";
import { Http2Connection } from "./http2-connection.ts";
import type { RequestRefusal } from "./request-fields.ts";
import { RequestReader } from "./request-reader.ts";
import type { ServerConnectionOptions } from "./server-connection-options.ts";
import { ServerStream } from "./server-stream.ts";

export class ServerConnection extends Http2Connection<ServerStream> implements GoingTarget {
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  readonly deadlines: Deadlines;
  readonly timeouts: Timeouts;
  readonly #options: ServerConnectionOptions;
  readonly #requests: RequestReader;
  readonly #going: GoingAway;
  /** The newest stream that was seen, served or (once going finally) not. */
  #newestStream = 0;
  /** Bytes of the preface that have come. */
  #prefaceRead = 0;
  /** Opened in this read, and to be served at its end. */
  #fresh: ServerStream[] = [];
  /** The same, while it is worked through. */
  #spare: ServerStream[] = [];

  constructor(options: ServerConnectionOptions) {
    const { context } = options;
    const { settings, limits, timeouts } = context;
    const resets = context.floodRecord.resetsFor(options.peerAddress);
    super(context, options.socket, settings.connectionWindowBytes, settings.streamWindowBytes, resets);
    this.#options = options;
    this.peerAddress = options.peerAddress;
    this.peerPort = options.peerPort;
    this.localAddress = options.localAddress;
    this.deadlines = context.deadlines;
    this.timeouts = timeouts;
    this.#requests = new RequestReader(context, this.decoder);
    this.deadline.idleMs = timeouts.idleMs;
    this.deadline.open();
    this.#going = new GoingAway(context, this);
    options.reader.target = this;
    writeSettings(this.output, [
      [Setting.maxConcurrentStreams, settings.concurrentStreams],
      [Setting.initialWindowSize, settings.streamWindowBytes],
      [Setting.maxHeaderListSize, limits.headerBytes],
      [Setting.headerTableSize, settings.tableBytes],
      [Setting.enableConnectProtocol, 1],
    ]);
    this.receiveFlow.open();
  }

  // ---- from the client ----------------------------------------------------------------------------------------------

  protected override readBytes(bytes: Buffer, length: number): void {
    let at = 0;
    while (this.#prefaceRead < preface.length && at < length) {
      if (bytes[at++] !== preface[this.#prefaceRead++]) throw protocolError("not HTTP/2's preface");
    }
    if (at === 0) super.readBytes(bytes, length);
    else if (at < length) super.readBytes(bytes.subarray(at), length - at);
  }

  onBlock(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const stream = this.streams.get(streamId);
    if (stream !== undefined) return this.#trailers(stream, endStream, bytes, start, end);
    if (streamId % 2 === 0) throw protocolError("a client's stream with an even number");
    if (streamId <= this.#newestStream) return this.#lateBlock(streamId, bytes, start, end);
    const head = this.#requests.head(endStream, bytes, start, end);
    this.#open(streamId, endStream, head, this.#requests.refusal);
  }

  #isIgnored(streamId: number): boolean {
    return this.#going.isFinal && streamId > this.lastPeerStream;
  }

  protected override answerStray(streamId: number): void {
    if (!this.#isIgnored(streamId)) super.answerStray(streamId);
  }

  /** Trailers that were under way when we reset their stream keep the tables in step; others break a rule. */
  #lateBlock(streamId: number, bytes: Buffer, start: number, end: number): void {
    this.#requests.trailers(bytes, start, end);
    if (this.wasResetByUs(streamId) || this.#isIgnored(streamId)) return;
    this.fail(ErrorCode.streamClosed, "HEADERS on a closed stream");
  }

  #open(streamId: number, endStream: boolean, head: RequestHead, refusal: RequestRefusal | undefined): void {
    this.#newestStream = streamId;
    if (this.#going.isFinal) return;
    this.lastPeerStream = streamId;
    if (this.streams.size >= this.context.settings.concurrentStreams) {
      return this.refuseStream(streamId, ErrorCode.refusedStream);
    }
    if (refusal !== undefined && refusal.kind === undefined) {
      this.#options.onRefused("bad-request", refusal.problem, head);
      return this.refuseStream(streamId, ErrorCode.protocolError);
    }
    const stream = new ServerStream(this, streamId, head);
    this.streams.add(stream);
    stream.hasRemoteEnded = endStream;
    if (refusal?.kind !== undefined) {
      stream.isServed = true;
      stream.isRefused = true;
      this.#options.onRefused(refusal.kind, refusal.problem, head);
      stream.sendRefusal(refusal.kind);
      // What we answer without serving it costs its sender as little as a reset (D01).
      this.guard.onReset();
      return;
    }
    const length = endStream || head.upgrade !== "" ? unknownLength : declaredLength(head);
    if (length !== unknownLength) stream.expectBody(length);
    this.#fresh.push(stream);
  }

  /** RFC 9113 8.1: trailers end their stream, and have no pseudo-headers. */
  #trailers(stream: ServerStream, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const trailers = this.#requests.trailers(bytes, start, end);
    if (stream.hasRemoteEnded)
      return this.failStream(stream, ErrorCode.streamClosed, "HEADERS after the end");
    const problem = endStream ? this.#requests.trailersProblem(trailers) : "HEADERS within a body";
    if (problem !== "") return this.failStream(stream, ErrorCode.protocolError, problem);
    if (stream.declaredLeft > 0)
      return this.failStream(stream, ErrorCode.protocolError, "less than its length");
    if (this.#requests.areTrailersTooLarge)
      return this.failStream(stream, ErrorCode.enhanceYourCalm, "trailers too large");
    stream.hasRemoteEnded = true;
    if (!stream.isServed) this.serveStream(stream, true);
    stream.onMoved();
    stream.onRemoteEnd(trailers.count > 0 ? trailers : undefined);
  }

  override onReset(streamId: number, code: number): void {
    super.onReset(streamId, code);
    this.guard.checkUnreadBytes(this.socket.writableLength);
  }

  protected isIdleStream(streamId: number): boolean {
    return streamId % 2 === 0 || streamId > this.#newestStream;
  }

  /** Hands the request to the proxy. `isEndToCome`: its end is told apart from this, because trailers are with it. */
  serveStream(stream: ServerStream, isEndToCome = false): void {
    if (stream.isServed || stream.isClosed) return;
    stream.isServed = true;
    const sink = this.#options.serve(stream, stream.head);
    // It may have been answered, or reset, by now.
    if (stream.isClosed || stream.hasLocalEnded || stream.pendingEnd !== undefined) return;
    stream.sink = sink;
    // What follows the head of a tunnel is not its request's.
    if (stream.head.upgrade !== "" || (stream.hasRemoteEnded && !isEndToCome)) sink.onRequestEnd(undefined);
  }

  /** A request that came to nothing before it was served. */
  refuseUnserved(stream: ServerStream, kind: ProxyErrorKind, problem: string): void {
    stream.isServed = true;
    this.#options.onRefused(kind, problem, stream.head);
  }

  protected onReadEnd(): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh;
    this.#fresh = this.#spare;
    this.#spare = fresh;
    for (const stream of fresh) this.serveStream(stream);
    fresh.length = 0;
  }

  /** Both sides have said all. */
  completeStream(stream: ServerStream): void {
    if (!stream.isRefused) this.guard.onStreamCompleted();
    this.closeStream(stream);
  }

  onMaxConcurrentStreams(): void {
    // Of streams that we would open by pushing: none.
  }

  onEnablePush(): void {
    // We never push.
  }

  onEnableConnectProtocol(): void {
    // A client's means nothing (RFC 8441 3).
  }

  // ---- the end ------------------------------------------------------------------------------------------------------

  /** Goes gracefully: by its age, for idleness, or because the waypoint does. */
  drain(): void {
    if (!this.isOver) this.#going.begin();
  }

  /** What it sends until it has heard is answered, and it goes. */
  closeAfterNext(): void {
    this.drain();
  }

  /** Cuts it, whatever is under way. */
  destroy(): void {
    this.#lose("draining", "the waypoint is shutting down");
    this.abandon();
  }

  onPingAck(bytes: Buffer, start: number): void {
    this.#going.onPingAck(bytes, start);
  }

  /** Streams of ours there are none; a client that goes closes the connection itself. */
  onGoaway(): void {}

  get lastServed(): number {
    return this.lastPeerStream;
  }

  onAge(): void {
    this.drain();
  }

  onFinal(): void {
    if (this.streams.size === 0) this.end();
  }

  onOutOfTime(): void {
    this.#lose("draining", "the connection's last streams took too long");
    this.end();
  }

  protected onEmpty(): void {
    if (this.#going.isFinal) this.end();
  }

  protected onLate(lateFor: LateFor): void {
    switch (lateFor) {
      case "settings":
        // It never said a proper word; it is closed without one.
        return this.abandon();
      case "frame":
        return this.fail(ErrorCode.enhanceYourCalm, "a frame that was not complete in time");
      case "idle":
        return this.drain();
      case "linger":
        this.socket.destroy();
    }
  }

  protected loseStreams(isPeersFault: boolean, detail: string): void {
    this.#lose(isPeersFault ? "bad-request" : "downstream-closed", detail);
  }

  #lose(kind: ProxyErrorKind, detail: string): void {
    const streams = this.streams.toArray();
    this.streams.clear();
    this.#fresh = [];
    this.tellEach(streams, (stream) => stream.onLost(kind, detail));
  }

  followConfiguration(): void {
    for (const stream of this.streams.toArray()) stream.sink?.onConfigurationChanged?.();
  }

  protected onPeerEnd(): void {
    this.loseStreams(false, "the client closed the connection");
    if (this.isOver) this.socket.destroySoon();
    else this.abandon();
  }

  protected onSocketError(): void {
    // The close event that follows tells the rest.
  }

  protected onSocketClosed(): void {
    this.isOver = true;
    this.deadline.clear();
    this.#going.stop();
    this.context.floodRecord.onClosed(this.peerAddress, this.guard);
    this.#options.reader.release();
    this.loseStreams(false, "the client closed the connection");
    this.#options.onClosed(this);
    this.output.close();
  }
}

/** A length of zero without the end counts too: nothing may come but the end. */
function declaredLength(head: RequestHead): number {
  if (head.bodyLength !== unknownLength) return head.bodyLength;
  return head.headers.indexOfKnown(Known["content-length"]) < 0 ? unknownLength : 0;
}
