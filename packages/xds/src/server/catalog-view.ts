/** The catalog as one waypoint sees it. A type that this controller does not serve (a newer waypoint asks) is empty. */
import { type TypeUrl, typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import type { EncodedResource, ResourceCatalog } from "../resource.ts";

export interface CatalogView {
  list(typeUrl: string): Iterable<EncodedResource>;
  get(typeUrl: string, name: string): EncodedResource | undefined;
}

const known: ReadonlySet<string> = new Set(Object.values(typeUrls));
const listed: ReadonlySet<string> = new Set(wildcardTypeUrls);

export function isKnownType(typeUrl: string): typeUrl is TypeUrl {
  return known.has(typeUrl);
}

/** There may be a Workload per address of the cluster: nobody gets them all. */
export function isAskedForByName(typeUrl: string): boolean {
  return typeUrl === typeUrls.workload;
}

export function viewCatalog(catalog: ResourceCatalog, scope: string): CatalogView {
  return {
    list: (typeUrl) => (isKnownType(typeUrl) && listed.has(typeUrl) ? catalog.list(typeUrl, scope) : []),
    get: (typeUrl, name) => (isKnownType(typeUrl) ? catalog.get(typeUrl, name, scope) : undefined),
  };
}
