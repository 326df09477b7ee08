/**
 * A Service as the rest of the controller knows it: who serves it, what each port speaks and why, where a waypoint listens
 * for it. Enrolled or not: a Service may be only somebody's backend.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { Protocol } from "@waystone/api/resources";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { DraftCondition } from "./draft-condition.ts";
import type { Enrolment } from "./enrolment.ts";
import { clusterAddresses, type ListenClaim, loopbackAddresses, winnerOf } from "./listen-claim.ts";
import { type ProtocolValue, portProtocol } from "./port-protocol.ts";
import type { RouteAttachment } from "./route-attachment.ts";
import type { Sources } from "./sources.ts";

export interface ServiceModel {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly isExternalName: boolean;
  readonly isHeadless: boolean;
  readonly addresses: readonly string[];
  /** "<namespace>/<gateway>"; undefined: only a backend. */
  readonly waypoint: string | undefined;
  readonly waypointImplied: boolean;
  /** WaypointBound, where somebody asked for a waypoint. */
  readonly condition: DraftCondition | undefined;
  /** TCP ports, in the Service's order. */
  readonly ports: readonly PortModel[];
  /** UDP and SCTP ports: not served. */
  readonly otherPorts: readonly {
    readonly name: string;
    readonly port: number;
    readonly transport: string;
  }[];
  readonly problems: readonly string[];
}

export interface PortModel {
  readonly name: string;
  readonly port: number;
  readonly protocol: ProtocolValue;
  readonly protocolReason: string;
  readonly listen: readonly { readonly address: string; readonly port: number }[];
}

export interface ServiceInputs {
  readonly sources: Sources;
  readonly enrolments: Collection<Enrolment>;
  readonly attachments: Index<RouteAttachment>;
  readonly claims: Index<ListenClaim>;
  readonly standalone: boolean;
}

export function buildServices(graph: CollectionGraph, inputs: ServiceInputs): Collection<ServiceModel> {
  return graph.derive(
    inputs.sources.services,
    (context, { key, object }) => serviceModel(context, inputs, key, object),
    { name: "services", key: (service) => service.key },
  );
}

function serviceModel(
  context: FetchContext,
  inputs: ServiceInputs,
  key: string,
  service: Service,
): ServiceModel {
  const enrolment = context.get(inputs.enrolments, key);
  const attachments = context.lookup(inputs.attachments, key);
  const problems: string[] = [];
  const ports: PortModel[] = [];
  const otherPorts: { name: string; port: number; transport: string }[] = [];
  for (const port of service.spec?.ports ?? []) {
    const name = port.name ?? "";
    const transport = port.protocol ?? "TCP";
    if (transport !== "TCP") {
      otherPorts.push({ name, port: port.port, transport });
      continue;
    }
    const { protocol, reason } = portProtocol(port, attachedRoute(attachments, service, port.port, name));
    const listen =
      enrolment?.waypoint === undefined
        ? []
        : listenAddresses(context, inputs, key, service, port.port, problems);
    ports.push({ name, port: port.port, protocol, protocolReason: reason, listen });
  }
  const addresses = clusterAddresses(service);
  if (inputs.standalone && enrolment?.waypoint !== undefined && loopbackAddresses(service).length === 0) {
    const given =
      addresses.length === 0 ? "it has no clusterIP" : `its clusterIP ${addresses.join(", ")} is not local`;
    problems.push(`nothing listens for it: ${given}; give it one in 127.0.0.0/8, for example 127.0.0.11`);
  }
  return {
    key,
    namespace: service.metadata.namespace ?? "",
    name: service.metadata.name,
    generation: service.metadata.generation ?? 0,
    isExternalName: service.spec?.type === "ExternalName",
    isHeadless: service.spec?.clusterIP === "None",
    addresses,
    waypoint: enrolment?.waypoint,
    waypointImplied: enrolment?.implied ?? false,
    condition: enrolment?.condition,
    ports,
    otherPorts,
    problems,
  };
}

/** The first producer route by name that is attached to the port, as "HTTPRoute shop/web". */
function attachedRoute(
  attachments: readonly RouteAttachment[],
  service: Service,
  port: number,
  name: string,
): string | undefined {
  let first: RouteAttachment | undefined;
  for (const attachment of attachments) {
    if (attachment.namespace !== service.metadata.namespace) continue;
    if (attachment.port !== 0 && attachment.port !== port) continue;
    if (attachment.sectionName !== "" && attachment.sectionName !== name) continue;
    if (first === undefined || attachment.route < first.route) first = attachment;
  }
  return first === undefined ? undefined : `${first.kind} ${first.route}`;
}

function listenAddresses(
  context: FetchContext,
  { claims, standalone }: ServiceInputs,
  key: string,
  service: Service,
  port: number,
  problems: string[],
): readonly { address: string; port: number }[] {
  if (!standalone) return [];
  return loopbackAddresses(service)
    .filter((address) => {
      const winner = winnerOf(context.lookup(claims, `${address}:${port}`));
      if (winner === undefined || winner === key) return true;
      problems.push(
        `port ${port}: ${address}:${port} is already taken by Service ${winner}; give one of them another clusterIP`,
      );
      return false;
    })
    .map((address) => ({ address, port }));
}

/** Whether HTTP routes apply on the port. HTTP/2 and gRPC ports are passed as TCP until their codec is there. */
export function isHttp(port: PortModel): boolean {
  return port.protocol === Protocol.HTTP;
}
