/**
 * Opens the socket to an endpoint: plain, or TLS where a BackendTLSPolicy says so. Nobody may write to it, nor take it for a
 * connection, before `onOpen`: with TLS that is after the certificate was checked, so that an impostor gets no byte of a
 * request.
 */
import type { Socket } from "node:net";
import type { SocketReader } from "../listener/socket-reader.ts";
import type { Endpoint } from "../store/snapshot.ts";
import type { ConnectFailure } from "./connect-failure.ts";
import { dialPlain } from "./dial-plain.ts";
import { dialTls } from "./dial-tls.ts";
import type { UpstreamContext } from "./upstream-context.ts";

export interface Dialled {
  readonly socket: Socket;
  /** What one read brings is told in pieces (TLS records), one after another in the same turn. */
  readonly tellsInPieces: boolean;
  /** Set by who dials (whenOpen), in the turn of the call; told once, and not at all where `failure` is what came of it. */
  onOpen: () => void;
  /** From the socket's "end" on: its peer said so, and no one else can have. A FIN is all that plain TCP has to say. */
  readonly endedProperly: () => boolean;
  /** Of a socket that has closed before it was open. */
  failure: ConnectFailure | undefined;
}

/** Instead of assigning a literal, which V8 would keep until a whole collection, with the connection (listener/let-go.ts). */
export function whenOpen(dialled: Dialled, tell: () => void): void {
  dialled.onOpen = tell;
}

/** What the codec above speaks, as ALPN names it (RFC 7301); "": bytes that are not looked at. */
export type DialProtocol = "h2" | "http/1.1" | "";

export function dialEndpoint(
  endpoint: Endpoint,
  protocol: DialProtocol,
  reader: SocketReader,
  { clock, dials }: Pick<UpstreamContext, "clock" | "dials">,
): Dialled {
  const { tls, address, port } = endpoint;
  return tls === undefined
    ? dialPlain(address, port, reader, dials)
    : dialTls(endpoint, tls, { protocol, reader, clock });
}
