/**
 * A copy of a request to another backend, whose answer nobody waits for (Gateway API, HTTPRequestMirrorFilter). A mirror
 * never slows or fails the request it copies: one that cannot keep up is dropped, and so is one that is never answered.
 */
import { pickLeastRequest } from "@waystone/engine/balance/p2c";
import type { HeaderBlock } from "../http/header-block.ts";
import type { OutgoingRequest } from "../http/outgoing.ts";
import type { ResponseSink, Taken, UpstreamConnection, UpstreamStream } from "../http/stream.ts";
import { Deadline, type Deadlines } from "../listener/deadlines.ts";
import type { Backend, Endpoint } from "../store/snapshot.ts";
import type { ConnectionPool, ConnectionWaiter } from "../upstream/connection-pool.ts";
import { poolOf } from "../upstream/pool-of.ts";
import type { ProxyContext } from "./connection-context.ts";
import { trailersFor } from "./request-trailers.ts";
import { RequestBody } from "./request-body.ts";
import type { MirrorDropped, WaitingMirrors } from "./waiting-mirrors.ts";

const notWaiting = -1;

export class MirrorRequest implements ConnectionWaiter, ResponseSink {
  readonly #request: OutgoingRequest;
  readonly #backend: Backend;
  readonly #endpoint: Endpoint;
  readonly #body: RequestBody;
  readonly #pool: ConnectionPool;
  readonly #deadlines: Deadlines;
  readonly #deadline = new Deadline(() => this.#drop("late"));
  readonly #waiting: WaitingMirrors;
  /** What it holds of the worker's room while it waits for a connection; -1: it does not. */
  #heldBytes = notWaiting;
  #stream: UpstreamStream | undefined = undefined;
  #over = false;

  private constructor(context: ProxyContext, request: OutgoingRequest, backend: Backend, endpoint: Endpoint) {
    this.#request = request;
    this.#backend = backend;
    this.#endpoint = endpoint;
    this.#body = new RequestBody(context.settings.limits.replayBytes);
    this.#pool = poolOf(endpoint, context.upstream);
    this.#deadlines = context.upstream.deadlines;
    this.#waiting = context.mirrors;
  }

  /** Undefined where the backend has no endpoint. The request's headers are written out at once: its block is lent. */
  static open(context: ProxyContext, backend: Backend, request: OutgoingRequest): MirrorRequest | undefined {
    const endpoint = pickLeastRequest(backend.endpoints, context.rng);
    if (endpoint === undefined) return undefined;
    // Its body comes when the request's own does: nothing is waited for.
    const added = request.added.replace("Expect: 100-continue\r\n", "");
    const kept = { ...request, added, block: request.block?.clone(), upgrade: "", expectsContinue: false };
    const mirror = new MirrorRequest(context, kept, backend, endpoint);
    mirror.#start(context.settings.timeouts.streamIdleMs);
    return mirror;
  }

  #start(timeoutMs: number): void {
    this.#endpoint.active++;
    this.#deadlines.set(this.#deadline, timeoutMs);
    this.#pool.acquire(this, false);
    if (this.#stream === undefined && !this.#over) this.#wait();
  }

  #wait(): void {
    const { target, authority, block, added } = this.#request;
    const bytes = target.length + authority.length + (block?.text.length ?? 0) + added.length;
    if (this.#waiting.enter(bytes)) this.#heldBytes = bytes;
    else this.#drop("crowd");
  }

  data(bytes: Buffer): void {
    if (this.#over) return;
    if (this.#stream === undefined) {
      if (!this.#holdMore(bytes.length)) return;
      if (!this.#body.hold(bytes)) this.#drop("size");
    } else if (this.#stream.sendData(Buffer.from(bytes)) === "full") {
      this.#drop("slow");
    }
  }

  /** Of the worker's room. False: there is none, and it is dropped. */
  #holdMore(bytes: number): boolean {
    const isThere = this.#waiting.grow(bytes);
    if (isThere) this.#heldBytes += bytes;
    else this.#drop("crowd");
    return isThere;
  }

  end(trailers: HeaderBlock | undefined): void {
    if (this.#over) return;
    const passed = trailersFor(this.#backend, trailers);
    if (this.#stream === undefined && passed !== undefined && !this.#holdMore(passed.text.length)) return;
    this.#body.end(passed);
    this.#stream?.sendEnd(this.#body.trailers);
  }

  flush(): void {
    this.#stream?.flush();
  }

  cancel(): void {
    if (this.#over) return;
    this.#finish();
    if (this.#stream === undefined) this.#pool.forget(this);
    else this.#stream.cancel();
  }

  #drop(reason: MirrorDropped): void {
    if (this.#over) return;
    this.#waiting.countDropped(reason);
    this.cancel();
  }

  onConnection(connection: UpstreamConnection): void {
    this.#leave();
    const stream = connection.begin(this);
    this.#stream = stream;
    stream.sendHead(this.#request);
    for (const piece of this.#body.pieces) stream.sendData(piece);
    // It is sent once; its answer may be long in coming.
    this.#body.drop();
    if (this.#body.ended) stream.sendEnd(this.#body.trailers);
    else stream.flush();
  }

  onNoConnection(): void {
    if (this.#over) return;
    this.#waiting.countDropped("unreachable");
    this.#finish();
  }

  onInformational(): void {}
  onResponseHead(): void {}
  onResponseData(): Taken {
    return "done";
  }
  onResponseEnd(): void {
    this.#finish();
  }
  onUpstreamError(): void {
    if (this.#over) return;
    this.#waiting.countDropped("lost");
    this.#finish();
  }
  onUpstreamDrain(): void {}
  onResponseFlush(): void {}

  #leave(): void {
    if (this.#heldBytes === notWaiting) return;
    this.#waiting.leave(this.#heldBytes);
    this.#heldBytes = notWaiting;
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#leave();
    this.#deadlines.clear(this.#deadline);
    this.#endpoint.active--;
  }
}
