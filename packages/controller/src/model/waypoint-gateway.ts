/**
 * Which Gateways are waypoints, and whose Services they may serve. A waypoint is a Gateway of a class that names our
 * controller: waystone-waypoint, which we make, or one that somebody made beside it, with parameters of its own.
 * Services of other namespaces may use it if one of its mesh listeners allows routes from there (Gateway API's
 * allowedRoutes: "Same" unless it says otherwise).
 */
import type { Namespace } from "@waystone/api/kubernetes/core";
import type { Gateway, GatewayClass, GatewayListener } from "@waystone/api/kubernetes/gateway";
import { controllerName, waypointClassName } from "@waystone/api/names";
import { matchLabelSelector } from "./label-selector.ts";
import { isMeshListener } from "./mesh-listener.ts";

/** `gatewayClass` is the GatewayClass that the Gateway names, where it exists. */
export function isWaypoint(gateway: Gateway, gatewayClass: GatewayClass | undefined): boolean {
  // Files need not have ours, and who deletes it in a cluster gets it back.
  if (gatewayClass === undefined) return gateway.spec.gatewayClassName === waypointClassName;
  return gatewayClass.spec.controllerName === controllerName;
}

/** Whether a Service of `namespace` may use the Gateway. `object` is that Namespace, where it is known. */
export function allowsNamespace(gateway: Gateway, namespace: string, object: Namespace | undefined): boolean {
  const listeners = gateway.spec.listeners ?? [];
  if (listeners.length === 0) return gateway.metadata.namespace === namespace;
  return listeners.some(
    (listener) =>
      isMeshListener(listener) && listenerAllows(listener, gateway.metadata.namespace, namespace, object),
  );
}

/** Whether Services of `namespace` may use it; `own` is the Gateway's. */
export function listenerAllows(
  listener: GatewayListener,
  own: string | undefined,
  namespace: string,
  object: Namespace | undefined,
): boolean {
  const allowed = listener.allowedRoutes?.namespaces;
  switch (allowed?.from ?? "Same") {
    case "All":
      return true;
    case "Same":
      return own === namespace;
    case "Selector": {
      // Kubernetes itself puts this label on every Namespace; files need not.
      const labels = { "kubernetes.io/metadata.name": namespace, ...object?.metadata.labels };
      return allowed?.selector !== undefined && matchLabelSelector(allowed.selector, labels);
    }
    case "None":
      return false;
  }
}
