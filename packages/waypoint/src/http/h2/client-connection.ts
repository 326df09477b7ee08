/**
 * An HTTP/2 connection to an endpoint (RFC 9113), for many exchanges at a time: as many as the endpoint allows
 * (MAX_CONCURRENT_STREAMS) and our own bound. After a GOAWAY no exchange begins on it, those that the endpoint has not
 * looked at fail so that they can be tried elsewhere, and the others finish.
 */
import { type ReadBuffers, SocketReader } from "../../listener/socket-reader.ts";
import type { ConnectFailure } from "../../upstream/connect-failure.ts";
import { describeTlsFailure, isTlsAlert } from "../../upstream/describe-tls-failure.ts";
import { type Dialled, whenOpen } from "../../upstream/dial.ts";
import type { ResponseSink } from "../stream.ts";
import { AnswerReader } from "./answer-reader.ts";
import { Budget } from "./budget.ts";
import { ClientStream } from "./client-stream.ts";
import type { LateFor } from "./connection-deadline.ts";
import { ErrorCode, errorCodeName } from "./connection-error.ts";
import { protocolError } from "./frame-dispatch.ts";
import { preface, Setting } from "./frame-types.ts";
import { writeGoaway, writeSettings } from "./frame-writer.ts";
import { Http2Connection } from "./http2-connection.ts";
import type { Http2Context } from "./http2-context.ts";

export interface ClientConnectionOptions {
  readonly context: Http2Context;
  /** Opens the socket, reading as the reader says. */
  readonly dial: (reader: SocketReader) => Dialled;
  readonly buffers: ReadBuffers;
  /** It has said its SETTINGS: not before that is it known to speak HTTP/2, and how many streams it takes. */
  readonly onConnected: (connection: ClientConnection) => void;
  /** An exchange is over, or the endpoint allows more or fewer: `capacity` has changed. */
  readonly onCapacity: (connection: ClientConnection) => void;
  readonly onClosed: (connection: ClientConnection, failure: ConnectFailure | undefined) => void;
}

/** Stream numbers are not used again; before they run out the connection is replaced. */
const lastStream = 0x3fff_ffff;

/** nghttp2, and with it Node, ends a connection by 1,000 and 33 a second; Envoy where of 500 streams half are reset. */
const resetBurst = 250;
const resetsPerSecond = 20;

export class ClientConnection extends Http2Connection<ClientStream> {
  /** Exchanges begun so far. */
  uses = 0;
  /** How often the endpoint said something. */
  reads = 0;
  /** The endpoint takes extended CONNECT (RFC 8441 3). */
  allowsTunnels = false;
  readonly #options: ClientConnectionOptions;
  readonly #reader: SocketReader;
  readonly #answers: AnswerReader;
  #isConnected = false;
  /** No exchange begins any more. */
  #isRetired = false;
  #nextStream = 1;
  /** Begun, and not sent yet. */
  #begun = 0;
  readonly #resets: Budget;
  #peerStreams = Number.POSITIVE_INFINITY;
  readonly #dialled: Dialled;
  #error: NodeJS.ErrnoException | undefined = undefined;
  /** What the other side, or we, found wrong before it was a connection. */
  #problem = "";

  constructor(options: ClientConnectionOptions) {
    const { context } = options;
    const reader = new SocketReader(options.buffers);
    const dialled = options.dial(reader);
    // Odd: answers end at multiples of what servers read and write at a time. nghttp2 keeps an END_STREAM back while its
    // window is used up, and a server of Node's that ends an answer just then resets the stream without it.
    const { upstreamWindowBytes, streamWindowBytes } = context.settings;
    super(context, dialled.socket, upstreamWindowBytes, streamWindowBytes | 1);
    this.#options = options;
    this.#resets = new Budget(context.clock, resetBurst, resetsPerSecond, context.clock.now());
    this.#reader = reader;
    this.#answers = new AnswerReader(context, this.decoder);
    reader.target = this;
    this.#dialled = dialled;
    whenOpen(dialled, () => this.#open());
  }

  #open(): void {
    const { context } = this;
    this.deadline.open();
    this.output.reserve(preface.length);
    preface.copy(this.output.bytes, this.output.end);
    this.output.end += preface.length;
    writeSettings(this.output, [
      [Setting.enablePush, 0],
      [Setting.initialWindowSize, this.receiveFlow.streamWindow],
      [Setting.maxHeaderListSize, context.limits.headerBytes],
      [Setting.headerTableSize, context.settings.tableBytes],
    ]);
    this.receiveFlow.open();
  }

