/**
 * The request metrics that Istio's dashboards read (`reporter="waypoint"`), as series bound once per source, destination
 * and outcome: a finished request adds to numbers it finds by two map look-ups.
 */
import type { WorkloadLabelsResource } from "@waystone/api/resources";
import {
  type Counter,
  durationBucketsMs,
  type Histogram,
  type MetricsRegistry,
  sizeBucketsBytes,
} from "@waystone/base/metrics";
import type { Backend, ServedPort } from "../store/snapshot.ts";

/** One outcome of requests from one source to one destination. */
interface BoundSeries {
  readonly requests: Counter;
  readonly durationMs: Histogram;
  readonly requestBytes: Histogram;
  readonly responseBytes: Histogram;
}

/** Messages of gRPC calls: counted while the calls go on, so nothing of how they end is in their labels. */
export interface MessageSeries {
  readonly requests: Counter;
  readonly responses: Counter;
}

/** In place of a gRPC status. */
export const notGrpc = -1;

/** Makes the series of an outcome. */
interface SeriesBinder {
  plain(status: number, flag: string): BoundSeries;
  call(status: number, flag: string, grpcStatus: number): BoundSeries;
  messages(): MessageSeries;
}

/** All outcomes of requests from one source to one destination. */
export class StatusSeries {
  readonly #bind: SeriesBinder;
  readonly #byOutcome = new Map<string, BoundSeries>();
  readonly #calls = new Map<string, BoundSeries>();
  /** Of calls that came to their end with HTTP status 200, by gRPC status. */
  readonly #plainCalls: (BoundSeries | undefined)[] = [];
  /** The usual outcome without a flag, by status. */
  readonly #plain: (BoundSeries | undefined)[] = [];
  #messages: MessageSeries | undefined = undefined;

  constructor(bind: SeriesBinder) {
    this.#bind = bind;
  }

  get messages(): MessageSeries {
    return (this.#messages ??= this.#bind.messages());
  }

  /** `grpcStatus`: 0 to 16, or notGrpc. */
  record(
    status: number,
    flag: string,
    durationMs: number,
    requestBytes: number,
    responseBytes: number,
    grpcStatus: number = notGrpc,
  ): void {
    const series =
      grpcStatus === notGrpc ? this.#seriesOf(status, flag) : this.#callSeries(status, flag, grpcStatus);
    series.requests.value++;
    series.durationMs.record(durationMs);
    series.requestBytes.record(requestBytes);
    series.responseBytes.record(responseBytes);
  }

  #seriesOf(status: number, flag: string): BoundSeries {
    if (flag !== "-") return this.#flagged(status, flag);
    return (this.#plain[status - 100] ??= this.#bind.plain(status, flag));
  }

  #callSeries(status: number, flag: string, grpcStatus: number): BoundSeries {
    if (status === 200 && flag === "-") {
      return (this.#plainCalls[grpcStatus] ??= this.#bind.call(status, flag, grpcStatus));
    }
    const key = `${status} ${flag} ${grpcStatus}`;
    let series = this.#calls.get(key);
    if (series === undefined) {
      series = this.#bind.call(status, flag, grpcStatus);
      this.#calls.set(key, series);
    }
    return series;
  }

  #flagged(status: number, flag: string): BoundSeries {
    const key = `${status} ${flag}`;
    let series = this.#byOutcome.get(key);
    if (series === undefined) {
      series = this.#bind.plain(status, flag);
      this.#byOutcome.set(key, series);
    }
    return series;
  }
}

const ofMessages = { request_protocol: "grpc", connection_security_policy: "none" };

/** What a source is called in series maps: one string per distinct set of labels. */
export function sourceKey(labels: WorkloadLabelsResource | undefined): string {
  if (labels === undefined) return "";
  const { namespace, workload, serviceAccount, app, version, canonicalService, canonicalRevision } = labels;
  return [namespace, workload, serviceAccount, app, version, canonicalService, canonicalRevision].join("/");
}

