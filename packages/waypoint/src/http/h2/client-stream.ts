/** A request to an endpoint and its answer: one stream of a client-connection.ts, as the proxy sees it. */
import type { ProxyErrorKind } from "../../proxy/proxy-error.ts";
import { serializeTrailers } from "../h1/serialize-head.ts";
import { hasNoBody } from "../has-no-body.ts";
import type { HeaderBlock } from "../header-block.ts";
import { Known } from "../known-headers.ts";
import { type ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingRequest } from "../outgoing.ts";
import type { ResponseSink, Taken, UpstreamStream } from "../stream.ts";
import type { ClientConnection } from "./client-connection.ts";
import { ErrorCode, errorCodeName } from "./connection-error.ts";
import { encodeRequest } from "./encode-head.ts";
import { switchingHead, tunnelRequest } from "./extended-connect.ts";
import { Http2Stream } from "./http2-stream.ts";
import { notReset } from "./passed-reset.ts";

/** 1xx answers before the final one: a server that sends more is not waited for. */
const informationalLimit = 16;
/** Nothing at all for so long is no proof of anything; new connections are cheap. */
const silenceMs = 1000;

export class ClientStream extends Http2Stream implements UpstreamStream {
  /** The endpoint has said that it did nothing with the request, so it may be sent again whatever it is (R08). */
  isUnprocessed = false;
  resetCode: number = notReset;
  /** Of the request. */
  method = "";
  readonly #connection: ClientConnection;
  #sink: ResponseSink | undefined;
  #hasHead = false;
  #informational = 0;
  /** By the endpoint, or by us for what the endpoint did. */
  #wasReset = false;
  #requestLeft: number = unknownLength;
  /** An extended CONNECT: asked for; or open, and halves end by themselves. */
  #tunnel: "none" | "asked" | "open" = "none";
  /** Of a tunnel's request, for the answer. */
  #webSocketKey = "";
  /** Clock.now when its head was sent, and what the connection had read by then. */
  #openedAt = 0;
  #readsBefore = 0;

  constructor(connection: ClientConnection, sink: ResponseSink) {
    super(0, connection.receiveFlow.firstStreamWindow, 0);
    this.#connection = connection;
    this.#sink = sink;
  }

  /** A reset of this one stream is the endpoint's answer; no connection was lost. */
  get isUnanswered(): boolean {
    return !this.#hasHead && this.#informational === 0 && !this.#wasReset;
  }

  // ---- to the endpoint ----------------------------------------------------------------------------------------------

