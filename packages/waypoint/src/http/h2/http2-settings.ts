/**
 * Every bound of the HTTP/2 codec: its default and why. Header limits, buffers and idle times are those of ../../settings.ts,
 * the same for every protocol version.
 */

export interface Http2Settings {
  /** Streams that a client may have open on a connection (RFC 9113 5.1.2; reference D07). Envoy's figure for edges. */
  readonly concurrentStreams: number;
  /** Body bytes that a peer may send ahead on one stream: as much as may be buffered for a slow receiver (D05). */
  readonly streamWindowBytes: number;
  /** ... on all streams of a client's connection together. Envoy's figure for edges. */
  readonly connectionWindowBytes: number;
  /** ... of an endpoint's connection: no slow client may hold up the others that share it, so windows of 128 streams. */
  readonly upstreamWindowBytes: number;
  /** HPACK tables of either side; the RFC's default, and enough for what is stable. */
  readonly tableBytes: number;
  /** Strings of so many bytes are Huffman coded. Off: within a cluster bytes are cheaper than cycles. */
  readonly huffmanFromBytes: number;
  /** A connection is asked to go after about this, so that clients spread over waypoints (GOAWAY; design.md section 5). */
  readonly maxAgeMs: number;
  /** The part of maxAgeMs by which connections differ, so that those of one moment do not all go at another. */
  readonly maxAgeJitter: number;
  /** After GOAWAY, the streams under way have this long. */
  readonly goawayGraceMs: number;
  /** For a client that does not answer the PING after GOAWAY: new streams are taken this long. */
  readonly goawayPingMs: number;
  /** Streams that we keep on one connection to an endpoint, where it allows more. */
  readonly upstreamStreams: number;
  /** A connection to an endpoint on which nothing is under way is ended after this: by GOAWAY, so no request is lost. */
  readonly upstreamIdleMs: number;
  readonly floods: FloodLimits;
}

/** Budgets: each kind of frame costs one, time and useful work give back. None left: GOAWAY with ENHANCE_YOUR_CALM. */
export interface FloodLimits {
  /**
   * Streams that are reset before their answer, by the client or because they were wrong (D01, CVE-2023-44487 and
   * CVE-2025-8671): Node's burst and rate, and one more for every stream that came to its end, as honest clients cancel in
   * proportion to what they do.
   */
  readonly resetBurst: number;
  readonly resetsPerSecond: number;
  /**
   * PING, SETTINGS, PRIORITY, WINDOW_UPDATE and unknown frames (D04). DATA gives back: gRPC sends a PING and two
   * WINDOW_UPDATEs for a frame of it.
   */
  readonly controlBurst: number;
  readonly controlsPerSecond: number;
  readonly controlsPerDataFrame: number;
  /** Frames that carry nothing: DATA and CONTINUATION without bytes. Hardly anybody sends one. */
  readonly emptyBurst: number;
  readonly emptiesPerSecond: number;
  /** Replies (SETTINGS and PING acknowledgements, resets) that wait because the peer reads nothing. Envoy's figure. */
  readonly queuedReplies: number;
}

export const defaultHttp2Settings: Http2Settings = {
  concurrentStreams: 100,
  streamWindowBytes: 64 * 1024,
  connectionWindowBytes: 1024 * 1024,
  upstreamWindowBytes: 8 * 1024 * 1024,
  tableBytes: 4096,
  huffmanFromBytes: Number.POSITIVE_INFINITY,
  maxAgeMs: 15 * 60_000,
  maxAgeJitter: 0.2,
  goawayGraceMs: 5 * 60_000,
  goawayPingMs: 1000,
  upstreamStreams: 128,
  upstreamIdleMs: 60_000,
  floods: {
    resetBurst: 1000,
    resetsPerSecond: 33,
    controlBurst: 1000,
    controlsPerSecond: 100,
    controlsPerDataFrame: 4,
    emptyBurst: 100,
    emptiesPerSecond: 10,
    queuedReplies: 1000,
  },
};
