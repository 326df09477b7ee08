/** An AuthorizationPolicy as the engine knows it: checked and compiled, immutable (design/0003-policies.md). */
import type { Assurance } from "./assurance.ts";
import type { Authorizer } from "./authorizer.ts";
import type { Condition } from "./condition.ts";

export interface AuthorizationPolicy {
  /** "AuthorizationPolicy/<namespace>/<name>", the resource's name. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly generation: number;
  /** Unix time; 0 where unknown. The older of several authorizers is asked first. */
  readonly createdAtSeconds: number;
  readonly mode: PolicyMode;
  readonly action: AuthorizationAction;
  readonly minimumAssurance: Assurance;
  readonly targets: readonly PolicyTarget[];
  readonly rules: readonly AuthorizationRule[];
  /** Of a CUSTOM that is usable. */
  readonly provider: Authorizer | undefined;
  /** Not empty: why it cannot be carried out; its targets deny everything. */
  readonly unusable: readonly string[];
  /** It stands for objects that cannot be read, any of which may have been about its targets. */
  readonly isStandIn?: true;
  /** Of what is no policy but a route's filter (external-auth.ts): where it stands in the route. */
  readonly filterField?: string;
}

export type PolicyMode = "Enforce" | "Shadow";
export type AuthorizationAction = "ALLOW" | "DENY" | "AUDIT" | "CUSTOM";

export interface PolicyTarget {
  readonly kind: TargetKind;
  /** "<namespace>/<name>"; of a Namespace its name. */
  readonly name: string;
  /** A port's or rule's name; "": all of it. */
  readonly section: string;
}

export const targetKinds = ["Service", "Namespace", "Gateway", "HTTPRoute", "GRPCRoute"] as const;
export type TargetKind = (typeof targetKinds)[number];

export interface AuthorizationRule {
  /** Its name, or else its position from 0; "" of a CUSTOM without rules, which is about every request. */
  readonly label: string;
  readonly index: number;
  /** Of each list one is enough, with all of its conditions; undefined: anybody, anything. */
  readonly from: readonly (readonly Condition[])[] | undefined;
  readonly to: readonly (readonly Condition[])[] | undefined;
}
