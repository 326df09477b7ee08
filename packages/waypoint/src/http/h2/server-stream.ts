/** A request of a client and its answer: one stream of a server-connection.ts, as the proxy sees it. */
import { Deadline } from "../../listener/deadlines.ts";
import { type ProxyErrorKind, proxyError } from "../../proxy/proxy-error.ts";
import { plainDropped } from "../dropped-headers.ts";
import { serializeTrailers } from "../h1/serialize-head.ts";
import { hasNoBody } from "../has-no-body.ts";
import { reasonPhrase } from "../reason-phrase.ts";
import { BodyPace, paceBytes } from "../body-pace.ts";
import { earlyAnswer } from "../early-answer.ts";
import type { HeaderBlock } from "../header-block.ts";
import { type RequestHead, type ResponseHead, unknownLength } from "../message.ts";
import { KeptBytes } from "../kept-bytes.ts";
import type { OutgoingResponse } from "../outgoing.ts";
import type { DownstreamStream, RequestSink, Taken } from "../stream.ts";
import { ErrorCode, errorCodeName } from "./connection-error.ts";
import { encodeInformational, encodeResponse } from "./encode-head.ts";
import { tunnelAnswer } from "./extended-connect.ts";
import { grpcReplyLines, isGrpc } from "./grpc-reply.ts";
import { Http2Stream } from "./http2-stream.ts";
import { notReset, passedResetCode } from "./passed-reset.ts";
import type { ServerConnection } from "./server-connection.ts";

const none: readonly Buffer[] = [];

export class ServerStream extends Http2Stream implements DownstreamStream {
  readonly head: RequestHead;
  /** Undefined before it is served, and once its exchange is over. */
  sink: RequestSink | undefined = undefined;
  isServed = false;
  /** Its request was wrong: it earns its connection nothing. */
  isRefused = false;
  readonly #connection: ServerConnection;
  readonly #deadline: Deadline;
  #idleMs: number;
  /** Of a body whose length was declared. */
  #pace: BodyPace | undefined = undefined;
  #isHeadSent = false;
  /** An extended CONNECT: asked for, and what comes is held until it is answered; or open, and halves end by themselves. */
  #tunnel: "none" | "asked" | "open";
  #held: KeptBytes | undefined = undefined;
  /** Of an answer that waits for its reader, since that counted for a move. */
  #sent = 0;
  /** What the answer's length says is still to be sent. */
  #answerLeft: number = unknownLength;

