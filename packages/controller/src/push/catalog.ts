/**
 * What the push server may offer, and to whom: every resource with the scopes that need it. An entry changes when its
 * content or its scopes do, so that what enters a waypoint's view is announced although its bytes are the same as before.
 * A Service is one resource for the waypoints that serve it, and another for those that it is only a backend for.
 * Workloads are nobody's by scope: anybody may meet any client, so they are asked for by address, and encoded then.
 */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import type {
  Collection,
  CollectionGraph,
  Event,
  FetchContext,
  Index,
} from "@waystone/collection/collection";
import type { CatalogChange, EncodedResource, ResourceCatalog } from "@waystone/xds/resource";
import type { Model } from "../model/model.ts";
import type { WorkloadModel } from "../model/workload.ts";
import { backendToResource } from "../translate/service-to-resource.ts";
import { resourceKey, type Translated } from "../translate/translate.ts";
import { workloadToResource } from "../translate/workload-to-resource.ts";
import { buildScopes, type Scopes } from "./scope.ts";

/** The scope of a waypoint that runs every Gateway (`waystone run`). */
const everyScope = "*";

interface Entry {
  readonly resource: EncodedResource;
  readonly scopes: readonly string[];
  readonly asBackend: BackendRole | undefined;
}

/** How a Service is offered to waypoints other than its own. */
interface BackendRole {
  readonly resource: EncodedResource;
  /** Those that serve it. */
  readonly waypoints: readonly string[];
}

/** Changes of these alone are sent at once: a request that goes to a dead endpoint is an error somebody sees. */
const urgentTypes: ReadonlySet<TypeUrl> = new Set([typeUrls.endpointSlice, typeUrls.workload]);

export function buildCatalog(
  graph: CollectionGraph,
  model: Pick<Model, "services" | "slices" | "workloads">,
  translated: Pick<Translated, "resources" | "routeNeeds" | "policyNeeds">,
): ResourceCatalog {
  const scopes = buildScopes(graph, model.services, translated.routeNeeds, translated.policyNeeds);
  const entries = graph.derive(
    translated.resources,
    (context, resource): Entry => {
      const needed = scopesOf(context, model, scopes, resource);
      return { resource, scopes: needed, asBackend: backendRole(context, model, resource, needed) };
    },
    { name: "catalog", key: ({ resource }) => resourceKey(resource), equals: equalEntries },
  );
  const byScope = graph.index("catalog-by-scope", entries, ({ resource, scopes: needed }) =>
    needed.length === 0 ? [] : [everyScope, ...needed].map((scope) => `${resource.typeUrl} ${scope}`),
  );
  return new CollectionCatalog(entries, byScope, model.workloads);
}

function scopesOf(
  context: FetchContext,
  model: Pick<Model, "slices">,
  scopes: Scopes,
  { typeUrl, name }: EncodedResource,
): readonly string[] {
  const scopesOfService = (key: string): readonly string[] => context.get(scopes.services, key)?.scopes ?? [];
  switch (typeUrl) {
    case typeUrls.service:
      return scopesOfService(name);
    case typeUrls.endpointSlice:
      return scopesOfService(context.get(model.slices, name)?.service ?? "");
    case typeUrls.route:
      return context.get(scopes.routes, name)?.scopes ?? [];
    case typeUrls.policy:
      return context.get(scopes.policies, name)?.scopes ?? [];
    // Of the name of a policy, whose readers get it; or of a waypoint, and nobody else gets it.
    case typeUrls.secret:
      return context.get(scopes.policies, name)?.scopes ?? [name];
    case typeUrls.workload:
    case typeUrls.listener:
      return [];
  }
}

/** undefined: there is nobody who only sends requests to it, or nobody who serves it. */
function backendRole(
  context: FetchContext,
  model: Pick<Model, "services">,
  { typeUrl, name }: EncodedResource,
  scopes: readonly string[],
): BackendRole | undefined {
  if (typeUrl !== typeUrls.service) return undefined;
  const service = context.get(model.services, name);
  if (service === undefined || service.waypoints.length === 0) return undefined;
  const { waypoints } = service;
  if (scopes.every((scope) => waypoints.includes(scope))) return undefined;
  const resource = backendToResource(service);
  return resource === undefined ? undefined : { resource, waypoints };
}

function equalEntries(a: Entry, b: Entry): boolean {
  return (
    a.resource.version === b.resource.version &&
    a.asBackend?.resource.version === b.asBackend?.resource.version &&
    equalLists(a.scopes, b.scopes) &&
    equalLists(a.asBackend?.waypoints ?? [], b.asBackend?.waypoints ?? [])
  );
}

function equalLists(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, position) => each === b[position]);
}

function offer({ resource, asBackend }: Entry, scope: string): EncodedResource {
  if (asBackend === undefined || scope === everyScope || asBackend.waypoints.includes(scope)) return resource;
  return asBackend.resource;
}

class CollectionCatalog implements ResourceCatalog {
  readonly #entries: Collection<Entry>;
  readonly #byScope: Index<Entry>;

  readonly #workloads: Collection<WorkloadModel>;

  constructor(entries: Collection<Entry>, byScope: Index<Entry>, workloads: Collection<WorkloadModel>) {
    this.#entries = entries;
    this.#byScope = byScope;
    this.#workloads = workloads;
  }

  *list(typeUrl: TypeUrl, scope: string): Iterable<EncodedResource> {
    for (const entry of this.#byScope.lookup(`${typeUrl} ${scope}`)) yield offer(entry, scope);
  }

  get(typeUrl: TypeUrl, name: string, scope: string): EncodedResource | undefined {
    if (typeUrl === typeUrls.workload) {
      const workload = this.#workloads.get(name);
      return workload === undefined ? undefined : workloadToResource(workload);
    }
    const entry = this.#entries.get(resourceKey({ typeUrl, name }));
    if (entry === undefined) return undefined;
    const isNeeded = scope === everyScope ? entry.scopes.length > 0 : entry.scopes.includes(scope);
    return isNeeded ? offer(entry, scope) : undefined;
  }

  onChange(listener: (change: CatalogChange) => void): () => void {
    const stops = [
      this.#entries.subscribe((events) => listener(describeChange(events))),
      this.#workloads.subscribe((events) => {
        const addresses = new Set(events.map(({ key }) => key));
        listener({ changed: new Map([[typeUrls.workload, addresses]]), urgent: true });
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

function describeChange(events: readonly Event<Entry>[]): CatalogChange {
  const changed = new Map<TypeUrl, Set<string>>();
  let urgent = true;
  for (const event of events) {
    const { typeUrl, name } = event.type === "delete" ? event.before.resource : event.item.resource;
    const names = changed.get(typeUrl) ?? new Set();
    names.add(name);
    changed.set(typeUrl, names);
    if (!urgentTypes.has(typeUrl)) urgent = false;
  }
  return { changed, urgent };
}
