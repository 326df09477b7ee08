/**
 * Fields of a waypoint's Gateway that are for Gateways which clients dial, and that somebody might rely on: what cannot be done is
 * refused and not passed over. The waypoint goes on serving the Services that it has.
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";

export interface GatewayRefusal {
  /** GatewayConditionReason, of Accepted. */
  readonly reason: "UnsupportedAddress" | "ListenersNotValid" | "Invalid";
  readonly field: string;
  readonly message: string;
}

export function gatewayRefusals({ spec }: Gateway): readonly GatewayRefusal[] {
  const refusals: GatewayRefusal[] = [];
  if ((spec.addresses ?? []).length > 0) {
    const message = "a waypoint has the address of its own Service, which clients never see; remove it";
    refusals.push({ reason: "UnsupportedAddress", field: "spec.addresses", message });
  }
  for (const [index, listener] of (spec.listeners ?? []).entries()) {
    const at = `spec.listeners[${index}]`;
    if (listener.tls !== undefined) {
      const message = "a waypoint terminates no TLS: nobody dials its listeners; remove it";
      refusals.push({ reason: "ListenersNotValid", field: `${at}.tls`, message });
    }
    if (listener.filters !== undefined) {
      const message =
        "filters of listeners are not served: requests pass as if they were not there; remove them";
      refusals.push({ reason: "ListenersNotValid", field: `${at}.filters`, message });
    }
  }
  if (spec.tls?.frontend !== undefined) {
    const message = "a waypoint asks no client for a certificate; remove it";
    refusals.push({ reason: "Invalid", field: "spec.tls.frontend", message });
  }
  return refusals;
}
