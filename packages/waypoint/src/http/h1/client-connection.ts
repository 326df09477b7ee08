/**
 * An HTTP/1.1 connection to an endpoint: one exchange at a time, then back to the pool. An answer that leaves a doubt
 * about where it ends closes the connection and is an error for its exchange; bytes that nobody asked for close it too, so
 * no answer can ever be taken for that of the next request.
 */
import type { Socket } from "node:net";
import { resetSocket } from "../../listener/reset-socket.ts";
import { type BytesTarget, type ReadBuffers, SocketReader } from "../../listener/socket-reader.ts";
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import type { Limits } from "../../settings.ts";
import type { ConnectFailure } from "../../upstream/connect-failure.ts";
import { describeTlsFailure, isTlsAlert } from "../../upstream/describe-tls-failure.ts";
import { type Dialled, whenOpen } from "../../upstream/dial.ts";
import { noCloseNotify } from "../../upstream/tls-end.ts";
import type { HeaderBlock } from "../header-block.ts";
import { type ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingRequest } from "../outgoing.ts";
import type { ResponseSink, Taken, UpstreamConnection, UpstreamStream } from "../stream.ts";
import { AnswerIntake, type AnswerTarget, type ClientState } from "./answer-intake.ts";
import { MessageWriter } from "./message-writer.ts";
import { keepAliveSeconds, type ParsedResponse } from "./response-head.ts";
import { serializeRequestHead, serializeTrailers } from "./serialize-head.ts";

export interface ClientConnectionOptions {
  /** Opens the socket, reading as the reader says. */
  readonly dial: (reader: SocketReader) => Dialled;
  readonly limits: Limits;
  readonly buffers: ReadBuffers;
  readonly onConnected: (connection: ClientConnection) => void;
  /** The exchange is over and the connection may serve another. */
  readonly onIdle: (connection: ClientConnection) => void;
  /** It is the exchange's alone now, for as long as that likes. */
  readonly onTunnel: (connection: ClientConnection) => void;
  /** The exchange is over; the connection closes when its last bytes are out. */
  readonly onFinishing: (connection: ClientConnection) => void;
  readonly onClosed: (connection: ClientConnection, failure: ConnectFailure | undefined) => void;
}

export class ClientConnection implements UpstreamConnection, UpstreamStream, BytesTarget, AnswerTarget {
  /** Exchanges begun so far. */
  uses = 0;
  /** For how long the peer says that it keeps an idle connection; the pool's. */
  peerKeepsMs: number | undefined = undefined;
  /** Bytes beyond its last answer may be on their way: it must not serve anybody yet. */
  isInDoubt = false;
  /** HTTP/1.1 has no word for it. */
  readonly isUnprocessed = false;
  readonly resetCode = -1;
  readonly #options: ClientConnectionOptions;
  readonly #reader: SocketReader;
  readonly #dialled: Dialled;
  readonly #socket: Socket;
  readonly #writer: MessageWriter;
  readonly #intake: AnswerIntake;
  #sink: ResponseSink | undefined = undefined;
  #parsed: ParsedResponse | undefined = undefined;
  /** The read had no room for more, so there may be more to read. */
  #wasFull = false;
  #requestEnded = false;
  #kept = false;
  #error: NodeJS.ErrnoException | undefined = undefined;

  constructor(options: ClientConnectionOptions) {
    this.#options = options;
    this.#intake = new AnswerIntake(options.limits, this);
    this.#reader = new SocketReader(options.buffers);
    this.#reader.target = this;
    this.#dialled = options.dial(this.#reader);
    this.#socket = this.#dialled.socket;
    this.#writer = new MessageWriter(this.#socket);
    this.#attach(this.#socket);
  }