export class RequestMetrics {
  /** Series of answers that no endpoint gave, by Service port and source (connection-context.ts). */
  readonly local = new Map<string, StatusSeries>();
  readonly #registry: MetricsRegistry;

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
  }

  /** For requests to `destination` from `source`; undefined labels are those of somebody unknown. */
  series(
    source: WorkloadLabelsResource | undefined,
    service: Pick<Backend | ServedPort, "serviceHost" | "serviceName" | "serviceNamespace">,
    destination: WorkloadLabelsResource | undefined,
  ): StatusSeries {
    const fixed = { ...sourceLabels(source), ...destinationLabels(service, destination) };
    const labelsFor = (status: number, flag: string, grpcStatus: string): Record<string, string> => ({
      reporter: "waypoint",
      ...fixed,
      request_protocol: grpcStatus === "" ? "http" : "grpc",
      response_code: String(status),
      response_flags: flag,
      grpc_response_status: grpcStatus,
      connection_security_policy: "none",
    });
    return new StatusSeries({
      plain: (status, flag) => this.#bind(labelsFor(status, flag, "")),
      call: (status, flag, grpcStatus) => this.#bind(labelsFor(status, flag, String(grpcStatus))),
      messages: () => this.#bindMessages({ reporter: "waypoint", ...fixed, ...ofMessages }),
    });
  }

  #bindMessages(labels: Readonly<Record<string, string>>): MessageSeries {
    const registry = this.#registry;
    return {
      requests: registry.counter(
        "istio_request_messages_total",
        "Messages that gRPC clients sent, as they come.",
        labels,
      ),
      responses: registry.counter(
        "istio_response_messages_total",
        "Messages that gRPC clients got, as they come.",
        labels,
      ),
    };
  }

  #bind(labels: Readonly<Record<string, string>>): BoundSeries {
    const registry = this.#registry;
    return {
      requests: registry.counter(
        "istio_requests_total",
        "Requests by source, destination and outcome.",
        labels,
      ),
      durationMs: registry.histogram(
        "istio_request_duration_milliseconds",
        "From a request's head to the end of its answer.",
        durationBucketsMs,
        labels,
      ),
      requestBytes: registry.histogram(
        "istio_request_bytes",
        "Sizes of request bodies.",
        sizeBucketsBytes,
        labels,
      ),
      responseBytes: registry.histogram(
        "istio_response_bytes",
        "Sizes of response bodies.",
        sizeBucketsBytes,
        labels,
      ),
    };
  }
}

export function sourceLabels(source: WorkloadLabelsResource | undefined): Record<string, string> {
  return {
    source_workload: source?.workload || "unknown",
    source_workload_namespace: source?.namespace || "unknown",
    source_principal: principal(source),
    source_app: source?.app || "unknown",
    source_version: source?.version || "unknown",
    source_canonical_service: source?.canonicalService || "unknown",
    source_canonical_revision: source?.canonicalRevision || "unknown",
    source_cluster: "unknown",
  };
}

export function destinationLabels(
  service: Pick<Backend | ServedPort, "serviceHost" | "serviceName" | "serviceNamespace">,
  destination: WorkloadLabelsResource | undefined,
): Record<string, string> {
  return {
    destination_workload: destination?.workload || "unknown",
    destination_workload_namespace: destination?.namespace || service.serviceNamespace,
    destination_principal: principal(destination),
    destination_app: destination?.app || "unknown",
    destination_version: destination?.version || "unknown",
    destination_service: service.serviceHost,
    destination_service_name: service.serviceName,
    destination_service_namespace: service.serviceNamespace,
    destination_canonical_service: destination?.canonicalService || "unknown",
    destination_canonical_revision: destination?.canonicalRevision || "unknown",
    destination_cluster: "unknown",
  };
}

/** By the network's word only: no certificate stands behind it (connection_security_policy is none). */
function principal(labels: WorkloadLabelsResource | undefined): string {
  if (!labels?.serviceAccount) return "unknown";
  return `spiffe://cluster.local/ns/${labels.namespace}/sa/${labels.serviceAccount}`;
}
