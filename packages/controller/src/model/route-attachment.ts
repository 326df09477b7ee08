/**
 * Which routes name which Services as parents, and nothing else of them: an edit of a route's rules leaves its attachments
 * equal, so the Services that they belong to are not looked at again.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import type {
  GRPCRoute,
  HTTPRoute,
  ParentReference,
  TCPRoute,
  TLSRoute,
} from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import type { Collection, CollectionGraph, Index } from "@waystone/collection/collection";
import type { SourcedObject, Sources } from "./sources.ts";

/** In the order in which they go on one port of a Service (GEP-1294). */
export const routeKinds = ["GRPCRoute", "HTTPRoute", "TLSRoute", "TCPRoute"] as const;

export type RouteKind = (typeof routeKinds)[number];

export type AnyRoute = GRPCRoute | HTTPRoute | TLSRoute | TCPRoute;

export function isRouteKind(kind: string): kind is RouteKind {
  return (routeKinds as readonly string[]).includes(kind);
}

/** Whether a route of kind `a` has a port that one of kind `b` asks for as well. */
export function goesBeforeKind(a: RouteKind, b: RouteKind): boolean {
  return routeKinds.indexOf(a) < routeKinds.indexOf(b);
}

export interface RouteAttachment {
  readonly key: string;
  readonly kind: RouteKind;
  /** "<namespace>/<name>" */
  readonly route: string;
  readonly namespace: string;
  /** "<namespace>/<name>" */
  readonly service: string;
  /** 0: not given. */
  readonly port: number;
  /** The port's name; "": not given. */
  readonly sectionName: string;
  /** A GRPCRoute's, which is not attached there but sends calls there: so that is what the port speaks (GEP-1911). */
  readonly isBackend: boolean;
}

export interface RouteAttachments {
  readonly byService: Index<RouteAttachment>;
  /** Of GRPCRoutes alone: an HTTPRoute asks for them, and must not be looked at again for every other HTTPRoute. */
  readonly grpcByService: Index<RouteAttachment>;
}

export function buildRouteAttachments(graph: CollectionGraph, sources: Sources): RouteAttachments {
  const attach = (
    kind: RouteKind,
    routes: Collection<SourcedObject<AnyRoute>>,
  ): Collection<RouteAttachment> =>
    graph.derive(routes, (_, { key, object }) => attachmentsOf(kind, key, object), {
      name: `${kind}-attachments`,
      key: (attachment) => attachment.key,
    });
  const grpc = attach("GRPCRoute", sources.grpcRoutes);
  const callees = graph.derive(sources.grpcRoutes, (_, { key, object }) => calleesOf(key, object), {
    name: "grpc-callees",
    key: (attachment) => attachment.key,
  });
  const all = graph.join("route-attachments", [
    grpc,
    callees,
    attach("HTTPRoute", sources.httpRoutes),
    attach("TLSRoute", sources.tlsRoutes),
    attach("TCPRoute", sources.tcpRoutes),
  ]);
  const serviceOf = ({ service }: RouteAttachment): string[] => [service];
  return {
    byService: graph.index("route-attachments-by-service", all, serviceOf),
    grpcByService: graph.index("grpc-attachments-by-service", grpc, serviceOf),
  };
}

function attachmentsOf(kind: RouteKind, route: string, object: AnyRoute): RouteAttachment[] {
  return (object.spec?.parentRefs ?? []).flatMap((ref, position): RouteAttachment[] => {
    if (!isServiceReference(ref)) return [];
    const namespace = object.metadata.namespace ?? "";
    return [
      {
        key: `${kind}/${route}#${position}`,
        kind,
        route,
        namespace,
        service: `${ref.namespace ?? namespace}/${ref.name}`,
        port: ref.port ?? 0,
        sectionName: ref.sectionName ?? "",
        isBackend: false,
      },
    ];
  });
}

/** The Service ports that a GRPCRoute sends calls to, each once. */
function calleesOf(route: string, { metadata, spec }: GRPCRoute): RouteAttachment[] {
  const namespace = metadata.namespace ?? "";
  const refs = (spec?.rules ?? []).flatMap(({ backendRefs }) => backendRefs ?? []);
  const callees = refs.flatMap((ref): RouteAttachment[] => {
    if ((ref.group ?? "") !== "" || (ref.kind ?? "Service") !== "Service" || ref.port === undefined)
      return [];
    const service = `${ref.namespace ?? namespace}/${ref.name}`;
    const key = `GRPCRoute/${route}>${service}:${ref.port}`;
    const { port } = ref;
    return [{ key, kind: "GRPCRoute", route, namespace, service, port, sectionName: "", isBackend: true }];
  });
  return [...new Map(callees.map((callee) => [callee.key, callee])).values()];
}

/** A parentRef's group and kind default to Gateway API's Gateway. */
export function isServiceReference(ref: ParentReference): boolean {
  return (ref.group ?? gatewayGroup) === "" && (ref.kind ?? "Gateway") === "Service";
}

/** The route of its own namespace that says what is spoken on a port of the Service: the first kind of all, then the first name. */
export function attachedRoute(
  service: Service,
  attachments: readonly RouteAttachment[],
  port: Pick<ServicePort, "port" | "name">,
): RouteAttachment | undefined {
  let first: RouteAttachment | undefined;
  for (const attachment of attachments) {
    if (!isOwn(service, attachment) || !coversPort(attachment, port)) continue;
    if (first === undefined || compareAttachments(attachment, first) < 0) first = attachment;
  }
  return first;
}

/** The routes of the Service's own namespace that are attached to the port. */
export function ownParents(
  service: Service,
  attachments: readonly RouteAttachment[],
  port: Pick<ServicePort, "port" | "name">,
): readonly RouteAttachment[] {
  return attachments.filter(
    (attachment) => !attachment.isBackend && isOwn(service, attachment) && coversPort(attachment, port),
  );
}

function isOwn({ metadata }: Service, { namespace }: RouteAttachment): boolean {
  return namespace === metadata.namespace;
}

/** Whether the reference means this port: where a number and a name are given, both must hold. */
export function coversPort(
  attachment: Pick<RouteAttachment, "port" | "sectionName">,
  { port, name = "" }: Pick<ServicePort, "port" | "name">,
): boolean {
  if (attachment.port !== 0 && attachment.port !== port) return false;
  return attachment.sectionName === "" || attachment.sectionName === name;
}

/** By kind, then by name. */
export function compareAttachments(a: RouteAttachment, b: RouteAttachment): number {
  if (a.kind !== b.kind) return goesBeforeKind(a.kind, b.kind) ? -1 : 1;
  if (a.route === b.route) return 0;
  return a.route < b.route ? -1 : 1;
}
