/**
 * In a cluster: waypoints that are asked for and that nobody declared. Waystone makes their Gateway: for a Namespace that is
 * enrolled, and for a Service that is captured by one of its own namespace.
 */
import type { Collection, CollectionGraph } from "@waystone/collection/collection";
import { isGatewayName } from "./capture-refusals.ts";
import type { ServiceTarget } from "./capture-target.ts";
import type { ClusterOnlySources, Sources } from "./sources.ts";
import { findNamespaceWish } from "./waypoint-wish.ts";

export interface ImpliedWaypoint {
  /** "<namespace>/<gateway>" */
  readonly key: string;
}

export function buildImpliedWaypoints(
  graph: CollectionGraph,
  sources: Sources,
  cluster: ClusterOnlySources,
  targets: Collection<ServiceTarget>,
): Collection<ImpliedWaypoint> {
  const ofNamespaces = graph.derive(
    sources.namespaces,
    (context, { key: namespace, object }): ImpliedWaypoint | undefined => {
      const key = findNamespaceWish(object);
      if (key === undefined || !key.startsWith(`${namespace}/`) || namespace === cluster.ownNamespace)
        return undefined;
      if (!isGatewayName(key.slice(namespace.length + 1)) || object.metadata.deletionTimestamp !== undefined)
        return undefined;
      return context.get(sources.gateways, key) === undefined ? { key } : undefined;
    },
    { name: "waypoints-implied-by-namespaces", key: ({ key }) => key },
  );
  const byWaypoint = graph.index("implied-targets-by-waypoint", targets, ({ target, isImplied }) =>
    isImplied && target.is === "captured" ? [target.waypoint] : [],
  );
  const ofServices = graph.derive(
    targets,
    (context, { key, target, isImplied }): ImpliedWaypoint | undefined => {
      if (!isImplied || target.is !== "captured") return undefined;
      // Many may ask for one: the first by name speaks for all.
      const [first] = context
        .lookup(byWaypoint, target.waypoint)
        .map((each) => each.key)
        .toSorted();
      return first === key ? { key: target.waypoint } : undefined;
    },
    { name: "waypoints-implied-by-services", key: ({ key }) => key },
  );
  return graph.join("implied-waypoints", [ofNamespaces, ofServices]);
}
