/**
 * The seam between codecs and the proxy: an exchange is a request and its answer, and each protocol version has one small
 * adapter on each side of it. With HTTP/1.1 the connections themselves are DownstreamStream and UpstreamStream
 * (h1/server-connection.ts, h1/client-connection.ts), with HTTP/2 their streams (h2/server-stream.ts, h2/client-stream.ts).
 *
 * Bytes are lent, not given: a sink has used them up ("done") or copied or queued them itself when its method returns.
 */
import type { ProxyErrorKind } from "../proxy/proxy-error.ts";
import type { HeaderBlock } from "./header-block.ts";
import type { RequestHead, ResponseHead } from "./message.ts";
import type { OutgoingRequest, OutgoingResponse } from "./outgoing.ts";

/** What became of bytes: gone; queued; or queued and the queue is full, so pause until the drain call. */
export type Taken = "done" | "queued" | "full";

export interface DownstreamStream {
  /** Canonical IP of the peer (base/ip.ts). */
  readonly peerAddress: string;
  readonly peerPort: number;
  readonly localAddress: string;
  /** 1xx; not sent to HTTP/1.0. */
  sendInformational(head: ResponseHead): void;
  sendHead(response: OutgoingResponse): void;
  sendData(bytes: Buffer): Taken;
  sendEnd(trailers: HeaderBlock | undefined): void;
  /** Puts on the wire what sendHead and sendData gathered. Ends of messages flush by themselves. */
  flush(): void;
  /**
   * The answer cannot be completed: make the client see an error, never a clean end. `upstreamCode`: of the endpoint's own
   * RST_STREAM, if that is why (h2/passed-reset.ts).
   */
  reset(upstreamCode?: number): void;
  /** Backpressure for the request body. */
  pauseRequest(): void;
  resumeRequest(): void;
  /** After a 101 (or a 2xx to CONNECT): from now on bytes pass both ways through sendData and the sink. */
  becomeTunnel(): void;
}

/** The proxy's ear for a request. Exactly one of onRequestEnd and onRequestAborted comes, unless the exchange ended before. */
export interface RequestSink {
  onRequestData(bytes: Buffer): Taken;
  onRequestEnd(trailers: HeaderBlock | undefined): void;
  onRequestAborted(kind: ProxyErrorKind): void;
  /** After a Taken of "full": room again towards the client. */
  onDownstreamDrain(): void;
  /** End of what one read brought. */
  onRequestFlush(): void;
  /** Ends the exchange where it would not be let through now. */
  onConfigurationChanged?(): void;
}

/** A connection to an endpoint, with room for an exchange. */
export interface UpstreamConnection {
  /** Whose exchange the next is; its stream is to send a head, or to be cancelled. */
  begin(sink: ResponseSink): UpstreamStream;
}

export interface UpstreamStream {
  /** The connection went, and no byte of an answer had come. */
  readonly isUnanswered: boolean;
  /** The endpoint has said that it did nothing with the request, so it may be sent again whatever it is (R08). */
  readonly isUnprocessed: boolean;
  /** Of the endpoint's RST_STREAM; -1 where there was none. */
  readonly resetCode: number;
  sendHead(request: OutgoingRequest): void;
  sendData(bytes: Buffer): Taken;
  sendEnd(trailers: HeaderBlock | undefined): void;
  flush(): void;
  /** Gives the exchange up: no call to the sink after this. The connection is closed unless it was quite finished. */
  cancel(): void;
  /** Both sides of a tunnel have ended: what is queued still goes out, as long as the peer takes it. */
  finishTunnel(): void;
  pauseResponse(): void;
  resumeResponse(): void;
}

/** The proxy's ear for an answer. Exactly one of onResponseEnd and onUpstreamError comes, unless it was cancelled. */
export interface ResponseSink {
  /** 1xx but 101. */
  onInformational(head: ResponseHead): void;
  /** `length` is in the head; 101 turns the stream into a tunnel. */
  onResponseHead(head: ResponseHead): void;
  onResponseData(bytes: Buffer): Taken;
  onResponseEnd(trailers: HeaderBlock | undefined): void;
  onUpstreamError(kind: ProxyErrorKind, detail: string): void;
  onUpstreamDrain(): void;
  onResponseFlush(): void;
}

/** What a codec calls with each complete request head. Returns the ear for the rest of it. */
export type ServeRequest = (stream: DownstreamStream, head: RequestHead) => RequestSink;
