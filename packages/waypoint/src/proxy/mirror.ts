/**
 * A copy of a request to another backend, whose answer nobody waits for (Gateway API, HTTPRequestMirrorFilter). A mirror
 * never slows or fails the request it copies: one that cannot keep up is dropped.
 */
import { pickLeastRequest } from "@waystone/engine/balance/p2c";
import type { HeaderBlock } from "../http/header-block.ts";
import type { OutgoingRequest } from "../http/outgoing.ts";
import type { ResponseSink, Taken } from "../http/stream.ts";
import type { ClientConnection } from "../http/h1/client-connection.ts";
import type { Backend, Endpoint } from "../store/snapshot.ts";
import { type ConnectionWaiter, poolOf } from "../upstream/pool.ts";
import type { ProxyContext } from "./connection-context.ts";
import { RequestBody } from "./request-body.ts";

export class MirrorRequest implements ConnectionWaiter, ResponseSink {
  readonly #request: OutgoingRequest;
  readonly #endpoint: Endpoint;
  readonly #body: RequestBody;
  #connection: ClientConnection | undefined = undefined;
  #over = false;

  private constructor(request: OutgoingRequest, endpoint: Endpoint, limitBytes: number) {
    this.#request = request;
    this.#endpoint = endpoint;
    this.#body = new RequestBody(limitBytes);
  }

  /** Undefined where the backend has no endpoint. The request's headers are written out at once: its block is lent. */
  static open(context: ProxyContext, backend: Backend, request: OutgoingRequest): MirrorRequest | undefined {
    const endpoint = pickLeastRequest(backend.endpoints, context.rng);
    if (endpoint === undefined) return undefined;
    const kept = { ...request, block: request.block?.clone(), upgrade: "", expectsContinue: false };
    const mirror = new MirrorRequest(kept, endpoint, context.settings.limits.replayBytes);
    endpoint.active++;
    poolOf(endpoint, context.upstream).acquire(mirror, false);
    return mirror;
  }

  data(bytes: Buffer): void {
    if (this.#over) return;
    if (this.#connection === undefined) {
      if (!this.#body.hold(bytes)) this.cancel();
    } else if (this.#connection.sendData(Buffer.from(bytes)) === "full") {
      this.cancel();
    }
  }

  end(trailers: HeaderBlock | undefined): void {
    if (this.#over) return;
    this.#body.end(trailers);
    this.#connection?.sendEnd(this.#body.trailers);
  }

  flush(): void {
    this.#connection?.flush();
  }

  cancel(): void {
    if (this.#over) return;
    this.#finish();
    this.#connection?.cancel();
  }

  onConnection(connection: ClientConnection): void {
    if (this.#over) {
      connection.begin(this);
      connection.cancel();
      return;
    }
    this.#connection = connection;
    connection.begin(this);
    connection.sendHead(this.#request);
    for (const piece of this.#body.pieces) connection.sendData(piece);
    if (this.#body.ended) connection.sendEnd(this.#body.trailers);
    else connection.flush();
  }

  onNoConnection(): void {
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
    this.#finish();
  }
  onUpstreamDrain(): void {}
  onResponseFlush(): void {}

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#endpoint.active--;
  }
}
