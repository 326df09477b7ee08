/** What each listening port of a Service gets: its route tables and its own endpoints. One object per port and change. */
import type { ConnectionTable } from "@waystone/engine/route/connection-table";
import type { RouteTable } from "@waystone/engine/route/route-table";
import { type BackendSet, backendKey } from "./backend-set.ts";
import type { RouteAttachments } from "./route-attachments.ts";
import type { StoredPort, StoredService } from "./service-from-resource.ts";
import type { PortPolicies, ServedPort } from "./snapshot.ts";

export interface AttachedRoutes {
  readonly requests: RouteAttachments<RouteTable>;
  readonly connections: RouteAttachments<ConnectionTable>;
}

/** Of every port of the Service that is listened on. */
export function servedPorts(
  service: StoredService,
  routes: AttachedRoutes,
  backends: BackendSet,
  policiesOf: (port: StoredPort) => PortPolicies | undefined,
): ServedPort[] {
  return service.ports
    .filter(({ listen }) => listen.length > 0)
    .map((port) => ({ ...servedPort(service, port, routes, backends), policies: policiesOf(port) }));
}

function servedPort(
  service: StoredService,
  port: StoredPort,
  { requests, connections }: AttachedRoutes,
  backends: BackendSet,
): Omit<ServedPort, "policies"> {
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
    isTls: port.isTls,
    isReleasing: service.isReleasing,
    listen: port.listen,
    routes: isHttp ? requests.producer(service.key, port.port) : undefined,
    consumerRoutes: isHttp ? requests.consumer(service.key, port.port) : new Map(),
    connectionRoutes: isHttp ? undefined : connections.producer(service.key, port.port),
    consumerConnectionRoutes: isHttp ? new Map() : connections.consumer(service.key, port.port),
    backend,
  };
}
