/**
 * One request and its answer, whatever protocols carry them: what the codecs on both sides share, how far both have come, and the one
 * place where an exchange ends. It ends once, with one log line and one count. What the request says, and what was decided about it,
 * is in judged-request.ts.
 */
import { errorMessage } from "@waystone/base/error-message";
import type { Timer } from "@waystone/base/clock";
import type { AuthorizerOutcome } from "../authorizer/authorizer-metrics.ts";
import { isGrpc } from "../http/h2/grpc-reply.ts";
import { notReset } from "../http/h2/passed-reset.ts";
import type { HeaderBlock } from "../http/header-block.ts";
import { noBody, type RequestHead, type ResponseHead } from "../http/message.ts";
import type { DownstreamStream, RequestSink, Taken } from "../http/stream.ts";
import type { Endpoint } from "../store/snapshot.ts";
import { accountFor, countMessages, endedBy, endedWell } from "./account-exchange.ts";
import type { UpstreamAttempt } from "./attempt.ts";
import { objectionNow } from "./authorize.ts";
import { giveBackReserved } from "./body-for-authorizer.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { GrpcCall } from "./grpc-call.ts";
import { HeldTunnel } from "./held-tunnel.ts";
import { JudgedRequest } from "./judged-request.ts";
import { keepsBody } from "./keeps-body.ts";
import { type LocalReply, type Refusal, replyBytes, sendLocalReply } from "./local-reply.ts";
import type { MirrorRequest } from "./mirror.ts";
import { outgoingAnswer } from "./outgoing-answer.ts";
import { configuredAnswer, errorAnswer, type OwnAnswer, refusalAnswer } from "./own-answer.ts";
import type { ProxyErrorKind } from "./proxy-error.ts";
import { RequestBody } from "./request-body.ts";
import { trailersOf } from "./request-trailers.ts";

export class Exchange extends JudgedRequest implements RequestSink {
  readonly stream: DownstreamStream;
  readonly startedAt: number;
  /** Undefined for all that is not a gRPC call. */
  readonly grpc: GrpcCall | undefined;
  readonly body: RequestBody | undefined;
  /** The client has sent all of it. */
  hasEnded = false;
  /** Told that more of the body is held, or that it has ended; while somebody waits for it. */
  onBodyHeld: (() => void) | undefined = undefined;
  /** Bytes of the body that are accounted for in the worker's `held` (body-for-authorizer.ts). */
  reservedBytes = 0;
  /** An authorizer that is being asked, or a body that is waited for before. */
  inquiry: { cancel(): void } | undefined = undefined;
  authorizerOutcome: AuthorizerOutcome | "" = "";
  authorizerMs = -1;
  mirrors: MirrorRequest[] | undefined = undefined;
  attempt: UpstreamAttempt | undefined = undefined;
  /** Of the whole request. */
  timer: Timer | undefined = undefined;
  /** Before a retry. */
  pause: Timer | undefined = undefined;
  attempts = 0;
  retries = 0;
  replacements = 0;
  connectFailures = 0;
  bytesReceived = 0;
  bytesSent = 0;
  status = 0;
  responseStarted = false;
  upstreamServiceMs = -1;
  upstreamFailure = "";
  endpoint: Endpoint | undefined = undefined;
  #requestPaused = false;
  #over = false;
  #tunnel: HeldTunnel | undefined = undefined;
  #tunnelHalves = 0;

  constructor(context: ConnectionContext, stream: DownstreamStream, head: RequestHead, startedAt: number) {
    super(context, head);
    this.stream = stream;
    this.startedAt = startedAt;
    // gRPC calls are POSTs, all of them.
    this.grpc = head.method === "POST" && isGrpc(head.headers) ? new GrpcCall() : undefined;
    this.body =
      head.bodyLength === noBody ? undefined : new RequestBody(context.proxy.settings.limits.replayBytes);
  }

  get isOver(): boolean {
    return this.#over;
  }

  // ---- the request's body (RequestSink) -----------------------------------------------------------------------------

  onRequestData(bytes: Buffer): Taken {
    this.bytesReceived += bytes.length;
    if (this.#over) return "done";
    if (this.hasEnded) return this.#passThrough(bytes);
    this.grpc?.requestMessages.add(bytes);
    if (this.mirrors !== undefined) for (const mirror of this.mirrors) mirror.data(bytes);
    const attempt = this.attempt;
    if (attempt === undefined || !attempt.isConnected) {
      if (this.body !== undefined && !this.body.hold(bytes)) this.#pauseRequest();
      this.onBodyHeld?.();
      return "done";
    }
    if (keepsBody(this)) this.body?.copy(bytes);
    else this.body?.drop();
    if (this.grpc !== undefined) countMessages(this, this.grpc);
    const taken = attempt.sendData(bytes);
    if (taken === "full") this.#pauseRequest();
    return taken;
  }

  /** Behind the end of a request is what its tunnel carries: no body, and no business of mirrors. */
  #passThrough(bytes: Buffer): Taken {
    const { attempt } = this;
    // One that was refused carries nothing.
    if (attempt?.isTunnel !== true) return "done";
    const taken = attempt.sendData(bytes);
    if (taken === "full") this.#pauseRequest();
    return taken;
  }

