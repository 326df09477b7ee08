/** Keeps a waypoint connected to its controller over gRPC: one stream at a time, opened again whenever it ends. */
import { Backoff } from "@waystone/base/backoff";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { DeltaClient } from "../client/delta-client.ts";
import { defaultKeepalive, type Keepalive } from "./channel-settings.ts";
import { formatHostPort, parseLoopbackAddress } from "./loopback-address.ts";
import { openCall } from "./open-call.ts";

export interface ConnectDeltaOptions {
  readonly client: DeltaClient;
  /** The controller's push address, "127.0.0.1:15010". Throws at once where it is none. */
  readonly address: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly backoff?: { readonly minMs: number; readonly maxMs: number };
  readonly keepalive?: Keepalive;
}

/** ztunnel's figures: a restarted controller is found at once, a dead one costs next to nothing. */
const backoffBounds = { minMs: 10, maxMs: 15_000 };

export interface ConnectedDelta {
  close(): void;
}

export function connectDelta(options: ConnectDeltaOptions): ConnectedDelta {
  const { client, clock, rng, logger, keepalive = defaultKeepalive } = options;
  const address = formatHostPort(parseLoopbackAddress(options.address));
  const backoff = new Backoff({ ...(options.backoff ?? backoffBounds), jitter: "decorrelated", rng });
  let retry: Timer | undefined;
  let closeCall = (): void => {};
  let isClosed = false;
  let isConnected = false;

  const answered = (): void => {
    backoff.reset();
    if (!isConnected) logger.info({ address }, "connected to the controller");
    isConnected = true;
  };
  const ended = (reason: string): void => {
    isConnected = false;
    if (isClosed) return;
    // Once per outage in the log: the rest is the same line again.
    const level = backoff.failures === 0 ? "warn" : "debug";
    const retryMs = backoff.nextMs();
    logger[level](
      { address, reason, retryMs },
      "no controller; the configuration that is in use stays in use",
    );
    retry = clock.after(retryMs, open);
  };
  const open = (): void => {
    closeCall = openCall({ client, address, keepalive, answered, ended });
  };
  open();
  return {
    close() {
      isClosed = true;
      retry?.cancel();
      closeCall();
    },
  };
}
