/**
 * One question to one endpoint of an authorizer, as an ordinary upstream stream on a connection of the endpoint's pool: the whole of
 * a small answer, or why there is none. Told once, or not at all after `cancel`.
 */
import { HeaderBlock } from "../http/header-block.ts";
import { KeptBytes } from "../http/kept-bytes.ts";
import type { ResponseHead } from "../http/message.ts";
import type { OutgoingRequest } from "../http/outgoing.ts";
import type { ResponseSink, Taken, UpstreamConnection, UpstreamStream } from "../http/stream.ts";
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";
import type { Endpoint } from "../store/snapshot.ts";
import type { ConnectionPool, ConnectionWaiter } from "../upstream/connection-pool.ts";
import { poolOf } from "../upstream/pool-of.ts";
import type { UpstreamContext } from "../upstream/upstream-context.ts";

/** Of one answer's body; a refusal's page fits. */
const mostBytes = 64 * 1024;

export interface Question {
  readonly request: OutgoingRequest;
  readonly body: readonly Buffer[];
}

export interface Answer {
  readonly status: number;
  readonly headers: HeaderBlock;
  readonly body: Buffer;
  readonly trailers: HeaderBlock | undefined;
}

export interface AnswerListener {
  onAnswer(answer: Answer): void;
  /** `mayAskAgain`: nothing of an answer came, so that another endpoint or connection may do better. */
  onNoAnswer(reason: string, mayAskAgain: boolean): void;
}

export class AuthorizerCall implements ConnectionWaiter, ResponseSink {
  readonly #endpoint: Endpoint;
  readonly #question: Question;
  readonly #listener: AnswerListener;
  readonly #pool: ConnectionPool;
  readonly #body = new KeptBytes();
  #stream: UpstreamStream | undefined = undefined;
  #status = 0;
  #headers = new HeaderBlock();
  #isOver = false;

  constructor(endpoint: Endpoint, question: Question, upstream: UpstreamContext, listener: AnswerListener) {
    this.#endpoint = endpoint;
    this.#question = question;
    this.#listener = listener;
    this.#pool = poolOf(endpoint, upstream);
  }

  /** May be told before it returns. `fresh`: on a connection that served nobody before. */
  start(fresh: boolean): void {
    this.#endpoint.active++;
    this.#pool.acquire(this, fresh);
  }

  cancel(): void {
    if (!this.#end()) return;
    if (this.#stream === undefined) this.#pool.forget(this);
    else this.#stream.cancel();
  }

  onConnection(connection: UpstreamConnection): void {
    const stream = connection.begin(this);
    this.#stream = stream;
    const { request, body } = this.#question;
    stream.sendHead(request);
    // Bounded by the policy's maxBytes: what the connection does not take at once it keeps.
    for (const piece of body) stream.sendData(piece);
    stream.sendEnd(undefined);
  }

  onNoConnection(kind: ProxyErrorKind, detail: string): void {
    this.#fail(`${kind} ${this.#endpoint.key}: ${detail}`, true);
  }

  onInformational(): void {}

  onResponseHead(head: ResponseHead): void {
    if (head.status === 101) return this.#giveUp("it switched protocols");
    this.#status = head.status;
    this.#headers = head.headers.clone();
  }

  onResponseData(bytes: Buffer): Taken {
    if (this.#isOver) return "done";
    if (this.#body.length + bytes.length > mostBytes)
      this.#giveUp(`its answer is longer than ${mostBytes} bytes`);
    else this.#body.push(bytes);
    return "done";
  }

  onResponseEnd(trailers: HeaderBlock | undefined): void {
    if (!this.#end()) return;
    const body = Buffer.concat(this.#body.pieces);
    this.#listener.onAnswer({
      status: this.#status,
      headers: this.#headers,
      body,
      trailers: trailers?.clone(),
    });
  }

  onUpstreamError(kind: ProxyErrorKind, detail: string): void {
    this.#fail(`${kind} ${this.#endpoint.key}: ${detail}`, this.#status === 0);
  }

  onUpstreamDrain(): void {}
  onResponseFlush(): void {}

  #giveUp(reason: string): void {
    this.cancel();
    this.#listener.onNoAnswer(reason, false);
  }

  #fail(reason: string, mayAskAgain: boolean): void {
    if (this.#end()) this.#listener.onNoAnswer(reason, mayAskAgain);
  }

  /** False: it was over. */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#endpoint.active--;
    return true;
  }
}
