/**
 * `up`: from nothing to a cluster whose nodes are Ready and whose DNS answers, in the order in which things need each
 * other. What does not need each other starts at the same time.
 */
import { apiUrl } from "./addresses.ts";
import { bringDown } from "./bring-down.ts";
import { imageArchives } from "./build/built-files.ts";
import { createCertificates, writeKubeconfig } from "./certificates.ts";
import { createCgroup } from "./cgroups.ts";
import { importImage, startContainerd } from "./containerd.ts";
import { clusterUsers, startApiServer, startControllers } from "./control-plane.ts";
import { coreDnsManifest } from "./coredns.ts";
import { connectFabric } from "./fabric.ts";
import { startKubeProxy } from "./kube-proxy.ts";
import { type KubectlCall, kubectl, tryKubectl } from "./kubectl.ts";
import { startKubelet } from "./kubelet.ts";
import { controlName, type NodeNamespace, nodeNames, openNamespace } from "./node-namespace.ts";
import { RunningCluster } from "./running-cluster.ts";
import { describeLog, requireRunning } from "./start-process.ts";
import type { StateDir } from "./state-dir.ts";
import { until } from "./until.ts";

export interface UpOptions {
  readonly nodes: number;
  /** Told after each step, for a person who waits. */
  readonly onStep?: (step: string) => void;
}

/** Whatever an earlier cluster of this name left is taken away first. On failure all stays, for its logs to be read. */
export async function bringUp(state: StateDir, { nodes: count, onStep }: UpOptions): Promise<RunningCluster> {
  const step = onStep ?? ((): void => {});
  await bringDown(state);
  state.create();
  const names = nodeNames(count);

  const [control, nodes] = await Promise.all([
    openNamespace(state, controlName),
    Promise.all(names.map(async (name) => await openNode(state, name))),
    createCredentials(state, names),
  ]);
  await connectFabric(control, nodes);
  step("namespaces, network and certificates are made");

  await startApiServer(state, control);
  const runtimes = Promise.all(nodes.map(async (node, at) => await startRuntime(state, node, at + 1)));
  const call: KubectlCall = { state, from: control };
  await untilApiServerIsReady(call);
  step("the API server is ready");

  // First of all: the controller manager takes seconds to start its controllers, one after the other.
  await startControllers(state, control);
  await kubectl({ ...call, input: coreDnsManifest() }, ["apply", "-f", "-"]);
  await runtimes;
  step("the images are on the nodes");

  await Promise.all(nodes.map(async (node, at) => await startNode(state, node, at + 1)));
  await untilNodesAreReady(call, names);
  step(`${count === 1 ? "the node is" : `${count} nodes are`} Ready`);

  await kubectl(call, ["-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=60s"]);
  step("the DNS answers");
  state.writeSummary({ nodes: count });
  return RunningCluster.find(state);
}

async function openNode(state: StateDir, name: string): Promise<NodeNamespace> {
  createCgroup(state, name);
  return await openNamespace(state, name);
}

async function createCredentials(state: StateDir, nodes: readonly string[]): Promise<void> {
  await createCertificates(state, nodes);
  for (const user of [...clusterUsers, ...nodes]) writeKubeconfig(state, user, apiUrl);
}

async function startRuntime(state: StateDir, node: NodeNamespace, number: number): Promise<void> {
  await startContainerd(state, node, number);
  for (const archive of imageArchives()) await importImage(state, [node.name], archive);
}

async function startNode(state: StateDir, node: NodeNamespace, number: number): Promise<void> {
  await Promise.all([startKubelet(state, node, number), startKubeProxy(state, node)]);
}

async function untilApiServerIsReady(call: KubectlCall): Promise<void> {
  const isReady = async (): Promise<boolean> => {
    requireRunning(call.state);
    return (await tryKubectl(call, ["get", "--raw", "/readyz"])).exitCode === 0;
  };
  await until(isReady, {
    deadlineMs: 60_000,
    everyMs: 200,
    describe: () => `the API server is not ready. ${describeLog(call.state, "kube-apiserver")}`,
  });
}

/** Asked again and again: `kubectl wait` fails at once for a node that has not registered yet, and sometimes even when told to wait for that. */
async function untilNodesAreReady(call: KubectlCall, names: readonly string[]): Promise<void> {
  const ready =
    '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}';
  const areReady = async (): Promise<boolean> => {
    requireRunning(call.state);
    const { stdout } = await tryKubectl(call, ["get", "nodes", "-o", `jsonpath=${ready}`]);
    return names.every((name) => stdout.includes(`${name} True\n`));
  };
  await until(areReady, {
    deadlineMs: 60_000,
    everyMs: 250,
    describe: () =>
      `not all nodes are Ready. ${names.map((name) => describeLog(call.state, `${name}.kubelet`)).join("\n")}`,
  });
}
