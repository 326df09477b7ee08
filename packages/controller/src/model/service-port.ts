/** One port of a Service: what it speaks, and where a waypoint listens for it. */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { Protocol } from "@waystone/api/resources";
import { type ProtocolValue, portProtocol } from "./port-protocol.ts";
import { attachedRoute, type RouteAttachment, type RouteKind } from "./route-attachment.ts";

export interface ListenPlace {
  readonly address: string;
  readonly port: number;
}

export interface PortModel {
  readonly name: string;
  readonly port: number;
  readonly protocol: ProtocolValue;
  readonly protocolReason: string;
  readonly listen: readonly ListenPlace[];
}

/** `port` is a TCP port of the Service, `attachments` are all that name it. */
export function portModel(
  service: Service,
  attachments: readonly RouteAttachment[],
  port: ServicePort,
  listen: readonly ListenPlace[],
): PortModel {
  const { protocol, reason } = portProtocol(port, attachedRoute(service, attachments, port));
  return { name: port.name ?? "", port: port.port, protocol, protocolReason: reason, listen };
}

/** Whether gRPC can be spoken on the port: over HTTP/2 alone. */
export function isHttp2(port: Pick<PortModel, "protocol">): boolean {
  return port.protocol === Protocol.HTTP2 || port.protocol === Protocol.GRPC;
}

const httpProtocols: ReadonlySet<ProtocolValue> = new Set([Protocol.HTTP, Protocol.HTTP2, Protocol.GRPC]);

/** Whether HTTP routes apply on the port. */
export function isHttp(port: Pick<PortModel, "protocol">): boolean {
  return httpProtocols.has(port.protocol);
}

/** Whether routes of the kind apply on the port. TLS is TCP to one who does not look into it. */
export function carries(port: Pick<PortModel, "protocol">, kind: RouteKind): boolean {
  switch (kind) {
    case "GRPCRoute":
      return isHttp2(port);
    case "HTTPRoute":
      return isHttp(port);
    case "TLSRoute":
      return port.protocol === Protocol.TLS;
    case "TCPRoute":
      return port.protocol === Protocol.TLS || port.protocol === Protocol.TCP;
  }
}
