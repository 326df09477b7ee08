/**
 * Gateways and GatewayClasses -> conditions. Nothing is pushed for a waypoint's Gateway itself: it is the scope of what is
 * pushed. Gateways of other classes belong to other controllers, and get nothing from us.
 */
import type { Gateway, GatewayClass } from "@waystone/api/kubernetes/gateway";
import { controllerName } from "@waystone/api/names";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { Finding } from "../model/finding.ts";
import type { SourcedObject } from "../model/sources.ts";
import { isWaypoint } from "../model/waypoint-gateway.ts";
import { type GatewayRefusal, gatewayRefusals } from "./gateway-refusals.ts";
import { emptyStatus, type ObjectStatus } from "./object-status.ts";

export function gatewayToStatus(
  { key, object, problem }: SourcedObject<Gateway>,
  gatewayClass: GatewayClass | undefined,
): ObjectStatus | undefined {
  if (!isWaypoint(object, gatewayClass)) return undefined;
  const status = emptyStatus(object, problem);
  const refusals = gatewayRefusals(object);
  const findings = refusals.map(({ field, message }): Finding => ({ severity: "error", field, message }));
  return { ...status, conditions: [acceptedCondition(refusals, status.generation)], waypoint: key, findings };
}

function acceptedCondition(refusals: readonly GatewayRefusal[], generation: number): DraftCondition {
  const [first] = refusals;
  if (first === undefined)
    return draftCondition("Accepted", "True", "Accepted", "the Gateway is a waypoint", generation);
  const message = refusals.map((refusal) => `${refusal.field}: ${refusal.message}`).join("; ");
  return draftCondition("Accepted", "False", first.reason, message, generation);
}

export function gatewayClassToStatus({
  object,
  problem,
}: SourcedObject<GatewayClass>): ObjectStatus | undefined {
  if (object.spec.controllerName !== controllerName) return undefined;
  const status = emptyStatus(object, problem);
  const accepted = draftCondition("Accepted", "True", "Accepted", "served by Waystone", status.generation);
  return { ...status, conditions: [accepted] };
}
