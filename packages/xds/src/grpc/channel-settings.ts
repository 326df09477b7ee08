/** What both ends of the gRPC channel set: message limits, keepalive. */
import type { ChannelOptions } from "@grpc/grpc-js";

/** How a peer that is gone without a word is noticed: no answer to a ping `afterMs` + `timeoutMs` after it fell silent. */
export interface Keepalive {
  readonly afterMs: number;
  readonly timeoutMs: number;
}

export const defaultKeepalive: Keepalive = { afterMs: 10_000, timeoutMs: 5_000 };

/** A request lists the versions of all that is held: 60 bytes each. */
const requestLimitBytes = 32 * 1024 * 1024;

export const clientLimits = {
  /** A response is at most 2 MiB, or one resource: etcd stores no object above 1.5 MiB. */
  responseBytes: 8 * 1024 * 1024,
  windowBytes: 4 * 1024 * 1024,
  /** Requests that list all that is held are written at once: see requestLimitBytes. */
  sessionMegabytes: 64,
} as const;

export function buildServerOptions({ afterMs, timeoutMs }: Keepalive): ChannelOptions {
  return {
    "grpc.keepalive_time_ms": afterMs,
    "grpc.keepalive_timeout_ms": timeoutMs,
    "grpc.enable_channelz": 0,
    "grpc.max_receive_message_length": requestLimitBytes,
    "grpc.max_send_message_length": -1,
    // One stream per waypoint process; a few more while it reconnects.
    "grpc.max_concurrent_streams": 16,
  };
}
