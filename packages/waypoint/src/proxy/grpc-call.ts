/**
 * What is known of a request that is a gRPC call (gRPC over HTTP/2): its messages each way, and how it ended. Bodies are
 * looked at for the lengths of messages alone; nothing waits for a message to be whole.
 */
import { grpcStatusOf } from "../http/h2/grpc-reply.ts";
import type { HeaderBlock } from "../http/header-block.ts";
import { Known } from "../http/known-headers.ts";
import type { ResponseHead } from "../http/message.ts";
import type { StatusSeries } from "../telemetry/request-metrics.ts";
import type { UpstreamAttempt } from "./attempt.ts";
import { GrpcMessageCount } from "./grpc-message-count.ts";

/** UNKNOWN: the endpoint said nothing that is a status. */
const unknownStatus = 2;

export class GrpcCall {
  readonly requestMessages = new GrpcMessageCount();
  readonly responseMessages = new GrpcMessageCount();
  /** Where they are counted as they pass, and for whom (account-exchange.ts). */
  series: StatusSeries | undefined = undefined;
  countedFor: UpstreamAttempt | undefined = undefined;
  /** What the endpoint said in its head (trailers-only) or trailers; -1 for nothing yet. */
  #said = -1;
  #httpStatus = 0;
  #requestsCounted = 0;
  #responsesCounted = 0;

  /** Messages that have come and are in no metric yet. */
  get hasUncounted(): boolean {
    return (
      this.requestMessages.count !== this.#requestsCounted ||
      this.responseMessages.count !== this.#responsesCounted
    );
  }

  countIn(series: StatusSeries): void {
    if (!this.hasUncounted) return;
    const { requests, responses } = series.messages;
    requests.value += this.requestMessages.count - this.#requestsCounted;
    responses.value += this.responseMessages.count - this.#responsesCounted;
    this.#requestsCounted = this.requestMessages.count;
    this.#responsesCounted = this.responseMessages.count;
  }

  onResponseHead(head: ResponseHead): void {
    this.#httpStatus = head.status;
    this.#said = statusIn(head.headers);
  }

  onTrailers(trailers: HeaderBlock | undefined): void {
    const said = trailers === undefined ? -1 : statusIn(trailers);
    if (said >= 0) this.#said = said;
  }

  /** Of an answer that came to its end. */
  get status(): number {
    if (this.#said >= 0) return this.#said;
    return this.#httpStatus === 200 ? unknownStatus : grpcStatusOf(this.#httpStatus);
  }
}

/** 0 to 16 (grpc/doc/statuscodes.md): anything else counts as UNKNOWN, so that a label has no more values than that. */
function statusIn(headers: HeaderBlock): number {
  if (headers.indexOfKnown(Known["grpc-status"]) < 0) return -1;
  const values = headers.values("grpc-status");
  const text = values[0]!;
  if (values.length === 1 && text === "0") return 0;
  return values.length === 1 && /^(?:[0-9]|1[0-6])$/.test(text) ? Number(text) : unknownStatus;
}
