/**
 * `allowedRoutes.kinds`: which kinds of routes a listener lets in. A mesh listener stands for the routes of all Services behind its
 * waypoint (attachedRoutes counts them), so that is what its kinds are about: a route of another kind is not served by that
 * waypoint, and told so (Gateway API: InvalidRouteKinds, NotAllowedByListeners).
 */
import type { Namespace } from "@waystone/api/kubernetes/core";
import type { Gateway, GatewayListener } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import type { Collection, CollectionGraph, FetchContext } from "@waystone/collection/collection";
import { isMeshListener, meshProtocols } from "./mesh-listener.ts";
import { isRouteKind, type RouteKind, routeKinds } from "./route-attachment.ts";
import type { SourcedObject, Sources } from "./sources.ts";
import { listenerAllows } from "./waypoint-gateway.ts";

export interface ListenerKinds {
  /** SupportedKinds: those that it asks for and that can be had, or all of these where it asks for none. */
  readonly supported: readonly RouteKind[];
  /** What it asks for and cannot have, by position in `kinds`. */
  readonly invalid: readonly { readonly position: number; readonly message: string }[];
}

const ofHttp: readonly RouteKind[] = ["GRPCRoute", "HTTPRoute"];

/** A listener that is not the mesh's serves nobody; its kinds are judged by its protocol, as on any Gateway. */
export function listenerKinds(listener: GatewayListener): ListenerKinds {
  const possible = possibleKinds(listener);
  const asked = listener.allowedRoutes?.kinds ?? [];
  if (asked.length === 0) return { supported: possible, invalid: [] };
  const can = ({ group, kind }: { readonly group?: string; readonly kind: string }): boolean =>
    (group ?? gatewayGroup) === gatewayGroup && isRouteKind(kind) && possible.includes(kind);
  const kinds = asked.filter(can).map(({ kind }) => kind);
  const list = possible.length === 0 ? "it has none" : `it can have ${possible.join(", ")}`;
  return {
    supported: possible.filter((kind) => kinds.includes(kind)),
    invalid: asked.flatMap((each, position) => {
      if (can(each)) return [];
      const group = each.group ?? gatewayGroup;
      const name = group === gatewayGroup ? each.kind : `${each.kind} (group ${JSON.stringify(group)})`;
      return [{ position, message: `${name} is no kind of route for this listener: ${list}` }];
    }),
  };
}

function possibleKinds(listener: GatewayListener): readonly RouteKind[] {
  if (isMeshListener(listener)) return routeKinds;
  return meshProtocols.includes(listener.protocol) ? ofHttp : [];
}

/** Of a Gateway some listener of which does not let in every kind. Its status changes often, and this does not. */
export interface KindLimits {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly namespace: string;
  readonly listeners: readonly GatewayListener[];
}

export function buildKindLimits(graph: CollectionGraph, { gateways }: Sources): Collection<KindLimits> {
  return graph.derive(gateways, (_, gateway) => kindLimits(gateway), {
    name: "kind-limits",
    key: ({ key }) => key,
  });
}

function kindLimits({ key, object }: SourcedObject<Gateway>): KindLimits | undefined {
  const listeners = (object.spec.listeners ?? []).filter(isMeshListener);
  if (listeners.every((listener) => listenerKinds(listener).supported.length === routeKinds.length))
    return undefined;
  return { key, namespace: object.metadata.namespace ?? "", listeners };
}

/** The kinds that the Gateway serves for Services of `namespace`. */
export function allowedKinds(
  context: FetchContext,
  {
    limits,
    namespaces,
  }: { readonly limits: Collection<KindLimits>; readonly namespaces: Sources["namespaces"] },
  gateway: string | undefined,
  namespace: string,
): readonly RouteKind[] {
  const limit = gateway === undefined ? undefined : context.get(limits, gateway);
  if (limit === undefined) return routeKinds;
  return kindsFor(limit, namespace, context.get(namespaces, namespace)?.object);
}

function kindsFor(
  { listeners, namespace: own }: KindLimits,
  namespace: string,
  object: Namespace | undefined,
): readonly RouteKind[] {
  const open = listeners.filter((listener) => listenerAllows(listener, own, namespace, object));
  const kinds = new Set(open.flatMap((listener) => listenerKinds(listener).supported));
  return routeKinds.filter((kind) => kinds.has(kind));
}

/** Whether some listener would take a route that names the Gateway itself as its parent. */
export function allowsRoutes(
  { metadata, spec }: Gateway,
  kind: RouteKind,
  namespace: string,
  object: Namespace | undefined,
): boolean {
  const listeners = spec.listeners ?? [];
  if (listeners.length === 0) return metadata.namespace === namespace;
  return listeners.some(
    (listener) =>
      listenerAllows(listener, metadata.namespace, namespace, object) &&
      listenerKinds(listener).supported.includes(kind),
  );
}
