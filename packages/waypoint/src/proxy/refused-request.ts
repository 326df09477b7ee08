/** The log line and the count of a request that the codec refused before it could become an exchange. */
import type { RequestHead } from "../http/message.ts";
import type { DownstreamStream } from "../http/stream.ts";

import { type ConnectionContext, labelsOf, localSeries } from "./connection-context.ts";
import { type ProxyErrorKind, proxyError } from "./proxy-error.ts";

export function logRefusal(
  context: ConnectionContext,
  peer: Pick<DownstreamStream, "peerAddress" | "peerPort">,
  kind: ProxyErrorKind,
  problem: string,
  head: RequestHead,
): void {
  const { proxy } = context;
  const error = proxyError(kind);
  const port = proxy.current().listeners.get(context.listenKey) ?? context.acceptedPort;
  const bytesSent = head.method === "HEAD" ? 0 : error.text.length + 1;
  localSeries(context, port).record(error.status, error.flag, 0, 0, bytesSent);
  proxy.log?.({
    startTimeMs: proxy.clock.wallMs(),
    durationMs: 0,
    method: head.method,
    path: head.target,
    protocol: head.version,
    responseCode: error.status,
    responseFlags: error.flag,
    responseCodeDetails: `${kind}: ${problem}`,
    reason: error.reason,
    bytesReceived: 0,
    bytesSent,
    upstreamServiceTimeMs: -1,
    forwardedFor: "",
    userAgent: "",
    requestId: "",
    authority: head.authority,
    upstreamHost: "",
    upstreamCluster: "",
    downstreamLocal: context.listenKey,
    downstreamRemote: `${peer.peerAddress}:${peer.peerPort}`,
    routeName: "",
    serverName: "",
    source: labelsOf(context.identity()),
    grpcStatus: -1,
    attempts: 0,
    policies: [],
    policyRule: "",
    shadowDeniedBy: [],
    authorizerOutcome: "",
    authorizerMs: -1,
    upstreamFailure: "",
    requestPrincipal: "",
  });
}
