/**
 * A cgroup per node: two kubelets on one machine would remove each other's pods if they shared one. Version 1 has a
 * hierarchy per controller, version 2 a single one; both are found where they are mounted.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { StateDir } from "./state-dir.ts";
import { until } from "./until.ts";

/** Where the hierarchies of a version are mounted. */
function mountPoints(type: "cgroup" | "cgroup2"): readonly string[] {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  return mounts.map((line) => line.split(" ")).flatMap(([, at, of]) => (of === type && at ? [at] : []));
}

/** Those that have controllers: beside version 1, version 2 has none. */
function hierarchies(): readonly string[] {
  return isCgroupVersion1() ? mountPoints("cgroup") : mountPoints("cgroup2");
}

export function isCgroupVersion1(): boolean {
  return mountPoints("cgroup").length > 0;
}

/** As kubelet's cgroupRoot: a path inside each hierarchy. */
export function cgroupOf(state: StateDir, node: string): string {
  return `/${clusterGroup(state)}/${node}`;
}

export function createCgroup(state: StateDir, node: string): void {
  for (const hierarchy of hierarchies()) {
    let parent = hierarchy;
    for (const name of [clusterGroup(state), node]) {
      const group = path.join(parent, name);
      mkdirSync(group, { recursive: true });
      if (isCgroupVersion1()) inheritCpuset(parent, group);
      else delegateControllers(parent);
      parent = group;
    }
  }
}

/** In version 2 a group has only the controllers that its parent hands down; kubelet refuses a root without these. */
function delegateControllers(parent: string): void {
  const known = readFileSync(path.join(parent, "cgroup.controllers"), "utf8").trim().split(" ");
  const wanted = ["cpu", "cpuset", "hugetlb", "io", "memory", "pids"].filter((each) => known.includes(each));
  writeFileSync(path.join(parent, "cgroup.subtree_control"), wanted.map((each) => `+${each}`).join(" "));
}

/** A new cpuset of version 1 has no CPU and no memory, and no process may enter it. */
function inheritCpuset(parent: string, group: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const inherited = path.join(parent, file);
    if (existsSync(inherited)) writeFileSync(path.join(group, file), readFileSync(inherited));
  }
}

/**
 * Waits for the last process to leave: the kernel refuses to remove a group that still has one. Looks at both versions:
 * where both are mounted, runc makes its groups in both.
 */
export async function removeCgroups(state: StateDir): Promise<void> {
  const left = (): readonly string[] =>
    [...mountPoints("cgroup"), ...mountPoints("cgroup2")]
      .map((hierarchy) => path.join(hierarchy, clusterGroup(state)))
      .filter((folder) => !removeTree(folder));
  await until(() => left().length === 0, {
    deadlineMs: 10_000,
    describe: () => `processes are still in ${left().join(", ")}`,
  });
}

function clusterGroup(state: StateDir): string {
  return `waystone-${state.name}`;
}

/** Folders alone: the files in them are the kernel's. */
function removeTree(folder: string): boolean {
  if (!existsSync(folder)) return true;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(path.join(folder, entry.name));
    }
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
