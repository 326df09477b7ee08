/** What our controller says of a policy of ours: `kubectl get` of AuthorizationPolicies (`wap`) and AuthenticationPolicies (`wnp`). */
import type { Condition } from "@waystone/api/kubernetes/meta";
import type { KubeObject } from "@waystone/kube/kube-object";
import { type ObjectWithStatus, type StatusPlace, untilObject } from "./said-status.ts";

export interface PolicyObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export type PolicyKind = "wap" | "wnp";

/** Resolves to the conditions of its present generation, "Accepted=True Accepted: text", once one of them has `wanted` in it. */
export async function untilPolicySays(
  place: StatusPlace,
  kind: PolicyKind,
  name: string,
  wanted: string,
): Promise<readonly string[]> {
  const say = ({ metadata, status }: ObjectWithStatus): readonly string[] | false => {
    const present = (status?.conditions ?? []).filter(
      ({ observedGeneration }) => observedGeneration === metadata.generation,
    );
    const said = present.map((each) => `${each.type}=${each.status} ${each.reason}: ${each.message}`);
    return said.some((text) => text.includes(wanted)) && said;
  };
  return await untilObject(place, { kind, name, wanted, deadlineMs: 180_000, everyMs: 100 }, say);
}

/** In force at every waypoint. */
export async function untilProgrammed(
  place: StatusPlace,
  kind: PolicyKind,
  name: string,
): Promise<readonly string[]> {
  return await untilPolicySays(place, kind, name, "Programmed=True");
}
