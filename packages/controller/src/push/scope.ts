/**
 * Which waypoint needs what. A scope is a waypoint, "<namespace>/<gateway>": it needs its own Services (also those that move
 * to it, or away), the routes attached to them, and the Services that these routes send requests to (as backends alone).
 */
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import type { ServiceModel } from "../model/service.ts";
import type { RouteNeeds } from "../translate/route-needs.ts";

export interface Scoped {
  /** A Service's "<namespace>/<name>", or a route's resource name. */
  readonly key: string;
  /** Sorted. */
  readonly scopes: readonly string[];
}

interface RouteScope extends Scoped {
  readonly backends: readonly string[];
}

export interface Scopes {
  readonly routes: Collection<Scoped>;
  readonly services: Collection<Scoped>;
}

export function buildScopes(
  graph: CollectionGraph,
  services: Collection<ServiceModel>,
  routeNeeds: Collection<RouteNeeds>,
): Scopes {
  const waypoints = graph.derive(
    services,
    (_, { key, waypoints: scopes }) => (scopes.length === 0 ? undefined : { key, scopes }),
    options("service-waypoints"),
  );
  const routes = graph.derive(
    routeNeeds,
    (context, { route, parents, backends }): RouteScope => ({
      key: route,
      scopes: union(parents.map((parent) => context.get(waypoints, parent)?.scopes ?? [])),
      backends,
    }),
    { name: "route-scopes", key: ({ key }) => key },
  );
  const byBackend: Index<RouteScope> = graph.index(
    "route-scopes-by-backend",
    routes,
    ({ backends }) => backends,
  );
  return {
    routes,
    services: graph.derive(
      services,
      (context, { key }) => ({
        key,
        scopes: union([
          context.get(waypoints, key)?.scopes ?? [],
          ...context.lookup(byBackend, key).map(({ scopes }) => scopes),
        ]),
      }),
      options("service-scopes"),
    ),
  };
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  const all = new Set<string>();
  for (const list of lists) for (const scope of list) all.add(scope);
  return [...all].toSorted();
}

function options(name: string): { name: string; key: (item: Scoped) => string } {
  return { name, key: ({ key }) => key };
}
