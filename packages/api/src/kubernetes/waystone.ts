/** Waystone's own kinds. Their schemas are in crd/, from which the CRDs of the chart are made, and these types too. */
import type { WaypointParametersSpec } from "../crd/waypoint-parameters.ts";
import type { KubernetesObject } from "./meta.ts";

/** How the pods of a waypoint are made: referred to by a Gateway's infrastructure.parametersRef, or by the GatewayClass. */
export interface WaypointParameters extends KubernetesObject {
  readonly kind: "WaypointParameters";
  readonly spec?: WaypointParametersSpec;
}

/** Each field, its bounds and its default are described in crd/waypoint-parameters.ts. */
export type { WaypointParametersSpec };
