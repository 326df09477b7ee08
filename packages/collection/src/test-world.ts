/** Routes and Services, an index of Services by zone, and the errors so far: what the tests of this package begin with. */
import type { CollectionGraph, Index, SourceCollection } from "./collection.ts";
import type { CollectionError } from "./collection-error.ts";
import { createCollectionGraph } from "./collection-graph.ts";

export interface Service {
  readonly name: string;
  readonly zone: string;
}

export interface Route {
  readonly name: string;
  readonly service: string;
}

export interface World {
  readonly graph: CollectionGraph;
  readonly routes: SourceCollection<Route>;
  readonly services: SourceCollection<Service>;
  readonly byZone: Index<Service>;
  readonly errors: readonly CollectionError[];
}

export const byName = (item: { readonly name: string }): string => item.name;

export function openWorld(): World {
  const errors: CollectionError[] = [];
  const graph = createCollectionGraph({ onError: (error) => errors.push(error) });
  const routes = graph.source<Route>({ name: "routes", key: byName });
  const services = graph.source<Service>({ name: "services", key: byName });
  const byZone = graph.index("services by zone", services, (service) => [service.zone]);
  return { graph, routes, services, byZone, errors };
}
