/** What a TCP connection leaves behind: its log line and its counts. */
import { type ConnectionContext, labelsOf } from "../proxy/connection-context.ts";
import { proxyError } from "../proxy/proxy-error.ts";
import type { Backend, Endpoint } from "../store/snapshot.ts";
import type { TcpMetrics } from "../telemetry/tcp-metrics.ts";
import { flagOf, type TunnelReport } from "./tcp-tunnel.ts";

export function countOpened(
  context: ConnectionContext,
  metrics: TcpMetrics,
  backend: Backend,
  endpoint: Endpoint,
): void {
  metrics.series(sourceOf(context), backend, endpoint, "-").opened.add(1);
}

function sourceOf(context: ConnectionContext): Parameters<TcpMetrics["series"]>[0] {
  return { labels: labelsOf(context.identity()), key: context.sourceKey() };
}

/** What was decided about the connection, for its line. */
export interface TunnelRoute {
  /** "" where none was asked for, or nobody looked. */
  readonly serverName: string;
  /** "<namespace>/<route>/<rule>"; "" where no route decided. */
  readonly rule: string;
}

export function logTunnel(
  context: ConnectionContext,
  metrics: TcpMetrics,
  peer: string,
  route: TunnelRoute,
  report: TunnelReport,
): void {
  const source = sourceOf(context);
  const flag = flagOf(report);
  const destination = report.backend ?? context.acceptedPort;
  const series = metrics.series(source, destination, report.endpoint, flag);
  // One that no endpoint took counts as well, with the reason in its flag.
  if (!report.opened) series.opened.add(1);
  series.closed.add(1);
  series.received.add(report.bytesReceived);
  series.sent.add(report.bytesSent);
  const { proxy } = context;
  const durationMs = proxy.clock.now() - report.startedAt;
  proxy.log?.({
    startTimeMs: proxy.clock.wallMs() - durationMs,
    durationMs,
    method: "",
    path: "",
    protocol: "TCP",
    responseCode: 0,
    responseFlags: flag,
    responseCodeDetails: report.error ?? "",
    reason: report.error === undefined ? "Upstream" : proxyError(report.error).reason,
    bytesReceived: report.bytesReceived,
    bytesSent: report.bytesSent,
    upstreamServiceTimeMs: -1,
    forwardedFor: "",
    userAgent: "",
    requestId: "",
    authority: "",
    upstreamHost: report.endpoint?.key ?? "",
    upstreamCluster: report.backend?.key ?? "",
    downstreamLocal: context.listenKey,
    downstreamRemote: peer,
    routeName: route.rule,
    serverName: route.serverName,
    source: source.labels,
    grpcStatus: -1,
    attempts: report.attempts,
    policies: [],
    policyRule: "",
    shadowDeniedBy: [],
    authorizerOutcome: "",
    authorizerMs: -1,
    upstreamFailure: report.detail,
    requestPrincipal: "",
  });
}
