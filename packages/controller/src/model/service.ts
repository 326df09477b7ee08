/**
 * A Service as the rest of the controller knows it: who serves it, what each port speaks and why, where a waypoint listens
 * for it. Enrolled or not: a Service may be only somebody's backend.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { DraftCondition } from "./draft-condition.ts";
import type { Enrolment } from "./enrolment.ts";
import type { Finding } from "./finding.ts";
import { clusterAddresses, type ListenClaim, loopbackAddresses } from "./listen-claim.ts";
import type { RouteAttachment } from "./route-attachment.ts";
import { type PortModel, portModel } from "./service-port.ts";
import type { Sources } from "./sources.ts";

export interface ServiceModel {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly isExternalName: boolean;
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
  readonly findings: readonly Finding[];
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
  const waypoint = enrolment?.waypoint;
  const findings: Finding[] = [];
  const input = {
    key,
    service,
    attachments: context.lookup(inputs.attachments, key),
    listenOn: waypoint !== undefined && inputs.standalone ? loopbackAddresses(service) : [],
    claims: (at: string) => context.lookup(inputs.claims, at),
    findings,
  };
  const given = service.spec?.ports ?? [];
  const addresses = clusterAddresses(service);
  const ports = given.flatMap((port, position) => portModel(input, port, position) ?? []);
  const otherPorts = given
    .filter(({ protocol }) => protocol !== undefined && protocol !== "TCP")
    .map(({ name, port, protocol }) => ({ name: name ?? "", port, transport: protocol ?? "TCP" }));
  if (waypoint !== undefined && inputs.standalone && input.listenOn.length === 0) {
    findings.push(unreachableFinding(addresses));
  }
  return {
    key,
    namespace: service.metadata.namespace ?? "",
    name: service.metadata.name,
    generation: service.metadata.generation ?? 0,
    isExternalName: service.spec?.type === "ExternalName",
    addresses,
    waypoint,
    waypointImplied: enrolment?.implied ?? false,
    condition: enrolment?.condition,
    ports,
    otherPorts,
    findings: waypoint === undefined ? [] : findings,
  };
}

/** No error: the manifests may be meant for a cluster, and are only checked here. */
function unreachableFinding(addresses: readonly string[]): Finding {
  const given =
    addresses.length === 0 ? "it has no clusterIP" : `its clusterIP ${addresses.join(", ")} is not local`;
  const message = `nothing listens for it: ${given}; give it one in 127.0.0.0/8, for example 127.0.0.11`;
  return { severity: "warning", field: "spec.clusterIP", message };
}
