/** Waystone's own kinds. Their schemas are in crd/, from which the CRDs of the chart are made, and these types too. */
import type { AuthenticationPolicySpec } from "../crd/authentication-policy.ts";
import type { AuthorizationPolicySpec } from "../crd/authorization-policy.ts";
import type { WaypointParametersSpec } from "../crd/waypoint-parameters.ts";
import type { KubernetesObject } from "./meta.ts";

/** How the pods of a waypoint are made: referred to by a Gateway's infrastructure.parametersRef, or by the GatewayClass. */
export interface WaypointParameters extends KubernetesObject {
  readonly kind: "WaypointParameters";
  readonly spec?: WaypointParametersSpec;
}

/** How Services learn who asks (design/0005-who-asks.md). */
export interface AuthenticationPolicy extends KubernetesObject {
  readonly kind: "AuthenticationPolicy";
  readonly spec: AuthenticationPolicySpec;
}

/** Who may do what with Services (design/0003-policies.md). */
export interface AuthorizationPolicy extends KubernetesObject {
  readonly kind: "AuthorizationPolicy";
  readonly spec: AuthorizationPolicySpec;
}

/** Each field, its bounds and its default are described in crd/. */
export type { AuthenticationPolicySpec, AuthorizationPolicySpec, WaypointParametersSpec };