  constructor(connection: ServerConnection, id: number, head: RequestHead) {
    super(id, connection.receiveFlow.firstStreamWindow, connection.sendFlow.initialWindow);
    this.#connection = connection;
    this.head = head;
    this.#idleMs = connection.timeouts.streamIdleMs;
    this.#tunnel = head.upgrade === "" ? "none" : "asked";
    // No more than a window can come.
    this.isPaused = this.#tunnel === "asked";
    this.#deadline = new Deadline(() => this.#expired(), connection.socket);
    connection.deadlines.set(this.#deadline, this.#idleMs);
  }

  get peerAddress(): string {
    return this.#connection.peerAddress;
  }

  get peerPort(): number {
    return this.#connection.peerPort;
  }

  get localAddress(): string {
    return this.#connection.localAddress;
  }

  // ---- from the client ----------------------------------------------------------------------------------------------

  /** Its request's body is to be of the length that was declared. */
  expectBody(length: number): void {
    this.declaredLeft = length;
    const { deadlines, timeouts } = this.#connection;
    this.#pace = new BodyPace(deadlines, this.#deadline, timeouts);
    this.#pace.begin(true, this.head.expectsContinue);
  }

  onReceived(length: number): void {
    if (this.#pace === undefined) this.onMoved();
    else this.#pace.onMoved(length);
  }

  /** A reader of a file may not take a byte at a time for ever; a stream of messages is read as it can be. */
  onSent(length: number): void {
    this.#sent += length;
    if (this.#answerLeft !== unknownLength && this.#sent < paceBytes) return;
    this.#sent = 0;
    this.onMoved();
  }

  onBody(bytes: Buffer): Taken {
    if (!this.isServed) this.#connection.serveStream(this);
    if (this.sink === undefined) return "done";
    if (this.#tunnel === "asked") {
      this.#held ??= new KeptBytes();
      this.#held.push(bytes);
      return "done";
    }
    this.#connection.touched.add(this);
    return this.sink.onRequestData(bytes);
  }

  onFlush(): void {
    this.sink?.onRequestFlush();
  }

  onRemoteEnd(trailers: HeaderBlock | undefined): void {
    if (this.#pace !== undefined) this.#endPace();
    if (!this.isServed) this.#connection.serveStream(this);
    else if (this.#tunnel === "none") this.sink?.onRequestEnd(trailers);
    else if (this.#tunnel === "open") this.#endTunnelHalf();
  }

  /** From here on its answer is waited for. */
  #endPace(): void {
    this.#pace = undefined;
    this.onMoved();
  }

  #endTunnelHalf(): void {
    this.sink?.onRequestEnd(undefined);
    if (!this.hasLocalEnded || this.isClosed) return;
    this.#connection.deadlines.clear(this.#deadline);
    this.#connection.completeStream(this);
  }

  onPeerReset(code: number): void {
    this.#abort("downstream-closed", `the client reset the stream: ${errorCodeName(code)}`);
  }

  onStreamError(_code: ErrorCode, problem: string): void {
    this.#abort("bad-request", problem);
  }

  /** The connection is gone. */
  onLost(kind: ProxyErrorKind, detail: string): void {
    this.isClosed = true;
    this.queue = undefined;
    this.#abort(kind, detail);
  }

  #abort(kind: ProxyErrorKind, detail: string): void {
    this.#connection.deadlines.clear(this.#deadline);
    if (!this.isServed) return this.#connection.refuseUnserved(this, kind, detail);
    const { sink } = this;
    this.sink = undefined;
    sink?.onRequestAborted(kind);
  }

  onMoved(): void {
    this.#connection.deadlines.set(this.#deadline, this.#idleMs);
  }

  onRoom(): void {
    this.sink?.onDownstreamDrain();
  }

  #expired(): void {
    const { sink } = this;
    this.sink = undefined;
    const kind = this.#pace?.isTimed === true && !this.isPaused ? "body-timeout" : "stream-idle";
    sink?.onRequestAborted(kind);
    if (this.#isHeadSent || this.isClosed) this.reset();
    else this.sendRefusal(kind);
  }

  // ---- to the client ------------------------------------------------------------------------------------------------

  sendInformational(head: ResponseHead): void {
    if (this.isClosed || this.#isHeadSent) return;
    const early = earlyAnswer(head, this.#connection.output.isBlocked);
    if (early !== undefined) encodeInformational(this.#connection, this, early);
  }

  sendHead(response: OutgoingResponse): void {
    if (this.isClosed) return;
    if (this.#tunnel === "asked") return this.#answerTunnel(response);
    this.#writeHead(response);
  }

  #answerTunnel(response: OutgoingResponse): void {
    if (response.status === 101) return this.#writeHead(tunnelAnswer(response));
    this.#tunnel = "none";
    this.#held = undefined;
    // Any 2xx would open the tunnel (RFC 8441 4), and there is nobody at its other end.
    if (response.status >= 300) this.#writeHead(response);
    else this.sendRefusal("upstream-protocol");
  }

  #writeHead(response: OutgoingResponse): void {
    this.#isHeadSent = true;
    this.onMoved();
    const { method } = this.head;
    if (!hasNoBody(response.status, method)) this.#answerLeft = response.bodyLength;
    encodeResponse(this.#connection, this, response, method);
  }

  sendData(bytes: Buffer): Taken {
    // An end that waits is that of an answer of ours in place of this one.
    if (this.isClosed || this.pendingEnd !== undefined) return "done";
    if (this.#answerLeft !== unknownLength) {
      this.#answerLeft -= bytes.length;
      if (this.#answerLeft < 0) throw new RangeError("more body than its declared length");
    }
    this.onMoved();
    return this.#connection.sendFlow.send(this, bytes);
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    if (this.#tunnel !== "open") this.sink = undefined;
    if (this.isClosed) return;
    if (this.#answerLeft > 0) return this.reset();
    this.#connection.sendFlow.end(this, trailers === undefined ? "" : serializeTrailers(trailers));
  }

  onLocalEnd(): void {
    // The client's half goes on.
    if (this.#tunnel === "open" && !this.hasRemoteEnded) return;
    this.#connection.deadlines.clear(this.#deadline);
    // An answer before the end of its request: the rest of the request is not waited for (RFC 9113 8.1; R06).
    if (this.hasRemoteEnded) this.#connection.completeStream(this);
    else this.#connection.resetStream(this, ErrorCode.noError);
  }

  /** Frames are written when the turn ends. */
  flush(): void {}

  reset(upstreamCode: number = notReset): void {
    this.sink = undefined;
    this.#connection.deadlines.clear(this.#deadline);
    this.#connection.resetStream(this, passedResetCode(upstreamCode));
  }

  pauseRequest(): void {
    this.isPaused = true;
    this.#pace?.pause();
  }

  resumeRequest(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.#pace?.resume();
    this.#connection.receiveFlow.release(this);
  }

  becomeTunnel(): void {
    this.#idleMs = this.#connection.timeouts.tunnelIdleMs;
    this.#answerLeft = unknownLength;
    this.onMoved();
    this.#tunnel = "open";
    this.isPaused = false;
    const held = this.#held?.pieces ?? none;
    this.#held = undefined;
    for (const bytes of held) this.sink?.onRequestData(bytes);
    if (held.length > 0) this.sink?.onRequestFlush();
    if (this.hasRemoteEnded) this.#endTunnelHalf();
    if (!this.isClosed) this.#connection.receiveFlow.release(this);
  }

  /** One of our own answers, where there is no exchange (any more) to give it. */
  sendRefusal(kind: ProxyErrorKind): void {
    const error = proxyError(kind);
    const grpc = isGrpc(this.head.headers);
    const body = grpc ? "" : `${error.text}\n`;
    this.sendHead({
      status: grpc ? 200 : error.status,
      reason: reasonPhrase(grpc ? 200 : error.status),
      block: undefined,
      dropped: plainDropped,
      connectionNames: undefined,
      modifiers: [],
      added: grpc ? grpcReplyLines(error.grpcStatus, error.text) : "Content-Type: text/plain\r\n",
      bodyLength: body.length,
      close: false,
      upgrade: "",
    });
    if (body !== "" && this.head.method !== "HEAD") this.sendData(Buffer.from(body, "latin1"));
    this.sendEnd(undefined);
  }
}
