/** What each listening port of a Service gets: its route tables and its own endpoints. One object per port and change. */
import { type BackendSet, backendKey } from "./backend-set.ts";
import type { RouteAttachments } from "./route-attachments.ts";
import type { StoredPort, StoredService } from "./service-from-resource.ts";
import type { ServedPort } from "./snapshot.ts";

/** Adds the ServedPort of every port that is listened on to `listeners`, by each of its places. */
export function addServedPorts(
  listeners: Map<string, ServedPort>,
  service: StoredService,
  routes: RouteAttachments,
  backends: BackendSet,
): void {
  for (const port of service.ports) {
    if (port.listen.length === 0) continue;
    const served = servedPort(service, port, routes, backends);
    for (const place of port.listen) listeners.set(place.key, served);
  }
}

function servedPort(
  service: StoredService,
  port: StoredPort,
  routes: RouteAttachments,
  backends: BackendSet,
): ServedPort {
  const key = backendKey(service, port.port);
  const backend = backends.get(key);
  if (backend === undefined) throw new Error(`no backend is held for ${key}`);
  const isHttp = port.protocol === "http";
  return {
    key,
    serviceNamespace: service.namespace,
    serviceName: service.name,
    serviceHost: service.host,
    port: port.port,
    protocol: port.protocol,
    isReleasing: service.isReleasing,
    listen: port.listen,
    routes: isHttp ? routes.producer(service.key, port.port) : undefined,
    consumerRoutes: isHttp ? routes.consumer(service.key, port.port) : new Map(),
    backend,
  };
}
