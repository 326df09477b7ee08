/**
 * Every setting of a waypoint's data plane: its default and why. Times in milliseconds, sizes in bytes; 0 turns a time-out
 * off. Flags and environment variables are turned into this once, at the edge.
 */
import type { LogLevel } from "@waystone/base/logger";

export interface WaypointSettings {
  readonly accessLog: boolean;
  readonly logLevel: LogLevel;
  /** Loopback endpoints may be dialled: only in standalone mode, where the files name them. */
  readonly allowLoopback: boolean;
  /** "address:port", "[v6]:port" that no request may ever reach: our own admin and push addresses. */
  readonly forbiddenAddresses: readonly string[];
  /** Addresses at which no port may be reached: in a pod, its own. */
  readonly forbiddenHosts: readonly string[];
  readonly limits: Limits;
  readonly timeouts: Timeouts;
  readonly pool: PoolSettings;
  readonly http2: Http2Tuning;
  readonly overload: OverloadSettings;
  readonly forwarding: ForwardingSettings;
}

export interface Limits {
  /** All header bytes of a message (431 above it). Large cookies and tokens fit; memory per connection stays bounded. */
  readonly headerBytes: number;
  /** Header lines of a message (431). No honest client comes near; a scan stays short. */
  readonly headerCount: number;
  /** The request target (414). What browsers and other proxies carry. */
  readonly targetBytes: number;
  /** Chunk extensions of one body (400): nobody uses them, attackers do. */
  readonly chunkExtensionBytes: number;
  /** The trailer section of one body. */
  readonly trailerBytes: number;
  /** Buffered towards one slow reader before its sender is paused. */
  readonly bufferBytes: number;
  /** Request body kept for a retry; a larger one is sent once. Linkerd's and agentgateway's figure. */
  readonly replayBytes: number;
  /** Heads of requests (either version of HTTP) and ClientHellos that are not whole yet, and requests sent ahead, of all connections of a worker (503). */
  readonly unfinishedHeadBytes: number;
  /** Connections that a worker accepts at a time; more are reset at once. */
  readonly connections: number;
  /** ... from one address: a quarter, so that one client never takes everybody's places. */
  readonly connectionsPerSource: number;
}

/** Percent of a worker's heap, or of its buffers; 0 turns one off. overload/overload-level.ts says how it is left again. */
export interface OverloadSettings {
  /** Connections end with their next answer: idle memory goes before anybody is turned away. */
  readonly sparePercent: number;
  /** New requests get 503 with Retry-After, and those under way finish (reference D11). */
  readonly shedPercent: number;
  /** New connections are reset, idle ones and stalled requests ended: the last thing that still frees memory (reference D11). */
  readonly refusePercent: number;
}

export interface Timeouts {
  /** From a request's first byte to the end of its header block; a new connection has half of it to say its first. */
  readonly headerMs: number;
  /** An idle kept-alive connection downstream. Longer than most clients' and load balancers' 60 s. */
  readonly idleMs: number;
  /** No byte of a request's or response's body for this long, either way. Envoy's stream idle. */
  readonly streamIdleMs: number;
  /** 16 KiB of a request's body of declared length, or the rest of it. A phone on a bad line is ten times as fast. */
  readonly bodyMs: number;
  /**
   * Nothing moves for this long on an answer whose HTTP/1.1 client has closed its half: it has gone, or has no more to ask (RFC
   * 9112 9.6), which look the same until we write. nginx and Envoy do not wait at all.
   */
  readonly halfClosedMs: number;
  /** A whole request, where the route does not say: off, as in Istio. */
  readonly requestMs: number;
  readonly connectMs: number;
  /** From accepting a connection whose server name is to be read to the end of its ClientHello. Clients send it at once. */
  readonly helloMs: number;
  /** A TCP tunnel or upgraded connection on which nothing moves. Envoy's and Istio's hour. */
  readonly tunnelIdleMs: number;
}

