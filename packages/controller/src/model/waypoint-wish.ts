/**
 * Which waypoint is asked for: `waystone.dev/use-waypoint` on the Service or its Namespace, as an annotation or a label. The
 * Service beats the Namespace, an annotation beats a label, "none" opts out.
 */
import type { Namespace, Service } from "@waystone/api/kubernetes/core";
import type { ObjectMeta } from "@waystone/api/kubernetes/meta";
import { useWaypointKey, useWaypointNamespaceKey } from "@waystone/api/names";

export interface WaypointWish {
  /** "<namespace>/<gateway>" */
  readonly waypoint: string;
  /** Who asks: "the annotation of Namespace shop". */
  readonly by: string;
  /** Asked for on the Service itself: whoever wrote that meant this very Service. */
  readonly isOwn: boolean;
}

/** undefined: nobody asked, or somebody opted out. */
export function findWish(service: Service, namespace: Namespace | undefined): WaypointWish | undefined {
  const own = service.metadata.namespace ?? "";
  const asked =
    readWish(service.metadata) ?? (namespace === undefined ? undefined : readWish(namespace.metadata));
  if (asked === undefined || asked.name === "none") return undefined;
  const isOwn = asked.meta === service.metadata;
  return {
    waypoint: `${asked.gatewayNamespace || own}/${asked.name}`,
    by: `the ${asked.kind} of ${isOwn ? "the Service" : `Namespace ${own}`}`,
    isOwn,
  };
}

/** What a Namespace itself asks for all its Services, "<namespace>/<gateway>". */
export function findNamespaceWish({ metadata }: Namespace): string | undefined {
  const asked = readWish(metadata);
  if (asked === undefined || asked.name === "none") return undefined;
  return `${asked.gatewayNamespace || metadata.name}/${asked.name}`;
}

interface Asked {
  readonly meta: ObjectMeta;
  readonly kind: "annotation" | "label";
  readonly name: string;
  readonly gatewayNamespace: string | undefined;
}

function readWish(meta: ObjectMeta): Asked | undefined {
  const gatewayNamespace =
    meta.annotations?.[useWaypointNamespaceKey] ?? meta.labels?.[useWaypointNamespaceKey];
  const annotated = meta.annotations?.[useWaypointKey] ?? "";
  if (annotated !== "") return { meta, kind: "annotation", name: annotated, gatewayNamespace };
  const labelled = meta.labels?.[useWaypointKey] ?? "";
  return labelled === "" ? undefined : { meta, kind: "label", name: labelled, gatewayNamespace };
}
