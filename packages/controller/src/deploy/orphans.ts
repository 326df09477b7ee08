/**
 * What is left of a waypoint whose Gateway is none any more (it got another class) and is still there: nothing else takes it
 * away. Where the Gateway is gone, its objects go with it, by their owner references. Never while a Service is with it.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import type { SourcedObject, Sources } from "../model/sources.ts";
import { isWaypoint } from "../model/waypoint-gateway.ts";
import type { LiveObject } from "./live-objects.ts";

export interface Orphans {
  /** The Gateway, "<namespace>/<name>". */
  readonly key: string;
  readonly objects: readonly LiveObject[];
}

export function buildOrphans(
  graph: CollectionGraph,
  sources: Sources,
  liveByGateway: Index<LiveObject>,
  users: Index<SourcedObject<Service>>,
): Collection<Orphans> {
  return graph.derive(
    sources.gateways,
    (context, { key, object: gateway }): Orphans | undefined => {
      const gatewayClass = context.get(sources.gatewayClasses, gateway.spec.gatewayClassName)?.object;
      if (isWaypoint(gateway, gatewayClass) || context.lookup(users, key).length > 0) return undefined;
      const objects = context
        .lookup(liveByGateway, key)
        .filter(
          ({ isOurs, object }) => isOurs && isOwnedBy(object.metadata.ownerReferences, gateway.metadata.uid),
        );
      return objects.length === 0 ? undefined : { key, objects };
    },
    { name: "orphans", key: ({ key }) => key },
  );
}

function isOwnedBy(
  owners: readonly { readonly uid: string }[] | undefined,
  uid: string | undefined,
): boolean {
  return owners?.some((owner) => owner.uid === uid) === true;
}
