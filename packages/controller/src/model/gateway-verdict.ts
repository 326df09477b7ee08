/**
 * Whether the waypoint that is asked for may serve a Service. A Gateway that nobody declared is implied (Waystone creates
 * it), but only in the Service's own namespace: another namespace must say itself whom it lets in.
 */
import type { Namespace, Service } from "@waystone/api/kubernetes/core";
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import { gatewayGroup, waypointClassName } from "@waystone/api/names";
import type { FetchContext } from "@waystone/collection/collection";
import { hasMeshListener, meshPort } from "./mesh-listener.ts";
import type { Sources } from "./sources.ts";
import { allowsNamespace, isWaypoint } from "./waypoint-gateway.ts";
import type { WaypointWish } from "./waypoint-wish.ts";

/** Why a Service cannot have what is asked for, in a condition's words. */
export interface Refusal {
  readonly reason: string;
  readonly message: string;
}

export type GatewayVerdict =
  | { readonly isBound: true; readonly isImplied: boolean }
  | { readonly isBound: false; readonly refusal: Refusal };

export function judgeGateway(
  context: FetchContext,
  sources: Sources,
  service: Service,
  namespace: Namespace | undefined,
  { waypoint, by }: WaypointWish,
): GatewayVerdict {
  const own = service.metadata.namespace ?? "";
  const gateway = context.get(sources.gateways, waypoint)?.object;
  if (gateway === undefined) return judgeAbsent(context, sources, own, waypoint, by);
  const className = gateway.spec.gatewayClassName;
  const gatewayClass = context.get(sources.gatewayClasses, className)?.object;
  if (!isWaypoint(gateway, gatewayClass)) {
    const wrong =
      className === waypointClassName
        ? `is of class ${className}, but that GatewayClass belongs to ${gatewayClass?.spec.controllerName}`
        : `is of class ${className}; a waypoint is of class ${waypointClassName}`;
    return deny(`Gateway ${waypoint}, which ${by} names, ${wrong}`);
  }
  if (!hasMeshListener(gateway)) {
    const message =
      `Gateway ${waypoint}, which ${by} names, has no listener of a waypoint; ` +
      `give it one of port ${meshPort} with protocol HTTP or HBONE`;
    return { isBound: false, refusal: { reason: "NoMeshListener", message } };
  }
  if (!allowsNamespace(gateway, own, namespace)) {
    return deny(
      `no mesh listener of Gateway ${waypoint} allows namespace ${own}; set allowedRoutes.namespaces on its listener of port ${meshPort}`,
    );
  }
  return judgeDeletion(gateway, waypoint, by);
}

function judgeAbsent(
  context: FetchContext,
  sources: Sources,
  own: string,
  waypoint: string,
  by: string,
): GatewayVerdict {
  const absent = sources.cluster?.absentKinds;
  if (absent !== undefined && context.get(absent, `Gateway.${gatewayGroup}`) !== undefined) {
    return deny(
      `there can be no Gateway ${waypoint}, which ${by} names: the API server does not know the kind Gateway; ` +
        "install the CRDs of Gateway API, they are picked up when they appear",
    );
  }
  if (waypoint.startsWith(`${own}/`)) return { isBound: true, isImplied: true };
  return deny(
    `Gateway ${waypoint}, which ${by} names, does not exist; a waypoint in another namespace must be declared there, ` +
      `with allowedRoutes that admit namespace ${own}`,
  );
}

/** A Gateway on its way out counts as absent, and is not replaced before it has gone. */
function judgeDeletion(gateway: Gateway, waypoint: string, by: string): GatewayVerdict {
  if (gateway.metadata.deletionTimestamp === undefined) return { isBound: true, isImplied: false };
  return deny(
    `Gateway ${waypoint}, which ${by} names, is being deleted: its Services are given back first; ` +
      "name another one, or remove what asks for it",
  );
}

function deny(message: string): GatewayVerdict {
  return { isBound: false, refusal: { reason: "AttachmentDenied", message } };
}