  sendHead(request: OutgoingRequest): void {
    if (this.isClosed) return;
    this.method = request.method;
    const isTunnel = request.upgrade !== "" && this.#connection.allowsTunnels;
    if (isTunnel) {
      this.#tunnel = "asked";
      this.#webSocketKey = request.block?.firstKnown(Known["sec-websocket-key"]) ?? "";
    }
    this.#requestLeft = isTunnel ? unknownLength : request.bodyLength;
    this.sendWindow = this.#connection.sendFlow.initialWindow;
    this.#connection.openStream(this);
    this.#openedAt = this.#connection.now();
    this.#readsBefore = this.#connection.reads;
    encodeRequest(this.#connection, this, isTunnel ? tunnelRequest(request) : request);
  }

  sendData(bytes: Buffer): Taken {
    if (this.isClosed || this.hasLocalEnded || this.pendingEnd !== undefined) return "done";
    if (this.#requestLeft !== unknownLength) {
      this.#requestLeft -= bytes.length;
      if (this.#requestLeft < 0) throw new RangeError("more body than its declared length");
    }
    return this.#connection.sendFlow.send(this, bytes);
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    // What ends before a tunnel's answer is its request, and the tunnel begins after that.
    if (this.isClosed || this.#tunnel === "asked") return;
    // Less than was declared: the endpoint must not take it for the whole.
    if (this.#requestLeft > 0) return this.#connection.resetStream(this, ErrorCode.cancel);
    this.#connection.sendFlow.end(this, trailers === undefined ? "" : serializeTrailers(trailers));
  }

  /** Frames are written when the turn ends. */
  flush(): void {}

  cancel(): void {
    this.#sink = undefined;
    if (this.id === 0) return this.#connection.abandonStream(this);
    if (!this.isClosed && this.#connection.reads === this.#readsBefore) this.#doubt();
    this.#connection.resetStream(this, ErrorCode.cancel);
  }

  /**
   * It was waited for, and in all that time the connection brought nothing, for nobody: its endpoint may have gone without a
   * word, so the next exchange begins on a new connection, which shows.
   */
  #doubt(): void {
    if (this.#connection.now() - this.#openedAt >= silenceMs) this.#connection.retire();
  }

  /** Both sides of a tunnel have ended: what is queued still goes out, as long as the peer takes it. */
  finishTunnel(): void {
    this.#sink = undefined;
  }

  pauseResponse(): void {
    this.isPaused = true;
  }

  resumeResponse(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#connection.receiveFlow.release(this);
  }

  onLocalEnd(): void {
    if (this.hasRemoteEnded) this.#connection.completeStream(this);
  }

  // ---- from the endpoint --------------------------------------------------------------------------------------------

  /** Gives back the problem, "" for none. */
  onHead(head: ResponseHead, endStream: boolean): string {
    if (head.status < 200) {
      if (++this.#informational > informationalLimit) return "too many 1xx answers";
      this.#sink?.onInformational(head);
      return "";
    }
    this.#hasHead = true;
    if (this.#tunnel === "asked" && this.#opensTunnel(head, endStream)) return "";
    // Answers that have no body may declare a length all the same; nothing may come but the end.
    if (!endStream) this.declaredLeft = hasNoBody(head.status, this.method) ? 0 : head.bodyLength;
    this.hasRemoteEnded = endStream;
    this.#connection.touched.add(this);
    this.#sink?.onResponseHead(head);
    if (endStream && !this.isClosed) this.#end(undefined);
    return "";
  }

  /** Any 2xx opens it (RFC 8441 5); else it is a request that has ended, and its answer. */
  #opensTunnel(head: ResponseHead, endStream: boolean): boolean {
    if (head.status >= 300) {
      this.#tunnel = "none";
      this.#connection.sendFlow.end(this, "");
      return false;
    }
    this.#tunnel = "open";
    this.hasRemoteEnded = endStream;
    this.#connection.touched.add(this);
    this.#sink?.onResponseHead(switchingHead(head, this.#webSocketKey));
    if (endStream && !this.isClosed) this.#endTunnelHalf();
    return true;
  }

  #endTunnelHalf(): void {
    this.#sink?.onResponseEnd(undefined);
    if (this.hasLocalEnded && !this.isClosed) this.#connection.completeStream(this);
  }

  get hasHead(): boolean {
    return this.#hasHead;
  }

  onBody(bytes: Buffer): Taken {
    const sink = this.#sink;
    if (sink === undefined) return "done";
    this.#connection.touched.add(this);
    return sink.onResponseData(bytes);
  }

  onRemoteEnd(trailers: HeaderBlock | undefined): void {
    if (this.#tunnel === "open") this.#endTunnelHalf();
    else if (this.#hasHead) this.#end(trailers);
    else this.#connection.failStream(this, ErrorCode.protocolError, "an end before its answer");
  }

  /** The stream is free before the exchange hears of it: its next request may want the place. */
  #end(trailers: HeaderBlock | undefined): void {
    const sink = this.#sink;
    this.#sink = undefined;
    if (this.hasLocalEnded) this.#connection.completeStream(this);
    // The rest of a request that has its answer is of no use (RFC 9113 8.1).
    else this.#connection.resetStream(this, ErrorCode.noError);
    sink?.onResponseEnd(trailers);
  }

  onFlush(): void {
    this.#sink?.onResponseFlush();
  }

  onRoom(): void {
    this.#sink?.onUpstreamDrain();
  }

  onReceived(): void {
    // The client's side has the deadline of an exchange in which nothing moves.
  }

  onSent(): void {
    // The same.
  }

  onPeerReset(code: number): void {
    this.isUnprocessed = code === ErrorCode.refusedStream;
    this.resetCode = code;
    this.#wasReset = true;
    this.onLost(
      this.#hasHead ? "upstream-truncated" : "upstream-reset",
      `stream reset: ${errorCodeName(code)}`,
    );
  }

  onStreamError(_code: ErrorCode, problem: string): void {
    this.#wasReset = true;
    this.onLost("upstream-protocol", problem);
  }

  /** It is out of its connection, whichever way that came. */
  onLost(kind: ProxyErrorKind, detail: string): void {
    this.isClosed = true;
    this.queue = undefined;
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.onUpstreamError(kind, detail);
  }
}
