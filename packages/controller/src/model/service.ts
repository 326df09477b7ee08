/**
 * A Service as the rest of the controller knows it: who serves it, what each port speaks and why, where a waypoint listens
 * for it. Enrolled or not: a Service may be only somebody's backend.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { isTcp } from "./captured-ports.ts";
import { clusterAddresses } from "./listen-claim.ts";
import type { RouteAttachment, RouteKind } from "./route-attachment.ts";
import type { ServicePlace } from "./service-place.ts";
import { type PortModel, portModel } from "./service-port.ts";
import type { SourcedObject } from "./sources.ts";

export interface ServiceModel extends Omit<ServicePlace, "listen"> {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  readonly isExternalName: boolean;
  readonly addresses: readonly string[];
  /** The kinds of routes that its waypoint's Gateway lets in. */
  readonly allowedKinds: readonly RouteKind[];
  /** TCP ports, in the Service's order. */
  readonly ports: readonly PortModel[];
  /** UDP and SCTP ports: not served. */
  readonly otherPorts: readonly {
    readonly name: string;
    readonly port: number;
    readonly transport: string;
  }[];
}

export interface ServiceInputs {
  readonly fronts: Collection<SourcedObject<Service>>;
  readonly attachments: Index<RouteAttachment>;
  readonly placeOf: (context: FetchContext, key: string, service: Service) => ServicePlace;
  readonly allowedKindsOf: (
    context: FetchContext,
    waypoint: string | undefined,
    namespace: string,
  ) => readonly RouteKind[];
}

export function buildServices(
  graph: CollectionGraph,
  { fronts, attachments, placeOf, allowedKindsOf }: ServiceInputs,
): Collection<ServiceModel> {
  return graph.derive(
    fronts,
    (context, { key, object }) => {
      const place = placeOf(context, key, object);
      const waypoint = place.waypoint ?? place.awaitedWaypoint;
      const kinds = allowedKindsOf(context, waypoint, object.metadata.namespace ?? "");
      return serviceModel(key, object, context.lookup(attachments, key), place, kinds);
    },
    { name: "services", key: (service) => service.key },
  );
}

function serviceModel(
  key: string,
  service: Service,
  attachments: readonly RouteAttachment[],
  { listen, ...place }: ServicePlace,
  allowedKinds: readonly RouteKind[],
): ServiceModel {
  const given = service.spec?.ports ?? [];
  return {
    ...place,
    key,
    namespace: service.metadata.namespace ?? "",
    name: service.metadata.name,
    generation: service.metadata.generation ?? 0,
    isExternalName: service.spec?.type === "ExternalName",
    addresses: clusterAddresses(service),
    allowedKinds,
    ports: given
      .filter(isTcp)
      .map((port) => portModel(service, attachments, port, listen.get(port.port) ?? [])),
    otherPorts: given
      .filter((port) => !isTcp(port))
      .map(({ name, port, protocol }) => ({ name: name ?? "", port, transport: protocol ?? "TCP" })),
  };
}
