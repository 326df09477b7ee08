/**
 * One request and its answer, whatever protocols carry them: the state that the phases of serve-request.ts and the codecs
 * on both sides share, and the one place where an exchange ends. It ends once, with one log line and one count.
 */
import type { Timer } from "@waystone/base/clock";
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type {
  AuthorizationRequest,
  ClientView,
  TokenView,
} from "@waystone/engine/authorization/authorization-request";
import type { Decision } from "@waystone/engine/authorization/program";
import type { HeaderModifier } from "@waystone/engine/headers/header-modifier";
import type { RequestView, RouteBackend } from "@waystone/engine/route/route";
import type { AuthorizerOutcome } from "../authorizer/authorizer-metrics.ts";
import { isGrpc } from "../http/h2/grpc-reply.ts";
import { notReset } from "../http/h2/passed-reset.ts";
import type { HeaderBlock } from "../http/header-block.ts";
import { noBody, type RequestHead, type ResponseHead } from "../http/message.ts";
import type { OutgoingRequest } from "../http/outgoing.ts";
import type { DownstreamStream, RequestSink, Taken } from "../http/stream.ts";
import type { Backend, Endpoint, ServedPort, ServedRule } from "../store/snapshot.ts";
import type { VerifiedToken } from "../tokens/verified-tokens.ts";
import { accountFor, countMessages, endedBy, endedWell } from "./account-exchange.ts";
import type { ReceivedRequest } from "./apply-route.ts";
import type { UpstreamAttempt } from "./attempt.ts";
import { objectionNow } from "./authorize.ts";
import { giveBackReserved } from "./body-for-authorizer.ts";
import { type ConnectionContext, labelsOf } from "./connection-context.ts";
import type { ForwardedLines } from "./forwarding.ts";
import { GrpcCall } from "./grpc-call.ts";
import { HeldTunnel } from "./held-tunnel.ts";
import { trailersOf } from "./request-trailers.ts";
import { keepsBody } from "./keeps-body.ts";
import { type KnownClient, knownClient } from "./known-client.ts";
import { type LocalReply, type Refusal, replyBytes, sendLocalReply } from "./local-reply.ts";
import type { MirrorRequest } from "./mirror.ts";
import { outgoingAnswer } from "./outgoing-answer.ts";
import { configuredAnswer, errorAnswer, type OwnAnswer, refusalAnswer } from "./own-answer.ts";
import type { ProxyErrorKind } from "./proxy-error.ts";
import { RequestBody } from "./request-body.ts";
import type { Session } from "./session.ts";

const noModifiers: readonly HeaderModifier[] = [];
const none: readonly string[] = [];
const noClaims: readonly ReadonlySet<string>[] = [];

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
  /** Where its route has changed it before it goes on (apply-route.ts): as it came, and what is still to be changed as it is written. */
  received: ReceivedRequest | undefined = undefined;
  modifiersLeft: readonly HeaderModifier[] = noModifiers;
  /** Lines of ours on every answer (CORS). */
  responseLines = "";
  /** A CORS filter speaks in them: nobody else says which pages may read an answer. */
  isShownToPages = false;
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
  /** Headers that policies say something in, by whom they were asked. */
  claimed: readonly ReadonlySet<string>[] = noClaims;
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
  /** Bytes of the body that are accounted for in the worker's `held` (body-for-authorizer.ts). */
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

  get client(): ClientView {
    this.#client = knownClient(this.#client, this.context, this.head.headers, this.token);
    return this.#client.view;
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
    if (this.context.proxy.overload.isShedding) this.body?.drop();
    else if (keepsBody(this)) this.body?.copy(bytes);
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
