/** Waits for what our controller says of a route or of a policy, of the generation that it has. */
import type { RouteParentStatus } from "@waystone/api/kubernetes/gateway";
import { controllerName } from "@waystone/api/names";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";

/** Objects of one namespace: "tlsroute", "one". */
export interface StatusPlace {
  readonly cluster: RunningCluster;
  readonly namespace: string;
}

interface Said {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly parents?: readonly RouteParentStatus[];
    readonly ancestors?: readonly Omit<RouteParentStatus, "parentRef">[];
  };
}

/** Resolves to all conditions of our entry, "Accepted=True Accepted", once one of them begins with `wanted`. */
export async function untilSaid(
  { cluster, namespace }: StatusPlace,
  kind: string,
  name: string,
  wanted: string,
): Promise<readonly string[]> {
  let last = "";
  return await until(
    async () => {
      last = await cluster.kubectl(["-n", namespace, "get", kind, name, "-o", "json"]);
      const { metadata, status } = JSON.parse(last) as Said;
      const entries = status?.parents ?? status?.ancestors ?? [];
      const conditions = entries.find((entry) => entry.controllerName === controllerName)?.conditions ?? [];
      if (conditions.some(({ observedGeneration }) => observedGeneration !== metadata.generation))
        return false;
      const said = conditions.map((each) => `${each.type}=${each.status} ${each.reason}`);
      return said.some((text) => text.startsWith(wanted)) && said;
    },
    { deadlineMs: 60_000, everyMs: 200, describe: () => `${kind} ${name}: ${last}` },
  );
}
