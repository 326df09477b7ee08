/**
 * Which WaypointParameters make a Gateway's waypoint: those of spec.infrastructure.parametersRef, else those of its
 * GatewayClass, else none (every default). One that cannot be had is a problem of the Gateway (GEP-1867: Accepted=False,
 * InvalidParameters), and what runs stays as it is.
 */
import type { Gateway, GatewayClass, ParametersReference } from "@waystone/api/kubernetes/gateway";
import type { WaypointParameters, WaypointParametersSpec } from "@waystone/api/kubernetes/waystone";
import { waystoneGroup } from "@waystone/api/names";
import { describeProblem, type SourcedObject } from "../model/sources.ts";

export type PickedParameters =
  | { readonly spec: WaypointParametersSpec }
  /** For people. */
  | { readonly problem: string };

/** Finds WaypointParameters by "<namespace>/<name>". */
export type FindParameters = (key: string) => SourcedObject<WaypointParameters> | undefined;

export function pickParameters(
  gateway: Gateway,
  gatewayClass: GatewayClass | undefined,
  find: FindParameters,
): PickedParameters {
  const own = gateway.spec.infrastructure?.parametersRef;
  if (own !== undefined) {
    return resolve(own, gateway.metadata.namespace, "spec.infrastructure.parametersRef", find);
  }
  const shared = gatewayClass?.spec.parametersRef;
  if (gatewayClass === undefined || shared === undefined) return { spec: {} };
  const field = `spec.parametersRef of GatewayClass ${gatewayClass.metadata.name}`;
  return resolve(shared, shared.namespace, field, find);
}

function resolve(
  { group, kind, name }: ParametersReference,
  namespace: string | undefined,
  field: string,
  find: FindParameters,
): PickedParameters {
  if (group !== waystoneGroup || kind !== "WaypointParameters") {
    const problem = `${field} names a ${kind} of group ${JSON.stringify(group)}; a waypoint takes WaypointParameters of group ${waystoneGroup}`;
    return { problem };
  }
  if (namespace === undefined) {
    return { problem: `${field} names no namespace, and a GatewayClass has none of its own; add one` };
  }
  const key = `${namespace}/${name}`;
  const found = find(key);
  if (found === undefined) {
    return {
      problem: `${field} names WaypointParameters ${key}, which do not exist; create them, or correct the name`,
    };
  }
  if (found.problem !== undefined) {
    return {
      problem: `${field}: WaypointParameters ${key} cannot be used: ${describeProblem(found.problem)}`,
    };
  }
  return { spec: found.object.spec ?? {} };
}
