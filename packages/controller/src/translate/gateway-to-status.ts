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
import {
  clientCertificateField,
  type ClientCertificateFault,
  type ClientCertificateTranslation,
} from "./client-certificate-to-resource.ts";
import { type GatewayRefusal, gatewayRefusals } from "./gateway-refusals.ts";
import { emptyStatus, type ObjectStatus } from "./object-status.ts";

export function gatewayToStatus(
  { key, object, problem }: SourcedObject<Gateway>,
  gatewayClass: GatewayClass | undefined,
  certificate: ClientCertificateTranslation | undefined,
): ObjectStatus | undefined {
  if (!isWaypoint(object, gatewayClass)) return undefined;
  const status = emptyStatus(object, problem);
  const refusals = gatewayRefusals(object);
  const findings = refusals.map(({ field, message }): Finding => ({ severity: "error", field, message }));
  const fault = certificate?.fault;
  if (fault !== undefined)
    findings.push({
      severity: "error",
      field: clientCertificateField,
      message: `${fault.message} (no certificate is shown to backends)`,
    });
  const conditions = [
    acceptedCondition(refusals, status.generation),
    ...(certificate === undefined ? [] : [resolvedRefsCondition(fault, status.generation)]),
  ];
  return { ...status, conditions, waypoint: key, findings };
}

function acceptedCondition(refusals: readonly GatewayRefusal[], generation: number): DraftCondition {
  const [first] = refusals;
  if (first === undefined)
    return draftCondition("Accepted", "True", "Accepted", "the Gateway is a waypoint", generation);
  const message = refusals.map((refusal) => `${refusal.field}: ${refusal.message}`).join("; ");
  return draftCondition("Accepted", "False", first.reason, message, generation);
}

function resolvedRefsCondition(
  fault: ClientCertificateFault | undefined,
  generation: number,
): DraftCondition {
  if (fault === undefined)
    return draftCondition("ResolvedRefs", "True", "ResolvedRefs", "all references are valid", generation);
  const message = `${clientCertificateField}: ${fault.message}`;
  return draftCondition("ResolvedRefs", "False", fault.reason, message, generation);
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
