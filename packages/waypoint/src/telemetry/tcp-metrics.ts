/** Istio's TCP metrics, as series bound once per source and destination. */
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import type { Counter, MetricsRegistry } from "@waystone/base/metrics";
import type { Backend, Endpoint, ServedPort } from "../store/snapshot.ts";
import { destinationLabels, sourceLabels } from "./request-metrics.ts";

export interface TcpSeries {
  readonly opened: Counter;
  readonly closed: Counter;
  readonly received: Counter;
  readonly sent: Counter;
}

/** Who connects: its labels, and a text that is the same for the same labels. */
interface Source {
  readonly labels: WorkloadLabelsResource | undefined;
  readonly key: string;
}

/** One per worker. Looking four series up by their labels costs more than passing on a short connection does. */
export class TcpMetrics {
  readonly #registry: MetricsRegistry;
  /** By endpoint, or the Service port of connections that none took; then by flag and source. */
  readonly #bound = new WeakMap<Endpoint | Service, Map<string, TcpSeries>>();

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
  }

  series(source: Source, service: Service, endpoint: Endpoint | undefined, flag: string): TcpSeries {
    const holder = endpoint ?? service;
    let known = this.#bound.get(holder);
    if (known === undefined) this.#bound.set(holder, (known = new Map()));
    const key = `${flag} ${source.key}`;
    let series = known.get(key);
    if (series === undefined) {
      series = bindTcpSeries(this.#registry, source.labels, service, endpoint?.labels, flag);
      known.set(key, series);
    }
    return series;
  }
}

type Service = Backend | ServedPort;

function bindTcpSeries(
  registry: MetricsRegistry,
  source: WorkloadLabelsResource | undefined,
  service: Service,
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
