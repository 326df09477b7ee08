/**
 * Objects in files that cannot be read and of which no good version is in force, where they may be there to protect: routes with
 * what they demand, and policies. A cluster's API server would have refused them; here nobody knows what was in force before, so
 * whatever they may be about answers nothing until they can be read (docs/run.md, "When something is wrong").
 */
import type { Collection, CollectionGraph, FetchContext, Index } from "@waystone/collection/collection";
import type { Model } from "./model.ts";
import { isRouteKind, isServiceReference, type RouteAttachment } from "./route-attachment.ts";
import type { ServiceModel } from "./service.ts";
import type { SourceProblem, Sources } from "./sources.ts";

export interface UnreadObject {
  readonly key: string;
  /** undefined: not even that can be told. */
  readonly kind: string | undefined;
  /** undefined: it may be in any. */
  readonly namespace: string | undefined;
  /** Its parentRefs or targetRefs; undefined: they cannot be told. */
  readonly refs: readonly UnreadReference[] | undefined;
  readonly problem: SourceProblem;
}

/** As much of a parentRef or targetRef as says which Service is meant. */
export interface UnreadReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

/** By what they may be about: "*", "Namespace shop", "Service shop/web", "Gateway shop/waypoint", "HTTPRoute shop/web". */
type UnreadIndex = Index<UnreadObject>;

/** A Service that some may be about. */
export interface UnreadAtService {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** Not empty; in order of their keys. */
  readonly objects: readonly UnreadObject[];
}

/** By Service; undefined: the objects are not of files, so there are none. */
export function deriveUnread(
  graph: CollectionGraph,
  { unread }: Pick<Sources, "unread">,
  { services, attachments }: Pick<Model, "services" | "attachments">,
): Collection<UnreadAtService> | undefined {
  if (unread === undefined) return undefined;
  const index = graph.index("unread-objects-by-place", unread, placesOf);
  return graph.derive(
    services,
    (fetch, service) => {
      const objects = unreadAbout(fetch, index, attachments, service);
      const { key, namespace, name } = service;
      return objects.length === 0 ? undefined : { key, namespace, name, objects };
    },
    { name: "unread-at-services", key: ({ key }) => key },
  );
}

function placesOf({ kind = "", namespace, refs }: UnreadObject): string[] {
  if (refs === undefined) return [namespace === undefined ? "*" : `Namespace ${namespace}`];
  if (isRouteKind(kind)) {
    return refs
      .filter(isServiceReference)
      .map((ref) => placeOf("Service", ref.namespace ?? namespace, ref.name));
  }
  // A policy is about what is in its own namespace.
  return refs.map((ref) =>
    ref.kind === "Namespace" ? `Namespace ${ref.name}` : placeOf(ref.kind ?? "", namespace, ref.name),
  );
}

function placeOf(kind: string, namespace: string | undefined, name: string): string {
  return namespace === undefined ? "*" : `${kind} ${namespace}/${name}`;
}

function unreadAbout(
  fetch: FetchContext,
  index: UnreadIndex,
  attachments: Index<RouteAttachment>,
  { key, namespace, waypoint }: ServiceModel,
): readonly UnreadObject[] {
  const routes = fetch.lookup(attachments, key).map(({ kind, route }) => `${kind} ${route}`);
  const places = new Set([
    "*",
    `Namespace ${namespace}`,
    `Service ${key}`,
    `Gateway ${waypoint ?? ""}`,
    ...routes,
  ]);
  const found = new Set([...places].flatMap((place) => fetch.lookup(index, place)));
  return [...found].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