export interface PoolSettings {
  /** Open connections to one endpoint per worker; more requests wait. Tunnels are not counted: each is a client's connection, too. */
  readonly connectionsPerEndpoint: number;
  /** Requests that wait for a connection to one endpoint per worker (503 UO above it). */
  readonly pendingPerEndpoint: number;
  /** Mirrored copies that wait for a connection, of a worker, to all endpoints together; more are dropped. */
  readonly waitingMirrors: number;
  /** ... and the bytes that they hold, heads and bodies: room for a hundred of the largest. */
  readonly waitingMirrorBytes: number;
  /** Idle connections kept for one endpoint per worker: as many as there may be, as bursts need them again at once. */
  readonly idlePerEndpoint: number;
  /** An idle upstream connection is closed after this; below the 5 s that many servers keep theirs. */
  readonly idleMs: number;
  /** Requests on one upstream connection before it is replaced; 0: no limit. */
  readonly requestsPerConnection: number;
}

/** What of HTTP/2 an operator may change; http/h2/http2-settings.ts has the bounds that nobody should need to. */
export interface Http2Tuning {
  /** Streams that a client may have open on a connection (RFC 9113 5.1.2; reference D07). Envoy's figure for edges. */
  readonly concurrentStreams: number;
  /** Body bytes that a peer may send ahead on one stream: as much as may be buffered for a slow receiver (D05). */
  readonly streamWindowBytes: number;
  /** ... on all streams of a client's connection together. Envoy's figure for edges. */
  readonly connectionWindowBytes: number;
  /** ... of an endpoint's connection: no slow client may hold up the others that share it, so windows of 128 streams. */
  readonly upstreamWindowBytes: number;
  /** Streams that we keep on one connection to an endpoint, where it allows more. */
  readonly upstreamStreams: number;
  /** A connection to an endpoint on which nothing is under way is ended after this: by GOAWAY, so no request is lost. */
  readonly upstreamIdleMs: number;
  /** A client's connection is asked to go after about this, so that clients spread over waypoints (GOAWAY). */
  readonly maxAgeMs: number;
  /** After GOAWAY, the streams under way have this long. */
  readonly goawayGraceMs: number;
}

export interface ForwardingSettings {
  /** Peers (CIDR) whose X-Forwarded-* are believed and appended to. Private ranges are not trusted by default. */
  readonly trustedHops: readonly string[];
}

export const defaultSettings: WaypointSettings = {
  accessLog: true,
  logLevel: "info",
  allowLoopback: false,
  forbiddenAddresses: [],
  forbiddenHosts: [],
  limits: {
    headerBytes: 64 * 1024,
    headerCount: 100,
    targetBytes: 8 * 1024,
    chunkExtensionBytes: 16 * 1024,
    trailerBytes: 16 * 1024,
    bufferBytes: 64 * 1024,
    replayBytes: 64 * 1024,
    unfinishedHeadBytes: 32 * 1024 * 1024,
    connections: 65_536,
    connectionsPerSource: 16_384,
  },
  timeouts: {
    headerMs: 10_000,
    idleMs: 75_000,
    streamIdleMs: 300_000,
    bodyMs: 60_000,
    halfClosedMs: 2_000,
    requestMs: 0,
    connectMs: 5_000,
    helloMs: 5_000,
    tunnelIdleMs: 3_600_000,
  },
  pool: {
    connectionsPerEndpoint: 1024,
    pendingPerEndpoint: 1024,
    waitingMirrors: 1024,
    waitingMirrorBytes: 8 * 1024 * 1024,
    idlePerEndpoint: 1024,
    idleMs: 4_000,
    requestsPerConnection: 0,
  },
  http2: {
    concurrentStreams: 100,
    streamWindowBytes: 64 * 1024,
    connectionWindowBytes: 1024 * 1024,
    upstreamWindowBytes: 8 * 1024 * 1024,
    upstreamStreams: 128,
    upstreamIdleMs: 60_000,
    maxAgeMs: 15 * 60_000,
    goawayGraceMs: 5 * 60_000,
  },
  overload: { sparePercent: 85, shedPercent: 90, refusePercent: 95 },
  forwarding: { trustedHops: [] },
};
