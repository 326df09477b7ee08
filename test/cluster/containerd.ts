/** The container runtime of a node, with its pod network: a point-to-point link per pod, addresses from the node's range. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { podRange } from "./addresses.ts";
import { programFile } from "./build/built-files.ts";
import { imageOf } from "./build/components.ts";
import { startInNode } from "./cluster-process.ts";
import { pluginFolder } from "./machine-requirements.ts";
import type { NodeNamespace } from "./node-namespace.ts";
import { runProgram, tryProgram } from "./run-program.ts";
import { describeLog, requireRunning } from "./start-process.ts";
import type { StateDir } from "./state-dir.ts";
import { until } from "./until.ts";

/** Returns when it answers. */
export async function startContainerd(state: StateDir, node: NodeNamespace, number: number): Promise<void> {
  const folder = state.nodeFolder(node.name);
  const networks = path.join(folder, "cni");
  mkdirSync(networks, { recursive: true });
  writeFileSync(path.join(networks, "10-pods.conflist"), JSON.stringify(podNetwork(folder, number)));
  const config = path.join(folder, "containerd.toml");
  writeFileSync(config, containerdConfig(folder, networks, state.containerdSocket(node.name)));
  const name = `${node.name}.containerd`;
  await startInNode(state, node, { program: "containerd", name, flags: { config } });
  await until(() => answers(state, node.name), {
    deadlineMs: 30_000,
    describe: () => `${name} does not answer. ${describeLog(state, name)}`,
  });
}

async function answers(state: StateDir, node: string): Promise<boolean> {
  requireRunning(state);
  if (!existsSync(state.containerdSocket(node))) return false;
  return (await tryProgram(ctr(state, node, ["version"]))).exitCode === 0;
}

/** An archive as `docker save` or buildImage makes it. On every node that is named. */
export async function importImage(state: StateDir, nodes: readonly string[], archive: string): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => await runProgram(ctr(state, node, ["images", "import", "--local", archive]))),
  );
}

/** As a crash or the kernel's out-of-memory killer would: no warning, no grace. `id` as a pod's status has it. */
export async function killContainer(state: StateDir, node: string, id: string): Promise<void> {
  const bare = id.replace(/^containerd:\/\//, "");
  await runProgram(ctr(state, node, ["tasks", "kill", "--signal", "SIGKILL", bare]));
}

/** The socket is a file: no namespace needs to be entered to talk to containerd. */
function ctr(state: StateDir, node: string, args: readonly string[]): readonly string[] {
  return [programFile("ctr"), "--address", state.containerdSocket(node), "--namespace", "k8s.io", ...args];
}

/** `ptp` needs no bridge, and so no netfilter hooks for bridges, which not every kernel has. */
function podNetwork(folder: string, number: number): unknown {
  const { v4, v6 } = podRange(number);
  const ipam = {
    type: "host-local",
    dataDir: path.join(folder, "ipam"),
    ranges: [[{ subnet: v4 }], [{ subnet: v6 }]],
    routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
  };
  return {
    cniVersion: "1.0.0",
    name: "pods",
    plugins: [
      { type: "ptp", ipMasq: false, ipam },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

function containerdConfig(folder: string, networks: string, socket: string): string {
  return `version = 3
root = "${folder}/containerd"
state = "${folder}/containerd-state"
# Its socket would be one for the whole machine.
disabled_plugins = ["io.containerd.nri.v1.nri"]
[grpc]
  address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${folder}/opt"
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "${imageOf("pause")}"
[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  # Without CAP_SYS_RESOURCE no process may lower its score, and every sandbox would fail.
  restrict_oom_score_adj = true
[plugins."io.containerd.cri.v1.runtime".cni]
  bin_dirs = ["${pluginFolder()}"]
  conf_dir = "${networks}"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
    SystemdCgroup = false
`;
}
