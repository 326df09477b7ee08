/** Istio's TCP metrics, as series bound once per source and destination. */
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type { Counter, MetricsRegistry } from "@waystone/base/metrics";
import type { Backend, ServedPort } from "../store/snapshot.ts";
import { destinationLabels, sourceLabels } from "./request-metrics.ts";

export interface TcpSeries {
  readonly opened: Counter;
  readonly closed: Counter;
  readonly received: Counter;
  readonly sent: Counter;
}

export function bindTcpSeries(
  registry: MetricsRegistry,
  source: WorkloadLabelsResource | undefined,
  service: Backend | ServedPort,
  destination: WorkloadLabelsResource | undefined,
  flag: string,
): TcpSeries {
  const labels = {
    reporter: "waypoint",
    ...sourceLabels(source),
    ...destinationLabels(service, destination),
    request_protocol: "tcp",
    response_flags: flag,
    connection_security_policy: "none",
  };
  return {
    opened: registry.counter("istio_tcp_connections_opened_total", "TCP connections opened.", labels),
    closed: registry.counter("istio_tcp_connections_closed_total", "TCP connections closed.", labels),
    received: registry.counter("istio_tcp_received_bytes_total", "Bytes from the client.", labels),
    sent: registry.counter("istio_tcp_sent_bytes_total", "Bytes to the client.", labels),
  };
}
