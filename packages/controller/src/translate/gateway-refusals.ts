/**
 * Fields of a waypoint's Gateway that are for Gateways which clients dial, and that somebody might rely on: what cannot be done is
 * refused and not passed over. The waypoint goes on serving the Services that it has.
 */
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import { hasMeshListener, isMeshListener, listenerFaults } from "../model/mesh-listener.ts";

export interface GatewayRefusal {
  /** GatewayConditionReason, of Accepted. */
  readonly reason: "UnsupportedAddress" | "ListenersNotValid" | "Invalid";
  readonly field: string;
  readonly message: string;
  /** Nothing but this one listener is not served: the Gateway is a waypoint all the same. */
  readonly isOfOneListener: boolean;
}

export function gatewayRefusals(gateway: Gateway): readonly GatewayRefusal[] {
  const { addresses, tls } = gateway.spec;
  const refusals: GatewayRefusal[] = [];
  const refuse = (reason: GatewayRefusal["reason"], field: string, message: string): void => {
    refusals.push({ reason, field, message, isOfOneListener: false });
  };
  if ((addresses ?? []).length > 0) {
    const message = "a waypoint has the address of its own Service, which clients never see; remove it";
    refuse("UnsupportedAddress", "spec.addresses", message);
  }
  refusals.push(...listenerRefusals(gateway));
  if (tls?.frontend !== undefined)
    refuse("Invalid", "spec.tls.frontend", "a waypoint asks no client for a certificate; remove it");
  return refusals;
}

/** Without any listener of a waypoint, there is none (GatewayReasonListenersNotValid). */
function listenerRefusals(gateway: Gateway): GatewayRefusal[] {
  const isWaypoint = hasMeshListener(gateway);
  return (gateway.spec.listeners ?? []).flatMap((listener, index) =>
    listenerFaults(listener).map(({ field, message }) => ({
      reason: "ListenersNotValid" as const,
      field: `spec.listeners[${index}].${field}`,
      message,
      isOfOneListener: isWaypoint && !isMeshListener(listener),
    })),
  );
}
