/**
 * A Service as the rest of the controller knows it: who serves it, what each port speaks and why, where a waypoint listens
 * for it. Enrolled or not: a Service may be only somebody's backend.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import { isTcp } from "./captured-ports.ts";
import { clusterAddresses } from "./listen-claim.ts";
import type { RouteAttachment } from "./route-attachment.ts";
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
}

export function buildServices(
  graph: CollectionGraph,
  { fronts, attachments, placeOf }: ServiceInputs,
): Collection<ServiceModel> {
  return graph.derive(
    fronts,
    (context, { key, object }) =>
      serviceModel(key, object, context.lookup(attachments, key), placeOf(context, key, object)),
    { name: "services", key: (service) => service.key },
  );
}

function serviceModel(
  key: string,
  service: Service,
  attachments: readonly RouteAttachment[],
  { listen, ...place }: ServicePlace,
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
    ports: given
      .filter(isTcp)
      .map((port) => portModel(service, attachments, port, listen.get(port.port) ?? [])),
    otherPorts: given
      .filter((port) => !isTcp(port))
      .map(({ name, port, protocol }) => ({ name: name ?? "", port, transport: protocol ?? "TCP" })),
  };
}
