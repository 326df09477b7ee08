/** Keeps a waypoint connected to its controller over gRPC: one stream at a time, opened again whenever it ends. */
import { errorMessage } from "@waystone/base/error-message";
import { status } from "@grpc/grpc-js";
import { Backoff } from "@waystone/base/backoff";
import type { Clock, Timer } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { Rng } from "@waystone/base/rng";
import type { DeltaClient } from "../client/delta-client.ts";
import { defaultKeepalive, type Keepalive } from "./channel-settings.ts";
import { DialError } from "./dial-controller.ts";
import { type ChannelFiles, openChannel } from "./open-channel.ts";
import { type CallEnd, openCall } from "./open-call.ts";
import { formatHostPort, parseLoopbackAddress, parsePushAddress } from "./push-address.ts";
import { type ResolveAddresses, resolveBySystem } from "./resolve-addresses.ts";

export interface ConnectDeltaOptions {
  readonly client: DeltaClient;
  /** The controller's push address, "waystone-push.waystone-system.svc:15010". Throws at once where it is none. */
  readonly address: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  /** With `tokenFile`, or neither: then the channel is plaintext, and on loopback. */
  readonly tls?: {
    /** PEM. Read again at every attempt: the kubelet renews it. */
    readonly caFile: string;
    /** The name in the controller's certificate; the address's host unless given. */
    readonly serverName?: string;
  };
  /** Sent over TLS alone. Read again at every attempt. */
  readonly tokenFile?: string;
  readonly backoff?: { readonly minMs: number; readonly maxMs: number };
  readonly keepalive?: Keepalive;
  /** The machine's resolver unless given. */
  readonly resolve?: ResolveAddresses;
}

/** ztunnel's figures: a restarted controller is found at once, a dead one costs next to nothing. */
const backoffBounds = { minMs: 10, maxMs: 15_000 };
/** While all addresses refuse: a new leader is found within a second, and until then it costs a packet. */
const refusedMaxMs = 1_000;

const deniedMinMs = 1_000;

export interface ConnectedDelta {
  close(): void;
}

export function connectDelta(options: ConnectDeltaOptions): ConnectedDelta {
  const { client, clock, rng, logger, keepalive = defaultKeepalive, resolve = resolveBySystem } = options;
  const files = channelFiles(options);
  const target =
    files === undefined ? parseLoopbackAddress(options.address) : parsePushAddress(options.address);
  const address = formatHostPort(target);
  const backoff = new Backoff({ ...(options.backoff ?? backoffBounds), jitter: "decorrelated", rng });
  const closing = new AbortController();
  let retry: Timer | undefined;
  let closeCall = (): void => {};
  let isConnected = false;
  let isOutageKnown = false;

  const answered = (): void => {
    backoff.reset();
    if (!isConnected) logger.info({ address }, "connected to the controller");
    isConnected = true;
    isOutageKnown = false;
  };
  const ended = ({ reason, code }: CallEnd, atMostMs = Infinity): void => {
    const wasConnected = isConnected;
    isConnected = false;
    if (closing.signal.aborted) return;
    // Who is not let in is not let in a moment later either, and each refusal is a line in the controller's log.
    const atLeastMs = !wasConnected && isDenial(code) ? deniedMinMs : 0;
    const retryMs = Math.max(atLeastMs, Math.min(backoff.nextMs(), atMostMs));
    retry = clock.after(retryMs, open);
    const fields = { address, reason, retryMs };
    // Every hour or so: a fresh token is in the file already, and versions say what is held.
    if (wasConnected && code === status.UNAUTHENTICATED) {
      logger.info(fields, "the controller asks for a fresh token; connecting again");
      return;
    }
    // Once per outage in the log: the rest is the same line again.
    logger[isOutageKnown ? "debug" : "warn"](
      fields,
      "no controller; the configuration that is in use stays in use",
    );
    isOutageKnown = true;
  };
  const open = (): void => {
    openChannel({ target, files, resolve, clock, rng, signal: closing.signal }).then(
      ({ socket, token }) => {
        if (closing.signal.aborted) return void socket.destroy();
        const scheme = files === undefined ? "http" : "https";
        closeCall = openCall({
          client,
          socket,
          scheme,
          authority: address,
          token,
          clock,
          keepalive,
          answered,
          ended,
        });
      },
      (error: unknown) => {
        const isRefusal = error instanceof DialError && error.isRefusal;
        const atMostMs = isRefusal ? refusedMaxMs * (0.5 + rng.next() / 2) : Infinity;
        ended({ reason: errorMessage(error), code: undefined }, atMostMs);
      },
    );
  };
  open();
  return {
    close() {
      closing.abort();
      retry?.cancel();
      closeCall();
    },
  };
}

function isDenial(code: CallEnd["code"]): boolean {
  return code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED;
}

function channelFiles({ address, tls, tokenFile }: ConnectDeltaOptions): ChannelFiles | undefined {
  if (tls === undefined && tokenFile === undefined) return undefined;
  if (tls === undefined) {
    throw new Error(
      `a token is sent over TLS alone: give the file with the CA of the controller at ${address}`,
    );
  }
  if (tokenFile === undefined)
    throw new Error(`the controller at ${address} asks for a token: give its file`);
  return { caFile: tls.caFile, serverName: tls.serverName ?? parsePushAddress(address).host, tokenFile };
}
