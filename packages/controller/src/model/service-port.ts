/** One port of a Service: what it speaks, and where a waypoint listens for it. */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { Protocol } from "@waystone/api/resources";
import type { Finding } from "./finding.ts";
import { type ListenClaim, winnerOf } from "./listen-claim.ts";
import { type ProtocolValue, portProtocol } from "./port-protocol.ts";
import type { RouteAttachment } from "./route-attachment.ts";

export interface PortModel {
  readonly name: string;
  readonly port: number;
  readonly protocol: ProtocolValue;
  readonly protocolReason: string;
  readonly listen: readonly { readonly address: string; readonly port: number }[];
}

export interface PortInput {
  /** The Service, "<namespace>/<name>". */
  readonly key: string;
  readonly service: Service;
  readonly attachments: readonly RouteAttachment[];
  /** Addresses that a waypoint is to listen on for it. */
  readonly listenOn: readonly string[];
  readonly claims: (at: string) => readonly ListenClaim[];
  /** Gathers what people should know. */
  readonly findings: Finding[];
}

/** undefined: not TCP, so not served. */
export function portModel(input: PortInput, port: ServicePort, position: number): PortModel | undefined {
  const field = `spec.ports[${position}]`;
  if (port.protocol !== undefined && port.protocol !== "TCP") {
    const message = `port ${port.port} is ${port.protocol}: not served`;
    input.findings.push({ severity: "warning", field, message });
    return undefined;
  }
  const name = port.name ?? "";
  const { protocol, reason } = portProtocol(port, attachedRoute(input, port.port, name));
  const listen = input.listenOn
    .filter((address) => mayListen(input, `${address}:${port.port}`, field))
    .map((address) => ({ address, port: port.port }));
  return { name, port: port.port, protocol, protocolReason: reason, listen };
}

/** The first producer route by name that is attached to the port, as "HTTPRoute shop/web". */
function attachedRoute({ attachments, service }: PortInput, port: number, name: string): string | undefined {
  let first: RouteAttachment | undefined;
  for (const attachment of attachments) {
    if (attachment.namespace !== service.metadata.namespace) continue;
    if (attachment.port !== 0 && attachment.port !== port) continue;
    if (attachment.sectionName !== "" && attachment.sectionName !== name) continue;
    if (first === undefined || attachment.route < first.route) first = attachment;
  }
  return first === undefined ? undefined : `${first.kind} ${first.route}`;
}

function mayListen({ key, claims, findings }: PortInput, at: string, field: string): boolean {
  const winner = winnerOf(claims(at));
  if (winner === undefined || winner === key) return true;
  const message = `${at} is already taken by Service ${winner}; give one of them another clusterIP`;
  findings.push({ severity: "error", field, message });
  return false;
}

/** Whether HTTP routes apply on the port. HTTP/2 and gRPC ports are passed as TCP until their codec is there. */
export function isHttp(port: PortModel): boolean {
  return port.protocol === Protocol.HTTP;
}
