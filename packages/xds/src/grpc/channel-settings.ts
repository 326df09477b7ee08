/** What both ends of the gRPC channel set: message limits, keepalive, and nothing that listens or resolves on its own. */
import type { ChannelOptions } from "@grpc/grpc-js";

/** How a peer that is gone without a word is noticed: no answer to a ping `afterMs` + `timeoutMs` after it fell silent. */
export interface Keepalive {
  readonly afterMs: number;
  readonly timeoutMs: number;
}

export const defaultKeepalive: Keepalive = { afterMs: 10_000, timeoutMs: 5_000 };

/** A request lists the versions of all that is held: 60 bytes each. */
const requestLimitBytes = 32 * 1024 * 1024;
/** A response is at most 2 MiB, or one resource: etcd stores no object above 1.5 MiB. */
const responseLimitBytes = 8 * 1024 * 1024;

function buildShared({ afterMs, timeoutMs }: Keepalive): ChannelOptions {
  return {
    "grpc.keepalive_time_ms": afterMs,
    "grpc.keepalive_timeout_ms": timeoutMs,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.enable_channelz": 0,
  };
}

export function buildServerOptions(keepalive: Keepalive): ChannelOptions {
  return {
    ...buildShared(keepalive),
    "grpc.max_receive_message_length": requestLimitBytes,
    "grpc.max_send_message_length": -1,
    // One stream per waypoint process; a few more while it reconnects.
    "grpc.max_concurrent_streams": 16,
  };
}

export function buildClientOptions(keepalive: Keepalive): ChannelOptions {
  return {
    ...buildShared(keepalive),
    "grpc.max_receive_message_length": responseLimitBytes,
    "grpc.max_send_message_length": -1,
    // A push arrives whole in one window instead of 64 KiB at a time.
    "grpc-node.flow_control_window": 4 * 1024 * 1024,
    // Reconnecting is ours (reconnect.ts), and so is which address is dialled.
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_retries": 0,
    "grpc.enable_http_proxy": 0,
    "grpc.service_config_disable_resolution": 1,
  };
}
