/**
 * Where the kernel keeps the limits of this process: its control group and those around it, version 2
 * (Documentation/admin-guide/cgroup-v2.rst) or version 1. In a container the group's path is usually "/", or a path of the
 * host that does not exist here while the root of the mount is the container's own group: so all of the way up is read,
 * and what is missing is skipped. A limit further up (a pod's, a slice's) binds too.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

/** The folders that may hold the controller's files, innermost first. `root` is "/" but in tests. */
export function cgroupFolders(root: string, controller: "cpu" | "memory"): readonly string[] {
  const folders: string[] = [];
  for (const { controllers, group } of readGroups(root)) {
    // Version 2 is the line without controllers. Where both are mounted, each controller is in one of them.
    const mounts = controllers.length === 0 ? ["", "unified"] : [controllers.join(","), controller];
    if (controllers.length > 0 && !controllers.includes(controller)) continue;
    for (const mount of mounts) folders.push(...upward(path.join(root, "sys/fs/cgroup", mount), group));
  }
  return folders;
}

/** The trimmed content of each folder's file of that name, where there is one. */
export function readCgroupFiles(folders: readonly string[], name: string): readonly string[] {
  return folders.flatMap((folder) => readText(path.join(folder, name)) ?? []);
}

/** /proc/self/cgroup: one "<hierarchy>:<controllers>:<path>" per line. */
function readGroups(root: string): readonly { controllers: readonly string[]; group: string }[] {
  const text = readText(path.join(root, "proc/self/cgroup")) ?? "";
  return text.split("\n").flatMap((line) => {
    const [hierarchy, controllers, ...rest] = line.split(":");
    if (hierarchy === undefined || controllers === undefined || rest.length === 0) return [];
    return { controllers: controllers.split(",").filter((name) => name !== ""), group: rest.join(":") };
  });
}

function upward(mount: string, group: string): readonly string[] {
  const folders: string[] = [];
  // Normalised as an absolute path, so that "/../.." (a group outside of the namespace) stays within the mount.
  for (let at = path.posix.normalize(`/${group}`); at !== "/"; at = path.posix.dirname(at)) {
    folders.push(path.join(mount, at));
  }
  return [...folders, mount];
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
