/** Waits for what our controller says of a route or of a policy, of the generation that it has. */
import type { RouteParentStatus } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { controllerName } from "@waystone/api/names";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";

/** Objects of one namespace: "tlsroute", "one". */
export interface StatusPlace {
  readonly cluster: RunningCluster;
  readonly namespace: string;
}

export interface ObjectWithStatus {
  readonly metadata: { readonly generation?: number };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly parents?: readonly RouteParentStatus[];
    readonly ancestors?: readonly Omit<RouteParentStatus, "parentRef">[];
  };
}

/** Resolves to all conditions of our entry, "Accepted=True Accepted", once one of them begins with `wanted`. */
export async function untilSaid(
  place: StatusPlace,
  kind: string,
  name: string,
  wanted: string,
): Promise<readonly string[]> {
  const say = ({ metadata, status }: ObjectWithStatus): readonly string[] | false => {
    const entries = status?.parents ?? status?.ancestors ?? [];
    const conditions = entries.find((entry) => entry.controllerName === controllerName)?.conditions ?? [];
    if (conditions.some(({ observedGeneration }) => observedGeneration !== metadata.generation)) return false;
    const said = conditions.map((each) => `${each.type}=${each.status} ${each.reason}`);
    return said.some((text) => text.startsWith(wanted)) && said;
  };
  return await untilObject(place, { kind, name, wanted, deadlineMs: 60_000, everyMs: 200 }, say);
}

export interface AwaitedObject {
  readonly kind: string;
  readonly name: string;
  /** For who reads that it did not come. */
  readonly wanted: string;
  readonly deadlineMs: number;
  readonly everyMs: number;
}

/** Reads an object until `say` has something to say of it. */
export async function untilObject(
  { cluster, namespace }: StatusPlace,
  { kind, name, wanted, deadlineMs, everyMs }: AwaitedObject,
  say: (object: ObjectWithStatus) => readonly string[] | false,
): Promise<readonly string[]> {
  let last = "";
  return await until(
    async () => {
      last = await cluster.kubectl(["-n", namespace, "get", kind, name, "-o", "json"]);
      return say(JSON.parse(last) as ObjectWithStatus);
    },
    { deadlineMs, everyMs, describe: () => `${kind} ${name} does not say ${wanted}: ${last}` },
  );
}
