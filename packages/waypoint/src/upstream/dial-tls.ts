/**
 * TLS to an endpoint (node:tls under the same codecs). The handshake is whole only when the chain leads to a certificate that
 * the policy trusts, the leaf is for the name that the policy says, and the peer speaks the protocol that the codec above
 * needs (RFC 9113 3.2 wants ALPN "h2"; a server that answers no ALPN speaks HTTP/1.1, RFC 9112). A resumed session was
 * checked when it began, by the same policy: sessions are kept per endpoint and policy (tls-sessions.ts).
 */
import type { OnReadOpts } from "node:net";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { Clock } from "@waystone/base/clock";
import { containFaults } from "../listener/contain-faults.ts";
import type { SocketReader } from "../listener/socket-reader.ts";
import type { BackendTls } from "../store/backend-tls.ts";
import type { Endpoint } from "../store/snapshot.ts";
import type { ConnectFailure } from "./connect-failure.ts";
import type { Dialled, DialProtocol } from "./dial.ts";
import { describeTlsFailure } from "./describe-tls-failure.ts";
import { watchTlsEnd } from "./tls-end.ts";
import { TlsSessions } from "./tls-sessions.ts";
import { findCertificateProblem } from "./find-certificate-problem.ts";

interface TlsDial {
  readonly protocol: DialProtocol;
  readonly reader: SocketReader;
  readonly clock: Clock;
}

/** Node takes these two here as net.connect does; its types do not say so. */
type TlsOptions = ConnectionOptions & { readonly onread: OnReadOpts; readonly allowHalfOpen: boolean };

export function dialTls(
  endpoint: Endpoint,
  policy: BackendTls,
  { protocol, reader, clock }: TlsDial,
): Dialled {
  endpoint.sessions ??= new TlsSessions();
  const { address, port, sessions } = endpoint;
  const session = sessions.take(clock.now());
  let isReached = false;
  const options: TlsOptions = {
    host: address,
    port,
    allowHalfOpen: true,
    onread: reader.onread(),
    secureContext: policy.context,
    servername: policy.hostname,
    // Explicit: NODE_TLS_REJECT_UNAUTHORIZED must not be able to switch it off.
    rejectUnauthorized: true,
    checkServerIdentity: () => identityError(socket, policy),
    ...(protocol === "" ? {} : { ALPNProtocols: [protocol] }),
    ...(session === undefined ? {} : { session }),
  };
  const socket: TLSSocket = connect(options);
  socket.setNoDelay(true);
  reader.restless = socket;
  containFaults(socket, reader);
  const dialled: Dialled = {
    socket,
    tellsInPieces: true,
    onOpen: () => {},
    endedProperly: watchTlsEnd(socket),
    failure: undefined,
  };
  const fail = (failure: ConnectFailure): void => {
    dialled.failure ??= failure;
    sessions.clear();
  };
  socket.once("connect", () => {
    isReached = true;
  });
  const onError = (error: NodeJS.ErrnoException): void => {
    const isTls = isReached && error.code !== undefined;
    fail(
      isTls
        ? { kind: "backend-tls", detail: describeTlsFailure(error) }
        : { kind: "connect-failed", detail: error.code ?? "unknown" },
    );
  };
  socket.once("error", onError);
  socket.once("secureConnect", () => {
    const problem = protocolProblem(socket, protocol);
    if (problem === "") {
      socket.off("error", onError);
      dialled.onOpen();
    } else {
      fail({ kind: "backend-tls", detail: problem });
      socket.destroy();
    }
  });
  socket.on("session", (ticket: Buffer) => {
    if (dialled.failure === undefined) sessions.keep(ticket, socket.getProtocol() === "TLSv1.3", clock.now());
  });
  return dialled;
}

function identityError(socket: TLSSocket, policy: BackendTls): Error | undefined {
  const certificate = socket.getPeerX509Certificate();
  const problem =
    certificate === undefined ? "it shows no certificate" : findCertificateProblem(certificate, policy);
  return problem === "" ? undefined : Object.assign(new Error(problem), { code: "WAYSTONE_WRONG_NAME" });
}

function protocolProblem({ alpnProtocol }: TLSSocket, protocol: DialProtocol): string {
  if (alpnProtocol === protocol || protocol === "") return "";
  if (typeof alpnProtocol === "string" && alpnProtocol !== "")
    return `it chose ${JSON.stringify(alpnProtocol)} by ALPN, not ${protocol}`;
  return protocol === "h2" ? "it does not choose h2 by ALPN: no HTTP/2 over TLS there" : "";
}
