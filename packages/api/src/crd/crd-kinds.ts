/** Every kind of ours, in the order of the alphabet: the chart has one file of each (`npm run generate`). */
import { authenticationPolicy } from "./authentication-policy.ts";
import { authorizationPolicy } from "./authorization-policy.ts";
import type { CrdKind } from "./crd-kind.ts";
import { waypointParameters } from "./waypoint-parameters.ts";

export const crdKinds: readonly CrdKind[] = [authenticationPolicy, authorizationPolicy, waypointParameters];
