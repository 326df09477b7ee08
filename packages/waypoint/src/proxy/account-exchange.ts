/** What is counted and logged of an exchange: once, when it is over, and of a gRPC call its messages as they pass. */
import { grpcStatusOfReset } from "../http/h2/passed-reset.ts";
import { notGrpc, type StatusSeries } from "../telemetry/request-metrics.ts";
import { localSeries } from "./connection-context.ts";
import type { Exchange } from "./exchange.ts";
import type { GrpcCall } from "./grpc-call.ts";
import { type Ending, logEntry } from "./log-entry.ts";
import { type ProxyErrorKind, proxyError } from "./proxy-error.ts";

/** By the end of an endpoint's answer. Written out, member by member: spreading it takes as long as all of the accounting does. */
export function endedWell({ status, grpc }: Exchange): Ending {
  const grpcStatus = grpc?.status ?? 0;
  return { status, flag: "-", reason: "Upstream", details: "via_upstream", grpcStatus };
}

/** By `kind`, which nobody hears of: the client has gone, or has a part of an answer. */
export function endedBy(exchange: Exchange, kind: ProxyErrorKind, resetCode: number): Ending {
  const error = proxyError(kind);
  const status = exchange.responseStarted ? exchange.status : error.status;
  const grpcStatus = grpcStatusOfReset(resetCode) ?? error.grpcStatus;
  return { ...error, status, grpcStatus, details: kind };
}

export function accountFor(exchange: Exchange, ending: Ending): void {
  const { proxy } = exchange.context;
  const durationMs = proxy.clock.now() - exchange.startedAt;
  const series = seriesOf(exchange);
  const { grpc, bytesReceived, bytesSent } = exchange;
  const grpcStatus = grpc === undefined ? notGrpc : ending.grpcStatus;
  series.record(ending.status, ending.flag, durationMs, bytesReceived, bytesSent, grpcStatus);
  grpc?.countIn(series);
  if (proxy.log !== undefined) proxy.log(logEntry(exchange, ending, durationMs));
}

/** Since a stream may last for days: for the endpoint that they go to and come from. */
export function countMessages(exchange: Exchange, grpc: GrpcCall): void {
  if (!grpc.hasUncounted) return;
  if (grpc.countedFor !== exchange.attempt) {
    grpc.countedFor = exchange.attempt;
    grpc.series = seriesOf(exchange);
  }
  if (grpc.series !== undefined) grpc.countIn(grpc.series);
}

/** Of the endpoint that was tried last; of the port, where none was. */
function seriesOf(exchange: Exchange): StatusSeries {
  const { endpoint, backend, port, context } = exchange;
  if (endpoint === undefined || backend === undefined || exchange.attempt === undefined) {
    return localSeries(context, port ?? context.acceptedPort);
  }
  const known = exchange.attempt.pool.series;
  const key = context.sourceKey();
  let series = known.get(key);
  if (series === undefined) {
    series = context.proxy.metrics.series(exchange.source, backend, endpoint.labels);
    known.set(key, series);
  }
  return series;
}
