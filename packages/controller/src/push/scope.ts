/**
 * Which waypoint needs what. A scope is a waypoint, "<namespace>/<gateway>": it needs its own Services (also those that move
 * to it, or away), the routes attached to them, the Services that these routes send requests to (as backends alone), and the
 * policies that are about any of them: those of a backend hold for whoever sends requests to it (GEP-713, the final backend). And the
 * Services that these policies have to ask (CUSTOM).
 */
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import type { ServiceModel } from "../model/service.ts";
import type { PolicyNeeds } from "../translate/policy/policy-needs.ts";
import type { RouteNeeds } from "../translate/route-needs.ts";

export interface Scoped {
  /** A Service's "<namespace>/<name>", or the resource name of a route or policy. */
  readonly key: string;
  /** Sorted. */
  readonly scopes: readonly string[];
}

interface RouteScope extends Scoped {
  readonly backends: readonly string[];
}

interface AskingScope extends Scoped {
  readonly authorizers: readonly string[];
}

export interface Scopes {
  readonly routes: Collection<Scoped>;
  readonly services: Collection<Scoped>;
  readonly policies: Collection<Scoped>;
}

export function buildScopes(
  graph: CollectionGraph,
  services: Collection<ServiceModel>,
  routeNeeds: Collection<RouteNeeds>,
  policyNeeds: Collection<PolicyNeeds>,
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
  const ofTraffic: Collection<Scoped> = graph.derive(
    services,
    (context, { key }) => ({
      key,
      scopes: union([
        context.get(waypoints, key)?.scopes ?? [],
        ...context.lookup(byBackend, key).map(({ scopes }) => scopes),
      ]),
    }),
    options("service-traffic-scopes"),
  );
  // Whom a policy asks is needed wherever the policy is; a policy about that Service then is too (TLS to it), and asks nobody there.
  const asking: Collection<AskingScope> = graph.derive(
    policyNeeds,
    (context, { policy, services: keys, authorizers = [] }) => ({
      key: policy,
      scopes: union(keys.map((key) => context.get(ofTraffic, key)?.scopes ?? [])),
      authorizers,
    }),
    { name: "asking-policy-scopes", key: ({ key }) => key },
  );
  const byAuthorizer: Index<AskingScope> = graph.index(
    "policy-scopes-by-authorizer",
    asking,
    ({ authorizers }) => authorizers,
  );
  const serviceScopes: Collection<Scoped> = graph.derive(
    ofTraffic,
    (context, { key, scopes }) => ({
      key,
      scopes: union([scopes, ...context.lookup(byAuthorizer, key).map((policy) => policy.scopes)]),
    }),
    options("service-scopes"),
  );
  return {
    routes,
    services: serviceScopes,
    policies: graph.derive(
      policyNeeds,
      (context, { policy, services: keys }) => ({
        key: policy,
        scopes: union(keys.map((key) => context.get(serviceScopes, key)?.scopes ?? [])),
      }),
      options("policy-scopes"),
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
