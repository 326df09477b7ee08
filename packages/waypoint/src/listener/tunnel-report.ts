/** What a TCP connection leaves behind: its log line and its counts. */
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type { MetricsRegistry } from "@waystone/base/metrics";
import type { ConnectionContext } from "../proxy/connection-context.ts";
import { proxyError } from "../proxy/proxy-error.ts";
import type { Endpoint, ServedPort } from "../store/snapshot.ts";
import { bindTcpSeries } from "../telemetry/tcp-metrics.ts";
import { flagOf, type TunnelReport } from "./tcp-tunnel.ts";

export function countOpened(
  metrics: MetricsRegistry,
  source: WorkloadLabelsResource | undefined,
  port: ServedPort,
  endpoint: Endpoint,
): void {
  bindTcpSeries(metrics, source, port, endpoint.labels, "-").opened.add(1);
}

export function logTunnel(
  context: ConnectionContext,
  metrics: MetricsRegistry,
  port: ServedPort,
  peer: string,
  source: WorkloadLabelsResource | undefined,
  report: TunnelReport,
): void {
  const flag = flagOf(report);
  const series = bindTcpSeries(metrics, source, port, report.endpoint?.labels, flag);
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
    upstreamCluster: port.backend.key,
    downstreamLocal: context.listenKey,
    downstreamRemote: peer,
    routeName: "",
    source,
    grpcStatus: -1,
    attempts: report.attempts,
    upstreamFailure: report.detail,
  });
}
