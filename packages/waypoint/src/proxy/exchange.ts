/**
 * One request and its answer, whatever protocols carry them: the state that the phases of serve-request.ts and the codecs
 * on both sides share, and the one place where an exchange ends. It ends once, with one log line and one count.
 */
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import { isIdempotent } from "@waystone/engine/retry/retry-decision";
import type {
  AuthorizationRequest,
  ClientView,
  TokenView,
} from "@waystone/engine/authorization/authorization-request";
import type { Decision } from "@waystone/engine/authorization/program";
import type { RequestView, RouteBackend } from "@waystone/engine/route/route";
import type { Timer } from "@waystone/base/clock";
import type { HeaderBlock } from "../http/header-block.ts";
import { noBody, type RequestHead, type ResponseHead } from "../http/message.ts";
import type { OutgoingRequest } from "../http/outgoing.ts";
import { grpcReplyLines, grpcStatusOf, isGrpc } from "../http/h2/grpc-reply.ts";
import { grpcStatusOfReset, notReset } from "../http/h2/passed-reset.ts";
import type { AuthorizerOutcome } from "../authorizer/authorizer-metrics.ts";
import { plainDropped } from "../http/h1/serialize-head.ts";
import type { DownstreamStream, RequestSink, Taken } from "../http/stream.ts";
import { withToken } from "../listener/client-view.ts";
import type { Backend, Endpoint, ServedPort, ServedRule, WorkloadState } from "../store/snapshot.ts";
import { notGrpc, type StatusSeries } from "../telemetry/request-metrics.ts";
import type { VerifiedToken } from "../tokens/verified-tokens.ts";
import { UpstreamAttempt } from "./attempt.ts";
import { objectionNow } from "./authorize.ts";
import { type ConnectionContext, labelsOf, localSeries } from "./connection-context.ts";
import { GrpcCall } from "./grpc-call.ts";
import type { ForwardedLines } from "./forwarding.ts";
import { HeldTunnel } from "./held-tunnel.ts";
import { grpcMessage, type LocalReply, type Refusal, replyBytes, sendLocalReply } from "./local-reply.ts";
import { type Ending, logEntry } from "./log-entry.ts";
import type { MirrorRequest } from "./mirror.ts";
import { type ProxyErrorKind, proxyError, retryAfterLine } from "./proxy-error.ts";
import { RequestBody } from "./request-body.ts";
import type { Session } from "./session.ts";

/** Written out, member by member: spreading it takes as long as all of the accounting does. */
function viaUpstream(status: number, grpcStatus: number): Ending {
  return { status, flag: "-", reason: "Upstream", details: "via_upstream", grpcStatus };
}

const noModifiers: readonly HeaderModifier[] = [];
const none: readonly string[] = [];

/** The client as policies saw it last, and what of. */
interface KnownClient {
  readonly headers: HeaderBlock;
  readonly identity: WorkloadState | undefined;
  readonly token: TokenView | undefined;
  readonly view: ClientView;
}

export class Exchange implements RequestSink, RequestView, AuthorizationRequest {
  readonly context: ConnectionContext;
  readonly stream: DownstreamStream;
  /** As received, or as authorizers changed it. */
  head: RequestHead;
  readonly startedAt: number;
  /** Undefined for all that is not a gRPC call. */
  readonly grpc: GrpcCall | undefined;
  /** Undefined only when the port has just left the snapshot. */
  port: ServedPort | undefined = undefined;

  // ---- the request as it is judged, matched and forwarded (serve-request.ts fills it in)
  method: string;
  path = "";
  query = "";
  hasQuery = false;
  host = "";
  requestId = "";

  // ---- what was decided
  rule: ServedRule | undefined = undefined;
  routeBackend: RouteBackend | undefined = undefined;
  backend: Backend | undefined = undefined;
  session: Session | undefined = undefined;
  outgoing: OutgoingRequest | undefined = undefined;
  responseModifiers: readonly HeaderModifier[] = noModifiers;
  /** Lines of ours on every answer (CORS). */
  responseLines = "";
  mirrors: MirrorRequest[] | undefined = undefined;

  /** The last one: that of the backend's Service, where a route led to another. */
  decision: Decision | undefined = undefined;
  /** By shadowed policies. */
  shadowDenials: Decision[] | undefined = undefined;
  /** Of authorizers that let it through: the questions that they were asked (engine's Authorizer). */
  agreed: Set<string> | undefined = undefined;
  /** An authorizer that is being asked, or a body that is waited for before. */
  inquiry: { cancel(): void } | undefined = undefined;
  authorizerOutcome: AuthorizerOutcome | "" = "";
  authorizerMs = -1;
  /** The lines by which it is forwarded; made once, by who needs them first. */
  forwarded: ForwardedLines | undefined = undefined;
  /** Of whoever asks, as the policies of the Service see it that was asked last. */
  token: TokenView | undefined = undefined;
  verified: VerifiedToken | undefined = undefined;
  /** For the log: as whom policies knew it last, whatever became of it. */
  principal = "";
  /** Lines of a 401: how to do better. */
  challenge = "";
  /** Query parameters that are not passed on; those that no log shows. */
  withheld: readonly string[] = none;
  hidden: readonly string[] = none;
  /** What policies were asked about it has been: it is asked again when the configuration changes. */
  isAdmitted = false;

