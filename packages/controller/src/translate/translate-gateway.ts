/**
 * Gateways and GatewayClasses -> conditions. Nothing is pushed for a waypoint's Gateway itself, which is the scope of what is
 * pushed, but the client certificate that it names. Gateways of other classes belong to other controllers, and get nothing from us.
 */
import type { Gateway, GatewayClass } from "@waystone/api/kubernetes/gateway";
import { controllerName } from "@waystone/api/names";
import type { FetchContext } from "@waystone/collection/collection";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { Finding } from "../model/finding.ts";
import type { SourcedObject, Sources } from "../model/sources.ts";
import { listenerKinds } from "../model/listener-kinds.ts";
import { hasMeshListener } from "../model/mesh-listener.ts";
import { isWaypoint } from "../model/waypoint-gateway.ts";
import {
  clientCertificateField,
  type ClientCertificateTranslation,
  translateClientCertificate,
} from "./client-certificate-to-resource.ts";
import { type GatewayRefusal, gatewayRefusals } from "./gateway-refusals.ts";
import { emptyStatus, type ObjectStatus, referencesTo, type Translation } from "./object-status.ts";

export function translateGateway(
  fetch: FetchContext,
  sources: Pick<Sources, "secrets" | "cluster">,
  gateway: SourcedObject<Gateway>,
  gatewayClass: GatewayClass | undefined,
): Translation | undefined {
  if (!isWaypoint(gateway.object, gatewayClass)) return undefined;
  const certificate = translateClientCertificate(fetch, sources, gateway);
  const status = gatewayStatus(gateway, certificate);
  return { key: status.key, resource: certificate?.resource, status };
}

function gatewayStatus(
  { key, object, problem }: SourcedObject<Gateway>,
  certificate: ClientCertificateTranslation | undefined,
): ObjectStatus {
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
  const kinds = invalidKinds(object);
  findings.push(...kinds);
  const resolvedRefs = resolvedRefsCondition(certificate, kinds, status.generation);
  const conditions = [
    acceptedCondition(refusals, status.generation),
    ...(hasMeshListener(object) ? [] : [notProgrammed(status.generation)]),
    ...(resolvedRefs === undefined ? [] : [resolvedRefs]),
  ];
  const resources = referencesTo(certificate?.resource);
  return { ...status, conditions, resources, waypoint: key, findings };
}

function acceptedCondition(refusals: readonly GatewayRefusal[], generation: number): DraftCondition {
  const message = refusals.map((refusal) => `${refusal.field}: ${refusal.message}`).join("; ");
  const fatal = refusals.find(({ isOfOneListener }) => !isOfOneListener);
  if (fatal !== undefined) return draftCondition("Accepted", "False", fatal.reason, message, generation);
  if (refusals.length === 0)
    return draftCondition("Accepted", "True", "Accepted", "the Gateway is a waypoint", generation);
  const partly = `the Gateway is a waypoint, but not all that it asks for: ${message}`;
  return draftCondition("Accepted", "True", "ListenersNotValid", partly, generation);
}

/** Said here, before anybody asks which waypoints run it: none is made of it. */
function notProgrammed(generation: number): DraftCondition {
  const message = "none of its listeners is a waypoint's, so nothing is configured for it";
  return draftCondition("Programmed", "False", "Invalid", message, generation);
}

/** Kinds of routes that a listener asks for and cannot have; its own status says the same (InvalidRouteKinds). */
function invalidKinds({ spec }: Gateway): Finding[] {
  return (spec.listeners ?? []).flatMap((listener, index) =>
    listenerKinds(listener).invalid.map(({ position, message }): Finding => {
      const field = `spec.listeners[${index}].allowedRoutes.kinds[${position}]`;
      return { severity: "error", field, message };
    }),
  );
}

/** undefined: the Gateway refers to nothing. The certificate's own reason goes before that of the listeners. */
function resolvedRefsCondition(
  certificate: ClientCertificateTranslation | undefined,
  kinds: readonly Finding[],
  generation: number,
): DraftCondition | undefined {
  const fault = certificate?.fault;
  const said = [
    ...(fault === undefined ? [] : [`${clientCertificateField}: ${fault.message}`]),
    ...kinds.map(({ field, message }) => `${field}: ${message}`),
  ].join("; ");
  if (said !== "")
    return draftCondition("ResolvedRefs", "False", fault?.reason ?? "ListenersNotResolved", said, generation);
  if (certificate === undefined) return undefined;
  return draftCondition("ResolvedRefs", "True", "ResolvedRefs", "all references are valid", generation);
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
