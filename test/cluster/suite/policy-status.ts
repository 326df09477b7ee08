/** What our controller says of a policy of ours: `kubectl get` of AuthorizationPolicies (`wap`) and AuthenticationPolicies (`wnp`). */
import type { Condition } from "@waystone/api/kubernetes/meta";
import type { KubeObject } from "@waystone/kube/kube-object";
import { until } from "../until.ts";
import type { StatusPlace } from "./said-status.ts";

export interface PolicyObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export type PolicyKind = "wap" | "wnp";

/** Resolves to the conditions of its present generation, "Accepted=True Accepted: text", once one of them has `wanted` in it. */
export async function untilPolicySays(
  { cluster, namespace }: StatusPlace,
  kind: PolicyKind,
  name: string,
  wanted: string,
): Promise<readonly string[]> {
  let last = "";
  return await until(
    async () => {
      last = await cluster.kubectl(["-n", namespace, "get", kind, name, "-o", "json"]);
      const { metadata, status } = JSON.parse(last) as PolicyObject;
      const present = (status?.conditions ?? []).filter(
        ({ observedGeneration }) => observedGeneration === metadata.generation,
      );
      const said = present.map((each) => `${each.type}=${each.status} ${each.reason}: ${each.message}`);
      return said.some((text) => text.includes(wanted)) && said;
    },
    { deadlineMs: 180_000, everyMs: 100, describe: () => `${kind} ${name} does not say ${wanted}: ${last}` },
  );
}

/** In force at every waypoint. */
export async function untilProgrammed(
  place: StatusPlace,
  kind: PolicyKind,
  name: string,
): Promise<readonly string[]> {
  return await untilPolicySays(place, kind, name, "Programmed=True");
}
