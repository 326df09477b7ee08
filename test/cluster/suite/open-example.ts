/**
 * An example, or the world of a task page, on the cluster: its manifests, its backends, and what a client calls 127.20.0.N led to the
 * ClusterIP of that Service from here. Resolves when everything that it shows is in force.
 */
import type { Pod, Service } from "@waystone/api/kubernetes/core";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { type Backend, openBackend } from "../../../examples/harness/backend.ts";
import type { RunningCluster } from "../running-cluster.ts";
import { runProgram } from "../run-program.ts";
import { until } from "../until.ts";
import { type Forward, openForward } from "./example-forward.ts";
import {
  forCluster,
  isForWaypoint,
  type Manifest,
  placed,
  type PlacedExample,
  readManifests,
} from "./example-on-cluster.ts";
import { waystone } from "./installed-waystone.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { untilEndpointsServed } from "./waypoint-endpoints.ts";

export interface OpenExample {
  readonly backends: readonly Backend[];
  /** Namespaces stay: whoever opened it deletes them. */
  close(): Promise<void>;
}

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

interface WithProgrammed {
  readonly status?: Conditions & { readonly parents?: readonly Conditions[] };
}

/** Routes say it by parent, our own policies once. */
const programmedKinds = /Route$|^A\w+Policy$/;

export async function openExample(
  cluster: RunningCluster,
  example: PlacedExample,
  image: string,
): Promise<OpenExample> {
  await using opened = new AsyncDisposableStack();
  const objects = readManifests(example);
  const backends: Backend[] = [];
  for (const options of example.backends) {
    const host = placed(options.host);
    await runProgram(["ip", "address", "replace", `${host}/32`, "dev", "eth0"]);
    backends.push(opened.adopt(await openBackend({ ...options, host }), async (each) => await each.close()));
  }
  const here = forCluster(example, image);
  const namespace = objects[0]?.metadata.name ?? "";
  await applyObjects(cluster, ...here);
  // As its README says.
  if (objects.some(({ kind }) => kind === "Secret"))
    await waystone(cluster, "grant", "secrets", "-n", namespace);
  for (const each of namespacesOf(here)) await untilPodsRun(cluster, each);
  for (const forward of await readForwards(cluster, objects))
    opened.adopt(await openForward(forward), (each) => each.close());
  // A grant is seen when the controller looks again.
  for (const object of objects)
    if (object.kind === "AuthenticationPolicy") await untilResolved(cluster, object);
  for (const object of objects) if (programmedKinds.test(object.kind)) await untilProgrammed(cluster, object);
  const reached = here.filter((each) => each.kind !== "Service" || isReached(each, namespace, objects));
  await untilEndpointsServed(cluster, namespace, reached);
  // What fails before this line closes what it has opened: the next example listens at the same addresses.
  const kept = opened.move();
  return { backends, close: async () => await kept.disposeAsync() };
}

/** A waypoint has endpoints of its own namespace's Services, and of those that a policy or route names. */
function isReached({ metadata }: Manifest, own: string, objects: readonly Manifest[]): boolean {
  const name = JSON.stringify(metadata.name);
  const refers = ({ kind, spec }: Manifest): boolean =>
    /(Policy|Route)$/.test(kind) && JSON.stringify(spec ?? {}).includes(`"name":${name}`);
  return metadata.namespace === own || objects.some(refers);
}

export function namespacesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
}

/** And are ready, as far as pods without a probe can tell. A namespace of other things only has none. */
async function untilPodsRun(cluster: RunningCluster, namespace: string): Promise<void> {
  const ready = ["--for=condition=Ready", "--timeout=180s"];
  await cluster.kubectl(["-n", namespace, "wait", "pod", "--all", ...ready]);
}

/** Every port of every Service, as its waypoint has it. */
async function readForwards(
  cluster: RunningCluster,
  objects: readonly KubernetesObject[],
): Promise<readonly Forward[]> {
  const clients = await podsOfClients(cluster, objects);
  const forwards: Forward[] = [];
  for (const object of objects) {
    if (object.kind !== "Service") continue;
    const { metadata, spec } = object as Service;
    if (spec?.clusterIP === undefined) continue;
    const key = `${metadata.namespace}/${metadata.name}`;
    if (isForWaypoint(object as Service, objects)) await untilCaptured(cluster, key, 90_000);
    const from = spec.clusterIP;
    const to = (await getService(cluster, key)).spec?.clusterIP ?? "";
    for (const { port } of spec.ports ?? []) {
      forwards.push({ from, to, port, podOf: (client) => clients.get(client) });
    }
  }
  return forwards;
}

/** The addresses that clients of the example have, and the pods that have them here. */
async function podsOfClients(
  cluster: RunningCluster,
  objects: readonly KubernetesObject[],
): Promise<ReadonlyMap<string, string>> {
  const pods = objects.filter((object): object is Pod => object.kind === "Pod");
  const entries = pods.map(async ({ metadata: { namespace = "", name }, status }) => {
    const path = "jsonpath={.status.podIP}";
    const address = await cluster.kubectl(["-n", namespace, "get", "pod", name, "-o", path]);
    return [status?.podIP ?? "", address] as const;
  });
  return new Map(await Promise.all(entries));
}

async function untilProgrammed(
  cluster: RunningCluster,
  { kind, metadata: { namespace = "", name } }: Manifest,
): Promise<void> {
  let last = "";
  await until(
    async () => {
      last = await cluster.kubectl(["-n", namespace, "get", kind, name, "-o", "json"]);
      const { status = {} } = JSON.parse(last) as WithProgrammed;
      const isTrue = (status.parents ?? [status]).map(({ conditions = [] }) =>
        conditions.some(({ type, status: value }) => type === "Programmed" && value === "True"),
      );
      return isTrue.length > 0 && isTrue.every(Boolean);
    },
    { deadlineMs: 60_000, describe: () => `${kind} ${name} is not Programmed: ${last}` },
  );
}

async function untilResolved(
  cluster: RunningCluster,
  { kind, metadata: { namespace = "", name } }: Manifest,
): Promise<void> {
  const wait = ["wait", kind, name, "--for=condition=ResolvedRefs", "--timeout=180s"];
  await cluster.kubectl(["-n", namespace, ...wait]);
}
