/**
 * Which listeners of a waypoint's Gateway mean something. Nobody dials a waypoint's Gateway: its one kind of listener says
 * which namespaces may use it, and is known by port 15008 with protocol HBONE, as other meshes declare their waypoints, or
 * HTTP, as the Gateways have it that Waystone makes. Every other listener asks for something that nobody does here, and its
 * status says so (Gateway API, ListenerConditionReason).
 */
import type { Gateway, GatewayListener } from "@waystone/api/kubernetes/gateway";

export const meshPort = 15008;
export const meshProtocols: readonly string[] = ["HTTP", "HBONE"];

/** One field of a listener that is not done as it says. */
export interface ListenerFault {
  /** Of the listener's Accepted. */
  readonly reason: "UnsupportedProtocol" | "PortUnavailable" | "UnsupportedValue";
  readonly field: "protocol" | "port" | "tls" | "filters";
  readonly message: string;
}

export function isMeshListener({ port, protocol }: GatewayListener): boolean {
  return port === meshPort && meshProtocols.includes(protocol);
}

/** A Gateway without any listener is one too: for its own namespace. */
export function hasMeshListener({ spec }: Gateway): boolean {
  const listeners = spec.listeners ?? [];
  return listeners.length === 0 || listeners.some(isMeshListener);
}

/** Empty: it is done as it says. */
export function listenerFaults(listener: GatewayListener): readonly ListenerFault[] {
  if (!meshProtocols.includes(listener.protocol)) {
    const message = `protocol ${listener.protocol} is not served: ${wayOut}`;
    return [{ reason: "UnsupportedProtocol", field: "protocol", message }];
  }
  if (listener.port !== meshPort) {
    const message = `nobody is served on port ${listener.port}: ${wayOut}`;
    return [{ reason: "PortUnavailable", field: "port", message }];
  }
  const faults: ListenerFault[] = [];
  if (listener.tls !== undefined) {
    const message = "a waypoint terminates no TLS: nobody dials its listeners; remove it";
    faults.push({ reason: "UnsupportedValue", field: "tls", message });
  }
  if (listener.filters !== undefined) {
    const message =
      "filters of listeners are not served: requests pass as if they were not there; remove them";
    faults.push({ reason: "UnsupportedValue", field: "filters", message });
  }
  return faults;
}

const wayOut =
  `a waypoint is reached through its Services, and its listener is port ${meshPort} with protocol HTTP or HBONE; ` +
  "remove this one, and use a Gateway of another class for traffic from outside";
