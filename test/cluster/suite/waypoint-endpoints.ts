/**
 * Which endpoints the pods of a waypoint have, by their own word: that a Service is captured and its routes are programmed says
 * nothing of them. A pod that became Ready a moment ago has to pass Kubernetes' slices and our push first.
 */
import type { Pod, Service } from "@waystone/api/kubernetes/core";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { RunningCluster } from "../running-cluster.ts";
import { until } from "../until.ts";

interface Dump {
  readonly workers: readonly {
    readonly services: readonly {
      readonly name: string;
      readonly ports: readonly {
        readonly endpoints: readonly { readonly state: string }[];
        /** Why it is to have none. */
        readonly unusable: string;
      }[];
    }[];
  }[];
}

/** Until every worker of every pod has as many ready endpoints for each port as the objects have pods for the Service. */
export async function untilEndpointsServed(
  cluster: RunningCluster,
  namespace: string,
  objects: readonly KubernetesObject[],
): Promise<void> {
  const wanted = new Map(
    objects.filter(isSelecting).map((service) => [service.metadata.name, countPods(service, objects)]),
  );
  let missing: readonly string[] = [];
  await until(
    async () => {
      const dumps = await readDumps(cluster, namespace);
      missing = dumps.flatMap(({ pod, dump }) => dump.workers.flatMap((each) => lacks(each, wanted, pod)));
      return dumps.length > 0 && missing.length === 0;
    },
    { deadlineMs: 60_000, everyMs: 200, describe: () => `endpoints are missing: ${missing.join("; ")}` },
  );
}

function isSelecting(object: KubernetesObject): object is Service {
  return object.kind === "Service" && (object as Service).spec?.selector !== undefined;
}

function countPods({ spec }: Service, objects: readonly KubernetesObject[]): number {
  const selector = Object.entries(spec?.selector ?? {});
  const pods = objects.filter((object): object is Pod => object.kind === "Pod");
  return pods.filter(({ metadata }) => selector.every(([key, value]) => metadata.labels?.[key] === value))
    .length;
}

function lacks(
  { services }: Dump["workers"][number],
  wanted: ReadonlyMap<string, number>,
  pod: string,
): readonly string[] {
  return [...wanted].flatMap(([name, count]) => {
    const ports = services.find((each) => each.name.endsWith(`/${name}`))?.ports ?? [];
    const served = ports.map(({ endpoints, unusable }) =>
      unusable === "" ? endpoints.filter(({ state }) => state === "ready").length : count,
    );
    const isServed = served.length > 0 && served.every((each) => each === count);
    return isServed ? [] : [`${pod} has ${served.join(", ") || "none"} of ${count} for ${name}`];
  });
}

async function readDumps(
  cluster: RunningCluster,
  namespace: string,
): Promise<readonly { readonly pod: string; readonly dump: Dump }[]> {
  const marked = ["-n", namespace, "get", "pods", "-l", "waystone.dev/waypoint", "-o", "name"];
  const pods = (await cluster.kubectl(marked)).split("\n").filter((name) => name !== "");
  const script = `fetch("http://127.0.0.1:15000/config_dump").then((a) => a.text()).then(console.log)`;
  return await Promise.all(
    pods.map(async (pod) => {
      const text = await cluster.kubectl(["-n", namespace, "exec", pod, "--", "node", "-e", script]);
      return { pod, dump: JSON.parse(text) as Dump };
    }),
  );
}
