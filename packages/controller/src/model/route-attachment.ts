/**
 * Which routes name which Services as parents, and nothing else of them: an edit of a route's rules leaves its attachments
 * equal, so the Services that they belong to are not looked at again.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import type { ParentReference } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup } from "@waystone/api/names";
import type { CollectionGraph, Index } from "@waystone/collection/collection";
import type { Sources } from "./sources.ts";

export interface RouteAttachment {
  readonly key: string;
  readonly kind: "HTTPRoute";
  /** "<namespace>/<name>" */
  readonly route: string;
  readonly namespace: string;
  /** "<namespace>/<name>" */
  readonly service: string;
  /** 0: not given. */
  readonly port: number;
  /** The port's name; "": not given. */
  readonly sectionName: string;
}

export function buildRouteAttachments(graph: CollectionGraph, sources: Sources): Index<RouteAttachment> {
  const attachments = graph.derive(
    sources.httpRoutes,
    (_, { key, object }) =>
      (object.spec?.parentRefs ?? []).flatMap((ref, position): RouteAttachment[] => {
        if (!isServiceReference(ref)) return [];
        const namespace = object.metadata.namespace ?? "";
        return [
          {
            key: `HTTPRoute/${key}#${position}`,
            kind: "HTTPRoute",
            route: key,
            namespace,
            service: `${ref.namespace ?? namespace}/${ref.name}`,
            port: ref.port ?? 0,
            sectionName: ref.sectionName ?? "",
          },
        ];
      }),
    { name: "route-attachments", key: (attachment) => attachment.key },
  );
  return graph.index("route-attachments-by-service", attachments, (attachment) => [attachment.service]);
}

/** A parentRef's group and kind default to Gateway API's Gateway. */
export function isServiceReference(ref: ParentReference): boolean {
  return (ref.group ?? gatewayGroup) === "" && (ref.kind ?? "Gateway") === "Service";
}

/** The first producer route by name that is attached to a port of the Service, as "HTTPRoute shop/web". */
export function attachedRoute(
  service: Service,
  attachments: readonly RouteAttachment[],
  { port, name = "" }: ServicePort,
): string | undefined {
  let first: RouteAttachment | undefined;
  for (const attachment of attachments) {
    if (attachment.namespace !== service.metadata.namespace) continue;
    if (attachment.port !== 0 && attachment.port !== port) continue;
    if (attachment.sectionName !== "" && attachment.sectionName !== name) continue;
    if (first === undefined || attachment.route < first.route) first = attachment;
  }
  return first === undefined ? undefined : `${first.kind} ${first.route}`;
}