  onRequestEnd(received: HeaderBlock | undefined): void {
    if (this.attempt?.isTunnel === true) return this.#endTunnelHalf(() => this.attempt?.sendEnd(undefined));
    if (this.hasEnded) return;
    this.hasEnded = true;
    if (this.#over) return;
    this.body?.end(received);
    this.onBodyHeld?.();
    const trailers = trailersOf(this, received);
    if (this.mirrors !== undefined) for (const mirror of this.mirrors) mirror.end(trailers);
    if (this.attempt?.isConnected === true) this.attempt.sendEnd(trailers);
  }

  onRequestAborted(kind: ProxyErrorKind): void {
    this.finish(kind);
  }

  /** Goes on where it waited, unless it is over; a mistake of ours costs this request and nobody else's. */
  guard(goOn: () => void): void {
    if (this.#over) return;
    try {
      goOn();
    } catch (error) {
      this.failByMistake(error);
    }
  }

  failByMistake(error: unknown): void {
    this.fail("internal", errorMessage(error));
  }

  onConfigurationChanged(): void {
    // A tunnel is asked as what it has become (held-tunnel.ts).
    if (this.#over || !this.isAdmitted || this.#tunnel !== undefined) return;
    const objection = objectionNow(this, this.context.proxy.current());
    if (objection !== undefined) this.fail(objection.kind, objection.detail);
  }

  onDownstreamDrain(): void {
    this.attempt?.resumeResponse();
  }

  onRequestFlush(): void {
    this.attempt?.flush();
    if (this.mirrors !== undefined) for (const mirror of this.mirrors) mirror.flush();
  }

  #pauseRequest(): void {
    this.#requestPaused = true;
    this.stream.pauseRequest();
  }

  /** The upstream takes more. */
  resumeRequest(): void {
    if (!this.#requestPaused || this.#over) return;
    this.#requestPaused = false;
    this.stream.resumeRequest();
  }

  // ---- the answer (called by the attempt) ---------------------------------------------------------------------------

  sendInformational(head: ResponseHead): void {
    // 100 is for those who asked to wait; 102 and 103 are for whoever reads them.
    if (head.status === 100 && !this.head.expectsContinue) return;
    this.stream.sendInformational(head);
  }

  sendResponseHead(head: ResponseHead): void {
    if (this.#wouldOpenTunnel(head.status))
      return this.fail("upstream-protocol", `status ${head.status} to a tunnel that it did not open`);
    this.responseStarted = true;
    // It is never sent again now.
    this.body?.drop();
    giveBackReserved(this);
    this.status = head.status;
    this.grpc?.onResponseHead(head);
    this.upstreamServiceMs = this.context.proxy.clock.now() - this.startedAt;
    this.stream.sendHead(outgoingAnswer(this, head));
    if (head.status !== 101) return;
    this.stream.becomeTunnel();
    this.#tunnel = new HeldTunnel(this);
    this.#tunnel.hold();
  }

  /** Over HTTP/2 any 2xx would open the tunnel that was asked for (RFC 8441 4), and nobody is at its other end. */
  #wouldOpenTunnel(status: number): boolean {
    return this.head.upgrade !== "" && this.head.version === "HTTP/2" && status >= 200 && status < 300;
  }

  sendResponseData(bytes: Buffer): Taken {
    this.bytesSent += bytes.length;
    if (this.grpc !== undefined) {
      this.grpc.responseMessages.add(bytes);
      countMessages(this, this.grpc);
    }
    return this.stream.sendData(bytes);
  }

  sendResponseEnd(trailers: HeaderBlock | undefined): void {
    if (this.attempt?.isTunnel === true) return this.#endTunnelHalf(() => this.stream.sendEnd(undefined));
    this.grpc?.onTrailers(trailers);
    // Accounted for first: the end of an answer may begin the connection's next request, which has the same head object.
    this.finish(undefined);
    this.stream.sendEnd(trailers);
  }

  /** A tunnel is over when both sides have said all they had to say. */
  #endTunnelHalf(pass: () => void): void {
    pass();
    if (++this.#tunnelHalves < 2) return;
    this.attempt?.finishTunnel();
    this.finish(undefined);
  }

  // ---- the end ------------------------------------------------------------------------------------------------------

  /**
   * Answers with a row of proxy-error.ts, or, where an answer has begun, breaks it off. `resetCode`: of the endpoint's
   * RST_STREAM, if that is why.
   */
  fail(kind: ProxyErrorKind, detail = "", resetCode: number = notReset): void {
    if (this.#over) return;
    this.upstreamFailure = detail;
    if (this.responseStarted) {
      this.finish(kind, resetCode);
      this.stream.reset(resetCode);
      return;
    }
    this.#answer(errorAnswer(this, kind, resetCode));
  }

  /** Answers as an authorizer says. */
  refuse(kind: ProxyErrorKind, detail: string, refusal: Refusal): void {
    if (this.#over) return;
    this.upstreamFailure = detail;
    this.#answer(refusalAnswer(this, kind, refusal));
  }

  /** Answers by ourselves, as configured. */
  reply(reply: LocalReply, details: string): void {
    this.#answer(configuredAnswer(reply, details));
  }

  #answer({ reply, ending }: OwnAnswer): void {
    this.status = reply.status;
    this.#release();
    this.responseStarted = true;
    this.bytesSent += replyBytes(reply, this.method);
    accountFor(this, ending);
    sendLocalReply(this.stream, { ...reply, headers: reply.headers + this.responseLines }, this.method);
  }

  /** The exchange is over: by the end of its answer, or by `kind`, which is accounted for and not answered. */
  finish(kind: ProxyErrorKind | undefined, resetCode: number = notReset): void {
    if (this.#over) return;
    this.#release();
    accountFor(this, kind === undefined ? endedWell(this) : endedBy(this, kind, resetCode));
  }

  #release(): void {
    this.#over = true;
    this.timer?.cancel();
    this.pause?.cancel();
    this.inquiry?.cancel();
    giveBackReserved(this);
    this.#tunnel?.release();
    this.attempt?.cancel();
    // A mirror has the whole request or none of it.
    if (this.mirrors !== undefined && this.body !== undefined && !this.body.ended) {
      for (const mirror of this.mirrors) mirror.cancel();
    }
  }
}
