/**
 * The examples on a real cluster, by the very checks that `npm run test:examples` makes of `waystone run`. What a client calls
 * 127.20.0.N is led to the ClusterIP of that Service from here.
 */
import type { Pod, Service } from "@waystone/api/kubernetes/core";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { afterAll, beforeAll, describe, test } from "vitest";
import { closeConnections } from "../../../examples/harness/ask.ts";
import { type Backend, openBackend } from "../../../examples/harness/backend.ts";
import { exampleNames, loadExample } from "../../../examples/harness/example.ts";
import { runProgram } from "../run-program.ts";
import { until } from "../until.ts";
import { type OpenForward, openForward } from "./example-forward.ts";
import { forCluster, isForWaypoint, placed, readManifests } from "./example-on-cluster.ts";
import { installWaystone, uninstallWaystone, waystone } from "./installed-waystone.ts";
import { getService, untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { untilEndpointsServed } from "./waypoint-endpoints.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const examples = await Promise.all(exampleNames().map(loadExample));
let image = "";

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

interface WithProgrammed {
  readonly status?: Conditions & { readonly parents?: readonly Conditions[] };
}

/** Routes say it by parent, our own policies once. */
const programmedKinds = /Route$|^A\w+Policy$/;

async function untilProgrammed({
  kind,
  metadata: { namespace = "", name },
}: KubernetesObject): Promise<void> {
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

async function untilResolved({ kind, metadata: { namespace = "", name } }: KubernetesObject): Promise<void> {
  const wait = ["wait", kind, name, "--for=condition=ResolvedRefs", "--timeout=60s"];
  await cluster.kubectl(["-n", namespace, ...wait]);
}

/** And are ready, as far as pods without a probe can tell. */
async function untilPodsRun(namespace: string): Promise<void> {
  const ready = ["--for=condition=Ready", "--timeout=90s"];
  await cluster.kubectl(["-n", namespace, "wait", "pod", "--all", ...ready]);
}

beforeAll(async () => {
  // Examples may show what only that channel has.
  await installWaystone(cluster, { channel: "experimental" });
  image = await loadWaystoneImage(cluster);
  const addresses = examples.flatMap(({ backends }) => backends.map(({ host }) => placed(host)));
  for (const address of addresses) {
    await runProgram(["ip", "address", "replace", `${address}/32`, "dev", "eth0"]);
  }
}, 240_000);

afterAll(async () => {
  closeConnections();
  await uninstallWaystone(cluster);
  const namespaces = examples
    .flatMap(readManifests)
    .filter(({ kind }) => kind === "Namespace")
    .map(({ metadata }) => metadata.name);
  await cluster.kubectl(["delete", "namespace", ...namespaces, "--wait=false", "--ignore-not-found"]);
}, 240_000);

/** The addresses that clients of the example have, and the pods that have them here. */
async function podsOfClients(objects: readonly KubernetesObject[]): Promise<ReadonlyMap<string, string>> {
  const pods = objects.filter((object): object is Pod => object.kind === "Pod");
  const entries = pods.map(async ({ metadata: { namespace = "", name }, status }) => {
    const path = "jsonpath={.status.podIP}";
    const address = await cluster.kubectl(["-n", namespace, "get", "pod", name, "-o", path]);
    return [status?.podIP ?? "", address] as const;
  });
  return new Map(await Promise.all(entries));
}

describe.each(examples)("$name", (example) => {
  const objects = readManifests(example);
  const backends: Backend[] = [];
  const forwards: OpenForward[] = [];

  beforeAll(async () => {
    for (const options of example.backends) {
      backends.push(await openBackend({ ...options, host: placed(options.host) }));
    }
    const here = forCluster(example, image);
    const namespace = objects[0]?.metadata.name ?? "";
    await applyObjects(cluster, ...here);
    // As its README says.
    if (objects.some(({ kind }) => kind === "Secret"))
      await waystone(cluster, "grant", "secrets", "-n", namespace);
    const namespaces = objects.filter(({ kind }) => kind === "Namespace");
    for (const { metadata } of namespaces) await untilPodsRun(metadata.name);
    const clients = await podsOfClients(objects);
    for (const object of objects) {
      if (object.kind !== "Service") continue;
      const { metadata, spec } = object as Service;
      if (spec?.clusterIP === undefined) continue;
      const key = `${metadata.namespace}/${metadata.name}`;
      if (isForWaypoint(object as Service, objects)) await untilCaptured(cluster, key, 90_000);
      const from = spec.clusterIP;
      const to = (await getService(cluster, key)).spec?.clusterIP ?? "";
      for (const { port } of spec.ports ?? []) {
        forwards.push(await openForward({ from, to, port, podOf: (client) => clients.get(client) }));
      }
    }
    // A grant is seen when the controller looks again.
    for (const object of objects) if (object.kind === "AuthenticationPolicy") await untilResolved(object);
    for (const object of objects) if (programmedKinds.test(object.kind)) await untilProgrammed(object);
    await untilEndpointsServed(cluster, namespace, here);
  }, 240_000);

  afterAll(async () => {
    for (const forward of forwards) forward.close();
    for (const backend of backends) await backend.close();
  });

  const backend = (name: string): Backend => {
    const found = backends.find((each) => each.name === name);
    if (found === undefined) throw new Error(`the example has no backend ${name}`);
    return found;
  };
  test.each(example.checks)("$rule", async ({ holds }) => await holds({ backend }));
});
