/**
 * What is spoken on a Service's port, and why we think so: its appProtocol, else its name's prefix, else the kind of the
 * routes that its own namespace attached to it, else TCP. A consumer's route (another namespace's) never decides: it would
 * change the port for everybody.
 */
import type { ServicePort } from "@waystone/api/kubernetes/core";
import { Protocol, type ServicePortResource } from "@waystone/api/resources";
import type { RouteAttachment, RouteKind } from "./route-attachment.ts";

/** One value of the enum Protocol. */
export type ProtocolValue = NonNullable<ServicePortResource["protocol"]>;

export interface PortProtocol {
  readonly protocol: ProtocolValue;
  readonly reason: string;
}

/** Kubernetes' own names (KEP-3726), IANA's and Istio's. */
const appProtocols: ReadonlyMap<string, ProtocolValue> = new Map([
  ["http", Protocol.HTTP],
  ["ws", Protocol.HTTP],
  ["grpc-web", Protocol.HTTP],
  ["kubernetes.io/ws", Protocol.HTTP],
  ["http2", Protocol.HTTP2],
  ["h2c", Protocol.HTTP2],
  ["kubernetes.io/h2c", Protocol.HTTP2],
  ["grpc", Protocol.GRPC],
  ["https", Protocol.TLS],
  ["tls", Protocol.TLS],
  ["wss", Protocol.TLS],
  ["kubernetes.io/wss", Protocol.TLS],
  ["tcp", Protocol.TCP],
  ["mongo", Protocol.TCP],
  ["mysql", Protocol.TCP],
  ["postgres", Protocol.TCP],
  ["postgresql", Protocol.TCP],
  ["redis", Protocol.TCP],
]);

const protocolOfKind: Readonly<Record<RouteKind, ProtocolValue>> = {
  GRPCRoute: Protocol.GRPC,
  HTTPRoute: Protocol.HTTP,
  TLSRoute: Protocol.TLS,
  TCPRoute: Protocol.TCP,
};

/** Istio's prefixes: "http" and "http-web", but not "httpx". */
const namePrefixes: readonly (readonly [string, ProtocolValue])[] = [
  ["http", Protocol.HTTP],
  ["grpc-web", Protocol.HTTP],
  ["http2", Protocol.HTTP2],
  ["h2c", Protocol.HTTP2],
  ["grpc", Protocol.GRPC],
  ["https", Protocol.TLS],
  ["tls", Protocol.TLS],
  ["tcp", Protocol.TCP],
  ["mongo", Protocol.TCP],
  ["mysql", Protocol.TCP],
  ["redis", Protocol.TCP],
];

/** `route`: a route of the Service's own namespace that is attached to the port. */
export function portProtocol(
  port: ServicePort,
  route: Pick<RouteAttachment, "kind" | "route"> | undefined,
): PortProtocol {
  return declaredProtocol(port) ?? attachedProtocol(route);
}

function declaredProtocol(port: ServicePort): PortProtocol | undefined {
  if (port.appProtocol !== undefined && port.appProtocol !== "") {
    const protocol = appProtocols.get(port.appProtocol.toLowerCase());
    if (protocol !== undefined) return { protocol, reason: `appProtocol ${port.appProtocol}` };
    return { protocol: Protocol.TCP, reason: `appProtocol ${port.appProtocol} is not known` };
  }
  const name = port.name ?? "";
  const found = namePrefixes
    .filter(([prefix]) => name === prefix || name.startsWith(`${prefix}-`))
    .toSorted(([a], [b]) => b.length - a.length)[0];
  return found === undefined ? undefined : { protocol: found[1], reason: `port name ${name}` };
}

function attachedProtocol(route: Pick<RouteAttachment, "kind" | "route"> | undefined): PortProtocol {
  if (route === undefined) return { protocol: Protocol.TCP, reason: "default" };
  return { protocol: protocolOfKind[route.kind], reason: `${route.kind} ${route.route}` };
}
