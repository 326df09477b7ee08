/**
 * One try to get an answer from one endpoint: a connection from its pool, the request on it, the answer from it. When it
 * fails the exchange is asked for another (retry.ts decides); it touches the exchange no more after that.
 */
import type { Timer } from "@waystone/base/clock";
import type { FailureKind } from "@waystone/engine/retry/retry-decision";
import { retryAfterMs } from "@waystone/engine/retry/retry-after";
import type { HeaderBlock } from "../http/header-block.ts";
import type { ResponseHead } from "../http/message.ts";
import type { ResponseSink, Taken, UpstreamConnection, UpstreamStream } from "../http/stream.ts";
import type { Endpoint } from "../store/snapshot.ts";
import type { ConnectionPool, ConnectionWaiter } from "../upstream/connection-pool.ts";
import { poolOf } from "../upstream/pool-of.ts";
import type { Exchange } from "./exchange.ts";
import { trailersOf } from "./request-trailers.ts";
import { keepsBody } from "./keeps-body.ts";
import type { ProxyErrorKind } from "./proxy-error.ts";

/** What follows a failure, or an answer that is as bad: retry.ts. */
export interface AttemptJudge {
  /** Whether an answer with this status is to be thrown away for another try. */
  wantsRetryOn(exchange: Exchange, head: ResponseHead): boolean;
  attemptFailed(exchange: Exchange, attempt: UpstreamAttempt, failure: AttemptFailure): void;
}

export interface AttemptFailure {
  readonly kind: FailureKind;
  /** For "status"; 0 else. */
  readonly status: number;
  /** How long the endpoint asked to be left alone (Retry-After); 0: it did not. */
  readonly retryAfterMs?: number;
  /** What the client gets if this was the last attempt. */
  readonly error: ProxyErrorKind;
  readonly detail: string;
  /** Of the endpoint's RST_STREAM; -1 where there was none. */
  readonly resetCode: number;
}

export class UpstreamAttempt implements ConnectionWaiter, ResponseSink {
  readonly endpoint: Endpoint;
  readonly pool: ConnectionPool;
  readonly #exchange: Exchange;
  readonly #judge: AttemptJudge;
  #stream: UpstreamStream | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #reused = false;
  #over = false;
  isTunnel = false;

  constructor(exchange: Exchange, endpoint: Endpoint, judge: AttemptJudge) {
    this.#exchange = exchange;
    this.#judge = judge;
    this.endpoint = endpoint;
    this.pool = poolOf(endpoint, exchange.context.proxy.upstream);
  }

  /** `fresh`: on a connection that served nobody before. May answer, or fail, before it returns. */
  start(fresh: boolean): void {
    const { rule, context } = this.#exchange;
    this.endpoint.active++;
    const timeoutMs = rule?.rule.backendRequestTimeoutMs ?? 0;
    if (timeoutMs > 0) {
      this.#timer = context.proxy.clock.after(timeoutMs, () =>
        this.#exchange.guard(() => this.#fail("upstream-timeout", "no answer in time")),
      );
    }
    this.pool.acquire(this, fresh);
  }

  /** What is sent goes somewhere: not before there is a stream, nor after it failed (until the next attempt). */
  get isConnected(): boolean {
    return this.#stream !== undefined && !this.#over;
  }

  // ---- towards the endpoint -----------------------------------------------------------------------------------------

  /** A mistake of ours in what is sent is this request's, and not that of all who share the connection. */
  onConnection(connection: UpstreamConnection, reused: boolean): void {
    this.#reused = reused;
    try {
      this.#send(connection);
    } catch (error) {
      this.#exchange.failByMistake(error);
    }
  }

  #send(connection: UpstreamConnection): void {
    const exchange = this.#exchange;
    const stream = connection.begin(this);
    this.#stream = stream;
    stream.sendHead(exchange.outgoing!);
    const { body } = exchange;
    if (body === undefined) {
      stream.sendEnd(undefined);
      return;
    }
    let taken: Taken = "done";
    for (const piece of body.pieces) taken = stream.sendData(piece);
    if (!keepsBody(exchange)) body.drop();
    if (body.ended) stream.sendEnd(trailersOf(exchange, body.trailers));
    else stream.flush();
    if (taken !== "full") exchange.resumeRequest();
  }

  onNoConnection(kind: ProxyErrorKind, detail: string): void {
    this.#fail(kind, detail);
  }

  sendData(bytes: Buffer): Taken {
    return this.#stream!.sendData(bytes);
  }

  sendEnd(trailers: HeaderBlock | undefined): void {
    this.#stream!.sendEnd(trailers);
  }

  flush(): void {
    if (!this.#over) this.#stream?.flush();
  }

  resumeResponse(): void {
    if (!this.#over) this.#stream?.resumeResponse();
  }

  /** Gives it up without a word. */
  cancel(): void {
    if (this.#over) return;
    this.#end();
    if (this.#stream === undefined) this.pool.forget(this);
    else this.#stream.cancel();
  }

  /** Both sides of the tunnel have ended. */
  finishTunnel(): void {
    if (this.#over) return;
    this.#end();
    this.#stream?.finishTunnel();
  }

  // ---- from the endpoint --------------------------------------------------------------------------------------------

  onInformational(head: ResponseHead): void {
    this.#exchange.sendInformational(head);
  }

  onResponseHead(head: ResponseHead): void {
    if (this.#judge.wantsRetryOn(this.#exchange, head)) {
      const stream = this.#stream!;
      this.#end();
      stream.cancel();
      this.#judge.attemptFailed(this.#exchange, this, {
        kind: "status",
        status: head.status,
        retryAfterMs: retryAfterMs(
          head.headers.values("retry-after"),
          this.#exchange.context.proxy.clock.wallMs(),
        ),
        error: "upstream-closed",
        detail: "",
        resetCode: -1,
      });
      return;
    }
    if (head.status === 101) {
      this.isTunnel = true;
      this.#timer?.cancel();
      this.#exchange.timer?.cancel();
    }
    this.#exchange.sendResponseHead(head);
  }

  onResponseData(bytes: Buffer): Taken {
    const taken = this.#exchange.sendResponseData(bytes);
    if (taken === "full") this.#stream?.pauseResponse();
    return taken;
  }

  onResponseEnd(trailers: HeaderBlock | undefined): void {
    if (!this.isTunnel) this.#end();
    this.#exchange.sendResponseEnd(trailers);
  }

  onUpstreamError(kind: ProxyErrorKind, detail: string): void {
    this.#fail(kind, detail);
  }

  onUpstreamDrain(): void {
    this.#exchange.resumeRequest();
  }

  onResponseFlush(): void {
    this.#exchange.stream.flush();
  }

  #fail(error: ProxyErrorKind, detail: string): void {
    if (this.#over) return;
    const kind = error === "upstream-timeout" ? "timeout" : this.#failureKind();
    const stream = this.#stream;
    this.#end();
    if (stream === undefined) this.pool.forget(this);
    else stream.cancel();
    this.#judge.attemptFailed(this.#exchange, this, {
      kind,
      status: 0,
      error,
      detail,
      resetCode: stream?.resetCode ?? -1,
    });
  }

  #failureKind(): FailureKind {
    const stream = this.#stream;
    if (stream === undefined) return "connect";
    if (stream.isUnprocessed) return "refused";
    return this.#reused && stream.isUnanswered ? "stale-connection" : "reset";
  }

  #end(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.endpoint.active--;
  }
}
