/** A connection to a controller that is ready for a stream: dialled, secured, and with the token to show. */
import { connect, type Socket } from "node:net";
import type { Clock } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import { dialController } from "./dial-controller.ts";
import { formatHostPort, type HostPort } from "./push-address.ts";
import { readCredentials } from "./read-credentials.ts";
import type { ResolveAddresses } from "./resolve-addresses.ts";

export interface ChannelFiles {
  readonly caFile: string;
  readonly tokenFile: string;
  readonly serverName: string;
}

export interface ChannelOptions {
  readonly target: HostPort;
  /** Undefined: plaintext, which the caller has made sure is on loopback. */
  readonly files: ChannelFiles | undefined;
  readonly resolve: ResolveAddresses;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly signal: AbortSignal;
}

export interface Channel {
  readonly socket: Socket;
  readonly token: string | undefined;
}

/** Throws with a text for people. */
export async function openChannel({ files, ...options }: ChannelOptions): Promise<Channel> {
  if (files === undefined) return { socket: await dialPlain(options.target), token: undefined };
  const { token, ca } = await readCredentials(files);
  const { caFile, serverName } = files;
  return { socket: await dialController({ ...options, ca, caFile, serverName }), token };
}

function dialPlain(target: HostPort): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ ...target, noDelay: true }, () => resolve(socket));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    const cause = error.code === "ECONNREFUSED" ? "nothing listens there" : error.message;
    reject(new Error(`${formatHostPort(target)}: ${cause}`));
  });
  return promise;
}