  #attach(socket: Socket): void {
    whenOpen(this.#dialled, () => {
      this.#intake.state = "idle";
      this.#options.onConnected(this);
    });
    socket.on("end", () => this.#onEnd());
    socket.on("drain", () => this.#sink?.onUpstreamDrain());
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#error = error;
    });
    socket.on("close", () => this.#onClose());
  }

  /** What one read brings comes in pieces, so there may be more of it (upstream/dial.ts). */
  get tellsInPieces(): boolean {
    return this.#dialled.tellsInPieces;
  }

  get isIdle(): boolean {
    return this.#intake.state === "idle";
  }

  /** No byte of an answer has come for the exchange that is on it. */
  get isUnanswered(): boolean {
    return !this.#intake.hasBegun;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  // ---- to the endpoint ----------------------------------------------------------------------------------------------

  /** Before sendHead: whose exchange this is. */
  begin(sink: ResponseSink): this {
    this.#sink = sink;
    this.#intake.state = "head";
    this.#intake.hasBegun = false;
    this.#requestEnded = false;
    this.uses++;
    return this;
  }

  sendHead(request: OutgoingRequest): void {
    this.#intake.begin(request.method, request.upgrade);
    const framing =
      request.bodyLength === unknownLength ? "chunked" : request.bodyLength > 0 ? "length" : "none";
    this.#writer.begin(serializeRequestHead(request), framing, request.bodyLength);
  }

  sendData(bytes: Buffer): Taken {
    return this.#writer.data(bytes);
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    if (this.#intake.state === "tunnel") {
      this.#writer.flush();
      this.#socket.end();
      return;
    }
    this.#requestEnded = true;
    if (!this.#writer.end(trailers === undefined ? "" : serializeTrailers(trailers))) this.#socket.destroy();
  }

  flush(): void {
    this.#writer.flush();
  }

  cancel(): void {
    if (this.#sink === undefined) return;
    this.#sink = undefined;
    // In a tunnel only a reset tells the other side that this was no proper end.
    if (this.#intake.state === "tunnel") resetSocket(this.#socket);
    else this.#socket.destroy();
  }

  /** Both sides of a tunnel have ended: what is queued still goes out, as long as the peer takes it. */
  finishTunnel(): void {
    this.#sink = undefined;
    this.#intake.state = "closed";
    this.#options.onFinishing(this);
    this.#socket.destroySoon();
  }

  pauseResponse(): void {
    this.#socket.pause();
  }

  resumeResponse(): void {
    this.#socket.resume();
  }

  // ---- from the endpoint --------------------------------------------------------------------------------------------

  onBytes(bytes: Buffer, length: number, isShared: boolean): "used" | "kept" {
    this.#kept = false;
    this.#wasFull = length === bytes.length;
    const sink = this.#sink;
    if (sink === undefined) {
      // Nobody asked: an answer to nothing must not become the next request's.
      this.#leave();
      return "used";
    }
    this.#intake.read(bytes, length, isShared);
    sink.onResponseFlush();
    return this.#kept ? "kept" : "used";
  }

  /** Between answers: what comes next is a head, if anything. */
  get isAtRest(): boolean {
    return this.#intake.state !== "body" && this.#intake.state !== "tunnel";
  }

  get isAwaited(): boolean {
    return this.#sink !== undefined;
  }

  onInformational(head: ResponseHead): void {
    this.#sink?.onInformational(head);
  }

  onHead(head: ResponseHead, parsed: ParsedResponse): void {
    this.#parsed = parsed;
    if (head.status === 101) {
      this.#intake.state = "tunnel";
      this.#writer.becomeRaw();
      this.#options.onTunnel(this);
      this.#sink!.onResponseHead(head);
      return;
    }
    const keepSeconds = head.headers.count > 0 ? keepAliveSeconds(head.headers) : undefined;
    this.peerKeepsMs = keepSeconds === undefined ? undefined : Math.max(0, keepSeconds * 1000 - 1000);
    this.#intake.state = "body";
    this.#sink!.onResponseHead(head);
  }

  /** Of the body reader: false where no more of it is wanted. */
  onBodyRun(run: Buffer): boolean {
    if (this.#sink === undefined) return false;
    if (this.#sink.onResponseData(run) !== "done") this.#kept = true;
    return true;
  }

  onTunnelBytes(bytes: Buffer): void {
    if (this.#sink!.onResponseData(bytes) !== "done") this.#kept = true;
  }

  onAnswerBroken(problem: string): void {
    this.#fail("upstream-protocol", problem);
  }

  onUnasked(): void {
    this.#socket.destroy();
  }

  /**
   * The answer is whole; it ends at `end` of what is being read. The connection is free before the exchange hears of it:
   * its next request may want it. More bytes than the answer would be that request's answer: such a connection is closed.
   */
  onAnswerEnd(trailers: HeaderBlock | undefined, end: number): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#sink = undefined;
    const isRequestOut = this.#requestEnded && this.#writer.isOut;
    if (this.#parsed!.reusable && isRequestOut && end === this.#intake.end) {
      this.#intake.state = "idle";
      this.isInDoubt = this.#wasFull || this.#parsed!.isDoubtful;
      // A peer that was too slow may have had its answers paused.
      if (this.#socket.isPaused()) this.#socket.resume();
      this.#options.onIdle(this);
    } else {
      // Not only ended: a request that is not wholly sent must not look whole to the endpoint.
      this.#leave();
    }
    sink.onResponseEnd(trailers);
  }

  /** Nobody is to take it any more, from this moment on: its end is told in a later turn. */
  #leave(): void {
    this.#intake.state = "closed";
    this.#socket.destroy();
  }

  #fail(kind: ProxyErrorKind, detail: string): void {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#socket.destroy();
    sink?.onUpstreamError(kind, detail);
  }

  #onEnd(): void {
    switch (this.#intake.state) {
      case "connecting":
        this.#socket.destroy();
        return;
      case "idle":
      case "closed":
        return this.#leave();
      case "head":
        return this.#fail("upstream-closed", "closed before its answer");
      case "body":
        if (!this.#intake.isUntilClose) return this.#fail("upstream-truncated", "closed within its answer");
        if (!this.#dialled.endedProperly()) return this.#fail("upstream-truncated", noCloseNotify);
        return this.onAnswerEnd(undefined, this.#intake.end);
      case "tunnel":
        if (!this.#dialled.endedProperly()) return this.#fail("upstream-truncated", noCloseNotify);
        this.#sink?.onResponseEnd(undefined);
        return;
    }
  }

  #onClose(): void {
    const state = this.#intake.state;
    this.#intake.state = "closed";
    this.#reader.release();
    try {
      this.#options.onClosed(this, state === "connecting" ? this.#connectFailure() : undefined);
    } finally {
      this.#tellLoss(state);
    }
  }

  #tellLoss(state: ClientState): void {
    const sink = this.#sink;
    this.#sink = undefined;
    if (sink === undefined) return;
    const error = this.#error;
    if (state === "head" && error !== undefined && isTlsAlert(error))
      return sink.onUpstreamError("backend-tls", describeTlsFailure(error));
    sink.onUpstreamError(
      state === "body" || state === "tunnel" ? "upstream-truncated" : "upstream-reset",
      error === undefined ? "closed" : (error.code ?? "unknown"),
    );
  }

  #connectFailure(): ConnectFailure {
    return this.#dialled.failure ?? { kind: "connect-failed", detail: "closed" };
  }
}