  // ---- how it goes
  readonly body: RequestBody | undefined;
  /** The client has sent all of it. */
  hasEnded = false;
  /** Told that more of the body is held, or that it has ended; while somebody waits for it. */
  onBodyHeld: (() => void) | undefined = undefined;
  /** Bytes of the body that are accounted for in the worker's `held`. */
  reservedBytes = 0;
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
  /** As the client sent them, whatever policies changed. */
  readonly #sent: HeaderBlock;
  #client: KnownClient | undefined = undefined;
  #requestPaused = false;
  #over = false;
  #tunnel: HeldTunnel | undefined = undefined;
  #tunnelHalves = 0;
  #countedFor: UpstreamAttempt | undefined = undefined;
  #counts: StatusSeries | undefined = undefined;

  constructor(context: ConnectionContext, stream: DownstreamStream, head: RequestHead, startedAt: number) {
    this.context = context;
    this.stream = stream;
    this.head = head;
    this.#sent = head.headers;
    this.startedAt = startedAt;
    this.method = head.method;
    // gRPC calls are POSTs, all of them.
    this.grpc = head.method === "POST" && isGrpc(head.headers) ? new GrpcCall() : undefined;
    this.body =
      head.bodyLength === noBody ? undefined : new RequestBody(context.proxy.settings.limits.replayBytes);
  }

  get isOver(): boolean {
    return this.#over;
  }

  get source(): WorkloadLabelsResource | undefined {
    return labelsOf(this.context.identity());
  }

  /** Every condition of every policy asks for it. */
  get client(): ClientView {
    const { headers } = this.head;
    const identity = this.context.identity();
    const known = this.#client;
    if (known?.headers === headers && known.identity === identity && known.token === this.token)
      return known.view;
    const view = withToken(this.context.client(headers), this.token);
    this.#client = { headers, identity, token: this.token, view };
    return view;
  }

  headerValues(name: string): readonly string[] {
    return this.head.headers.values(name);
  }

  sentValues(name: string): readonly string[] {
    return this.#sent.values(name);
  }

  timeMs(): number {
    return this.context.proxy.clock.wallMs();
  }

  expressionFailed(policy: string): void {
    this.context.proxy.decisions.countFailedExpression(policy);
  }

  /** A body that was lost in part cannot be sent again. */
  get isReplayable(): boolean {
    return this.body === undefined || this.body.isReplayable;
  }

  // ---- the request's body (RequestSink) -----------------------------------------------------------------------------

