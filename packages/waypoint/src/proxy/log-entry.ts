/** What the access log says of an exchange, gathered once, when it is over. */
import { hideParameters } from "@waystone/engine/authentication/credential-places";
import { Known } from "../http/known-headers.ts";
import type { ConnectionContext } from "./connection-context.ts";
import type { Exchange } from "./exchange.ts";
import { hiddenParameters } from "./hidden-parameters.ts";

/** How an exchange ended. */
export interface Ending {
  readonly status: number;
  readonly flag: string;
  readonly reason: string;
  readonly details: string;
  /** For gRPC calls. */
  readonly grpcStatus: number;
}

type LogEntry = Parameters<NonNullable<ConnectionContext["proxy"]["log"]>>[0];

const none: readonly string[] = [];

export function logEntry(exchange: Exchange, ending: Ending, durationMs: number): LogEntry {
  const { stream, endpoint, context } = exchange;
  const { head } = exchange.received ?? exchange;
  return {
    startTimeMs: context.proxy.clock.wallMs() - durationMs,
    durationMs,
    method: exchange.method,
    path: pathToShow(exchange),
    protocol: head.version,
    responseCode: ending.status,
    responseFlags: ending.flag,
    responseCodeDetails: ending.details,
    reason: ending.reason,
    bytesReceived: exchange.bytesReceived,
    bytesSent: exchange.bytesSent,
    upstreamServiceTimeMs: exchange.upstreamServiceMs,
    forwardedFor: head.headers.firstKnown(Known["x-forwarded-for"]),
    userAgent: head.headers.firstKnown(Known["user-agent"]),
    requestId: exchange.requestId,
    authority: head.authority,
    upstreamHost: endpoint?.key ?? "",
    upstreamCluster: exchange.backend?.key ?? "",
    downstreamLocal: context.listenKey,
    downstreamRemote: `${stream.peerAddress}:${stream.peerPort}`,
    routeName: exchange.rule?.rule.label ?? "",
    serverName: "",
    source: exchange.source,
    grpcStatus: exchange.grpc === undefined ? -1 : ending.grpcStatus,
    attempts: exchange.attempts,
    policies: exchange.decision?.policies ?? none,
    policyRule: exchange.decision?.rule ?? "",
    shadowDeniedBy: exchange.shadowDenials?.flatMap(({ policies }) => policies) ?? none,
    authorizerOutcome: exchange.authorizerOutcome,
    authorizerMs: exchange.authorizerMs,
    upstreamFailure: exchange.upstreamFailure,
    requestPrincipal: exchange.principal,
  };
}

/** By the policies that it was judged by, and by those that it did not come to. */
function pathToShow({ head, hidden, context }: Exchange): string {
  if (!head.target.includes("?")) return head.target;
  return hideParameters(head.target, [...hidden, ...hiddenParameters(context.proxy.current().policies)]);
}
