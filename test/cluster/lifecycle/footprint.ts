/** All that a cluster could leave on a machine, as lines to compare: before the first `up` and after each `down`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { runProgram } from "../run-program.ts";
import type { StateDir } from "../state-dir.ts";

/** Where Kubernetes, containerd, runc and CNI keep things when they are not told otherwise. */
const usualFolders = [
  "/run/containerd",
  "/run/kubernetes",
  "/run/netns",
  "/run/nri",
  "/run/runc",
  "/var/lib/cni",
  "/var/lib/containerd",
  "/var/lib/etcd",
  "/var/lib/kubelet",
  "/var/log/containers",
  "/var/log/pods",
  "/usr/libexec/kubernetes",
  "/etc/cni",
  "/opt/cni",
  "/opt/containerd",
  path.join(os.homedir(), ".kube"),
];

const kernelSettings = [
  "vm/overcommit_memory",
  "kernel/panic",
  "kernel/panic_on_oops",
  "net/ipv4/ip_forward",
];

export async function footprint(state: StateDir): Promise<readonly string[]> {
  const mounts = readFileSync("/proc/self/mounts", "utf8").trimEnd().split("\n");
  const links = await runProgram(["ip", "-o", "link", "show"]);
  const rules = await runProgram(["nft", "list", "ruleset"]);
  return [
    ...processes(state).map((each) => `process ${each}`),
    ...mounts.map((each) => `mount ${each}`),
    ...links
      .trimEnd()
      .split("\n")
      .map((each) => `link ${each.split(": ")[1]}`),
    ...rules.split("\n").map((each) => `rule ${each}`),
    ...usualFolders.filter((folder) => existsSync(folder)).flatMap(listFolder),
    ...namesIn("/var/tmp").filter((name) => name.startsWith(path.basename(state.root))),
    ...namesIn("/tmp").filter((name) => /^(containerd|runc|kube|etcd|ctr|helm)/.test(name)),
    ...cgroups(state),
    ...kernelSettings.map((name) => `${name} = ${readFileSync(`/proc/sys/${name}`, "utf8").trim()}`),
  ];
}

/** All of them are told of a file or folder of the cluster's; what runs in a container is seen by its cgroup. */
function processes(state: StateDir): readonly string[] {
  return namesIn("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => quietly(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " "))
    .filter((command) => command.includes(state.root));
}

function listFolder(folder: string): readonly string[] {
  return [folder, ...namesIn(folder).map((name) => path.join(folder, name))];
}

function cgroups(state: StateDir): readonly string[] {
  return namesIn("/sys/fs/cgroup").flatMap((hierarchy) =>
    namesIn(path.join("/sys/fs/cgroup", hierarchy))
      .filter((name) => name === `waystone-${state.name}` || name.startsWith("kubepods"))
      .map((name) => `cgroup ${hierarchy}/${name}`),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