  onRequestData(bytes: Buffer): Taken {
    this.bytesReceived += bytes.length;
    if (this.#over) return "done";
    this.grpc?.requestMessages.add(bytes);
    if (this.mirrors !== undefined) for (const mirror of this.mirrors) mirror.data(bytes);
    const attempt = this.attempt;
    if (attempt === undefined || !attempt.isConnected) {
      if (this.body !== undefined && !this.body.hold(bytes)) this.#pauseRequest();
      this.onBodyHeld?.();
      return "done";
    }
    if (this.keepsBody) this.body?.copy(bytes);
    if (this.grpc !== undefined) this.#countMessages(this.grpc);
    const taken = attempt.sendData(bytes);
    if (taken === "full") this.#pauseRequest();
    return taken;
  }

  /** Whether what is sent may have to be sent again. HTTP/2 may refuse any request unseen, while it is not answered. */
  get keepsBody(): boolean {
    if (this.responseStarted) return false;
    return (
      this.rule?.rule.retry !== undefined || isIdempotent(this.method) || this.endpoint?.speaksHttp2 === true
    );
  }

  onRequestEnd(trailers: HeaderBlock | undefined): void {
    this.hasEnded = true;
    if (this.#over) return;
    this.body?.end(trailers);
    this.onBodyHeld?.();
    if (this.mirrors !== undefined) for (const mirror of this.mirrors) mirror.end(trailers);
    if (this.attempt?.isTunnel === true) return this.#endTunnelHalf(() => this.attempt?.sendEnd(undefined));
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
      this.fail("internal", error instanceof Error ? error.message : String(error));
    }
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
    this.responseStarted = true;
    // It is never sent again now.
    this.body?.drop();
    this.#giveBackReserved();
    this.status = head.status;
    this.grpc?.onResponseHead(head);
    this.upstreamServiceMs = this.context.proxy.clock.now() - this.startedAt;
    this.stream.sendHead({
      status: head.status,
      reason: head.reason,
      block: head.headers,
      dropped: plainDropped,
      connectionNames: head.connectionNames,
      modifiers: this.responseModifiers,
      added: this.session === undefined ? this.responseLines : this.responseLines + this.session.line(head),
      bodyLength: head.bodyLength,
      close: false,
      upgrade: head.status === 101 ? this.head.upgrade : "",
    });
    if (head.status !== 101) return;
    this.stream.becomeTunnel();
    this.#tunnel = new HeldTunnel(this);
    this.#tunnel.hold();
  }

  sendResponseData(bytes: Buffer): Taken {
    this.bytesSent += bytes.length;
    if (this.grpc !== undefined) {
      this.grpc.responseMessages.add(bytes);
      this.#countMessages(this.grpc);
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
    const row = proxyError(kind);
    const error = { ...row, grpcStatus: grpcStatusOfReset(resetCode) ?? row.grpcStatus };
    const reply =
      this.grpc !== undefined
        ? { status: 200, headers: grpcReplyLines(error.grpcStatus, error.text), body: "" }
        : { status: error.status, headers: retryAfterLine(kind) + this.challenge, body: `${error.text}\n` };
    this.#reply(
      { ...reply, close: error.close, modifiers: noModifiers },
      { ...error, status: reply.status, details: kind },
    );
  }

  /** Answers as an authorizer says; a gRPC call gets it as its status, in an answer without a body. */
  refuse(kind: ProxyErrorKind, detail: string, refusal: Refusal): void {
    if (this.#over) return;
    this.upstreamFailure = detail;
    const { status, headers, body, saysContentType } = refusal;
    const grpcStatus = grpcStatusOf(status);
    const reply =
      this.grpc !== undefined
        ? {
            status: 200,
            headers: grpcReplyLines(grpcStatus, grpcMessage(body, proxyError(kind).text)),
            body: "",
          }
        : { status, headers, body, saysContentType };
    const { close, ...row } = proxyError(kind);
    this.#reply(
      { ...reply, close, modifiers: noModifiers },
      { ...row, grpcStatus, status: reply.status, details: kind },
    );
  }

  /** Answers by ourselves, as configured. */
  reply(reply: LocalReply, details: string): void {
    const { status } = reply;
    this.#reply(reply, {
      status,
      flag: "-",
      reason: "DirectResponse",
      details,
      grpcStatus: grpcStatusOf(status),
    });
  }

  #reply(reply: LocalReply, ending: Ending): void {
    this.status = reply.status;
    this.#release();
    this.responseStarted = true;
    this.bytesSent += replyBytes(reply, this.method);
    this.#account(ending);
    sendLocalReply(this.stream, { ...reply, headers: reply.headers + this.responseLines }, this.method);
  }

  /** The exchange is over: by the end of its answer, or by `kind`, which is accounted for and not answered. */
  finish(kind: ProxyErrorKind | undefined, resetCode: number = notReset): void {
    if (this.#over) return;
    this.#release();
    if (kind === undefined) {
      this.#account(viaUpstream(this.status, this.grpc?.status ?? 0));
      return;
    }
    const error = proxyError(kind);
    const status = this.responseStarted ? this.status : error.status;
    const grpcStatus = grpcStatusOfReset(resetCode) ?? error.grpcStatus;
    this.#account({ ...error, status, grpcStatus, details: kind });
  }

  #release(): void {
    this.#over = true;
    this.timer?.cancel();
    this.pause?.cancel();
    this.inquiry?.cancel();
    this.#giveBackReserved();
    this.#tunnel?.release();
    this.attempt?.cancel();
    // A mirror has the whole request or none of it.
    if (this.mirrors !== undefined && this.body !== undefined && !this.body.ended) {
      for (const mirror of this.mirrors) mirror.cancel();
    }
  }

  #giveBackReserved(): void {
    if (this.reservedBytes === 0) return;
    this.context.proxy.held.add(-this.reservedBytes);
    this.reservedBytes = 0;
  }

  #account(ending: Ending): void {
    const { proxy } = this.context;
    const durationMs = proxy.clock.now() - this.startedAt;
    const series = this.#series();
    const { grpc } = this;
    const grpcStatus = grpc === undefined ? notGrpc : ending.grpcStatus;
    series.record(ending.status, ending.flag, durationMs, this.bytesReceived, this.bytesSent, grpcStatus);
    grpc?.countIn(series);
    if (proxy.log !== undefined) proxy.log(logEntry(this, ending, durationMs));
  }

  /** As they come, since a stream may last for days: for the endpoint that they go to and come from. */
  #countMessages(grpc: GrpcCall): void {
    if (!grpc.hasUncounted) return;
    if (this.#countedFor !== this.attempt) {
      this.#countedFor = this.attempt;
      this.#counts = this.#series();
    }
    if (this.#counts !== undefined) grpc.countIn(this.#counts);
  }

  #series(): StatusSeries {
    const { endpoint, backend, port, context } = this;
    if (endpoint === undefined || backend === undefined || this.attempt === undefined) {
      return localSeries(context, port ?? context.acceptedPort);
    }
    const known = this.attempt.pool.series;
    const key = context.sourceKey();
    let series = known.get(key);
    if (series === undefined) {
      series = context.proxy.metrics.series(this.source, backend, endpoint.labels);
      known.set(key, series);
    }
    return series;
  }
}