  /**
   * Servers end a connection on which too many streams are given up, with all that others have on it (CVE-2023-44487):
   * clients share it, so it is left to its requests before that.
   */
  override resetStream(stream: ClientStream, code: ErrorCode): void {
    if (stream.isClosed) return;
    super.resetStream(stream, code);
    if (!this.#resets.spend() && !this.isOver) this.retire();
  }

  override onSettings(bytes: Buffer, start: number, end: number): void {
    super.onSettings(bytes, start, end);
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#options.onConnected(this);
  }

  /** How many more exchanges can begin. */
  get capacity(): number {
    if (this.#isRetired || this.isOver || !this.#isConnected) return 0;
    const allowed = Math.min(this.#peerStreams, this.context.settings.upstreamStreams);
    return Math.max(0, allowed - this.streams.size - this.#begun);
  }

  get isIdle(): boolean {
    return this.streams.size === 0 && this.#begun === 0 && !this.isOver;
  }

  /** An exchange begins; only while there is capacity. Its stream is to send a head, or to be cancelled. */
  begin(sink: ResponseSink): ClientStream {
    this.uses++;
    this.#begun++;
    return new ClientStream(this, sink);
  }

  /** Streams have their numbers in the order in which their heads are sent (RFC 9113 5.1.1). */
  openStream(stream: ClientStream): void {
    this.#begun--;
    stream.id = this.#nextStream;
    this.#nextStream += 2;
    if (this.#nextStream > lastStream) this.retire();
    this.streams.add(stream);
    this.deadline.watch(this.streams.size);
  }

  /** Begun, and given up before its head was sent. */
  abandonStream(stream: ClientStream): void {
    if (stream.isClosed) return;
    stream.isClosed = true;
    this.#begun--;
    this.onEmpty();
    this.#options.onCapacity(this);
  }

  override closeStream(stream: ClientStream): void {
    if (stream.isClosed) return;
    super.closeStream(stream);
    if (!this.isOver) this.#options.onCapacity(this);
  }

  completeStream(stream: ClientStream): void {
    this.guard.onStreamCompleted();
    this.closeStream(stream);
  }

  /** No exchange begins any more; the connection ends with the last one that is under way. */
  retire(): void {
    this.#isRetired = true;
    this.onEmpty();
  }

  destroy(): void {
    this.#lose("closed");
    this.abandon();
  }

  // ---- from the endpoint --------------------------------------------------------------------------------------------

  onBlock(streamId: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
    const stream = this.streams.get(streamId);
    if (stream === undefined || stream.hasRemoteEnded)
      return this.#lateBlock(streamId, stream, bytes, start, end);
    const problem = stream.hasHead
      ? this.#trailers(stream, endStream, bytes, start, end)
      : this.#head(stream, endStream, bytes, start, end);
    if (problem !== "") this.failStream(stream, ErrorCode.protocolError, problem);
  }

  /** Gives back the problem, "" for none. */
  #head(stream: ClientStream, endStream: boolean, bytes: Buffer, start: number, end: number): string {
    const head = this.#answers.head(stream.method, endStream, bytes, start, end);
    return this.#answers.problem === "" ? stream.onHead(head, endStream) : this.#answers.problem;
  }

  /** Gives back the problem, "" for none. */
  #trailers(stream: ClientStream, endStream: boolean, bytes: Buffer, start: number, end: number): string {
    const trailers = this.#answers.trailers(endStream, bytes, start, end);
    if (this.#answers.problem !== "") return this.#answers.problem;
    if (!endStream) return "HEADERS within a body";
    if (stream.declaredLeft > 0) return "less than its length";
    stream.hasRemoteEnded = true;
    stream.onRemoteEnd(trailers.count > 0 ? trailers : undefined);
    return "";
  }

  /** Decoded for the sake of the table; on a stream that we have given up it means nothing more. */
  #lateBlock(
    streamId: number,
    stream: ClientStream | undefined,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    if (this.isIdleStream(streamId)) throw protocolError("HEADERS on an idle stream");
    this.#answers.skip(bytes, start, end);
    if (stream !== undefined) this.failStream(stream, ErrorCode.streamClosed, "HEADERS after the end");
    else this.answerStray(streamId);
  }

  protected isIdleStream(streamId: number): boolean {
    return streamId % 2 === 0 || streamId >= this.#nextStream;
  }

  now(): number {
    return this.context.clock.now();
  }

  protected onReadEnd(): void {
    this.reads++;
  }

  onMaxConcurrentStreams(count: number): void {
    this.#peerStreams = count;
    this.#options.onCapacity(this);
  }

  onEnablePush(value: number): void {
    if (value !== 0) throw protocolError("a server that enables pushes");
  }

  onEnableConnectProtocol(value: number): void {
    if (value > 1) throw protocolError("ENABLE_CONNECT_PROTOCOL is neither 0 nor 1");
    if (value === 0 && this.allowsTunnels) throw protocolError("ENABLE_CONNECT_PROTOCOL taken back");
    this.allowsTunnels = value === 1;
  }

  onPingAck(): void {
    // We sent none.
  }

  onGoaway(lastStreamId: number, code: number): void {
    this.#isRetired = true;
    for (const stream of this.streams.toArray()) {
      if (stream.id <= lastStreamId) continue;
      stream.isUnprocessed = true;
      this.closeStream(stream);
      stream.onLost("upstream-reset", `GOAWAY: ${errorCodeName(code)}`);
    }
    this.onEmpty();
    if (!this.isOver) this.#options.onCapacity(this);
  }

  // ---- the end ------------------------------------------------------------------------------------------------------

  protected onEmpty(): void {
    if (!this.#isRetired || !this.isIdle) return;
    writeGoaway(this.output, 0, ErrorCode.noError, "");
    this.end();
  }

  protected onLate(lateFor: LateFor): void {
    switch (lateFor) {
      case "settings":
        return this.fail(ErrorCode.settingsTimeout, "no SETTINGS in time");
      case "frame":
        return this.fail(ErrorCode.enhanceYourCalm, "a frame that was not complete in time");
      case "idle":
        return this.retire();
      case "linger":
        this.socket.destroy();
    }
  }

  protected loseStreams(isPeersFault: boolean, detail: string): void {
    if (!this.#isConnected && this.#problem === "") this.#problem = detail;
    this.#lose(detail, isPeersFault);
  }

  #lose(detail: string, isPeersFault = false): void {
    const streams = this.streams.toArray();
    this.streams.clear();
    this.tellEach(streams, (stream) => {
      const kind = stream.hasHead ? "upstream-truncated" : "upstream-reset";
      stream.onLost(isPeersFault ? "upstream-protocol" : kind, detail);
    });
  }

  protected onSocketError(error: NodeJS.ErrnoException): void {
    this.#error = error;
  }

  protected onPeerEnd(): void {
    const wasOver = this.isOver;
    this.isOver = true;
    this.#lose("closed");
    if (wasOver) this.socket.destroySoon();
    else this.abandon();
  }

  protected onSocketClosed(): void {
    this.isOver = true;
    this.deadline.clear();
    this.#reader.release();
    this.#lose(this.#closeReason());
    this.#options.onClosed(this, this.#isConnected ? undefined : this.#connectFailure());
    this.output.close();
  }

  #closeReason(): string {
    return this.#error === undefined ? "closed" : (this.#error.code ?? "unknown");
  }

  #connectFailure(): ConnectFailure {
    // With TLS 1.3 a server refuses our certificate after we think the handshake done.
    if (this.#error !== undefined && isTlsAlert(this.#error))
      return { kind: "backend-tls", detail: describeTlsFailure(this.#error) };
    const detail = this.#problem === "" ? this.#closeReason() : this.#problem;
    return this.#dialled.failure ?? { kind: "connect-failed", detail };
  }
}
