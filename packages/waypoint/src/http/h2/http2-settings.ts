/**
 * Every bound of the HTTP/2 codec: its default and why. Those that an operator may change are in ../../settings.ts, as are
 * header limits, buffers and idle times, the same for every protocol version.
 */
import { defaultSettings, type Http2Tuning } from "../../settings.ts";

export interface Http2Settings extends Http2Tuning {
  /** HPACK tables of either side; the RFC's default, and enough for what is stable. */
  readonly tableBytes: number;
  /** Strings of so many bytes are Huffman coded. Off: within a cluster bytes are cheaper than cycles. */
  readonly huffmanFromBytes: number;
  /** The part of maxAgeMs by which connections differ, so that those of one moment do not all go at another. */
  readonly maxAgeJitter: number;
  /** For a client that does not answer the PING after GOAWAY: new streams are taken this long. */
  readonly goawayPingMs: number;
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
  /**
   * Bytes that wait because a client reads nothing, when it resets a stream: a hundred streams with large heads may have more, but
   * by resets it could have a thousand heads of 64 KiB (D04).
   */
  readonly unreadBytes: number;
}

export const defaultHttp2Settings: Http2Settings = {
  ...defaultSettings.http2,
  tableBytes: 4096,
  huffmanFromBytes: Number.POSITIVE_INFINITY,
  maxAgeJitter: 0.2,
  goawayPingMs: 1000,
  floods: {
    resetBurst: 1000,
    resetsPerSecond: 33,
    controlBurst: 1000,
    controlsPerSecond: 100,
    controlsPerDataFrame: 4,
    emptyBurst: 100,
    emptiesPerSecond: 10,
    queuedReplies: 1000,
    unreadBytes: 1024 * 1024,
  },
};
