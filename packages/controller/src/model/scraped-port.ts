/**
 * Ports through which Prometheus scrapes a Service's pods one by one (prometheus-operator's ServiceMonitor): it finds them by
 * the Service's endpoints, which after capture are the waypoint's.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import type { ServiceMonitor } from "@waystone/api/kubernetes/monitoring";
import { matchLabelSelector } from "./label-selector.ts";

export interface ScrapedPort {
  readonly port: number;
  /** "<namespace>/<name>" of the ServiceMonitor. */
  readonly monitor: string;
}

export function findScrapedPorts(
  service: Service,
  monitors: readonly ServiceMonitor[],
): readonly ScrapedPort[] {
  const found = new Map<number, string>();
  for (const monitor of monitors.filter((each) => selects(each, service))) {
    const name = `${monitor.metadata.namespace ?? ""}/${monitor.metadata.name}`;
    for (const { port } of (service.spec?.ports ?? []).filter((each) => scrapes(monitor, each))) {
      const first = found.get(port);
      if (first === undefined || name < first) found.set(port, name);
    }
  }
  return [...found].map(([port, monitor]) => ({ port, monitor }));
}

function selects({ metadata, spec }: ServiceMonitor, service: Service): boolean {
  const { any, matchNames } = spec.namespaceSelector ?? {};
  const namespace = service.metadata.namespace ?? "";
  const names = matchNames ?? [];
  const isThere =
    any === true || (names.length > 0 ? names.includes(namespace) : metadata.namespace === namespace);
  return isThere && matchLabelSelector(spec.selector, service.metadata.labels ?? {});
}

/** `port` is the Service port's name, `targetPort` the pod's port; neither means every port. */
function scrapes({ spec }: ServiceMonitor, port: ServicePort): boolean {
  return (spec.endpoints ?? []).some((endpoint) => {
    if (endpoint.port !== undefined) return endpoint.port === port.name;
    return endpoint.targetPort === undefined || endpoint.targetPort === (port.targetPort ?? port.port);
  });
}
