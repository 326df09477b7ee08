/**
 * A machine within the machine: network, mount, process, host-name and IPC namespaces of its own, held by one process. Its
 * end is the end of all that runs inside, of every mount, interface and rule: the kernel does that, however we died.
 * Only the cgroup and the folder of the node are left then (see bring-down.ts).
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { programFile, programPath } from "./build/built-files.ts";
import { childrenOf, describeProcess, type ProcessRecord, readProcessRecord } from "./process-record.ts";
import { describeLog, requireRunning, startProcess } from "./start-process.ts";
import type { StateDir } from "./state-dir.ts";
import { until } from "./until.ts";

export interface NodeNamespace {
  readonly name: string;
  /** The process that holds the namespaces; the first process inside is its only child. */
  readonly holder: ProcessRecord;
}

export const controlName = "control";

/** node-1, node-2, ... */
export function nodeNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `node-${at + 1}`);
}

/** The namespaces that were opened under this name, by whoever did. */
export function findNamespace(state: StateDir, name: string): NodeNamespace | undefined {
  const holder = readProcessRecord(state.recordFile(holderName(name)));
  return holder === undefined ? undefined : { name, holder };
}

function holderName(node: string): string {
  return `${node}.namespace`;
}

/** Where programs keep things whatever they are told: each node has its own, and the machine's stay as they are. */
const privateFolders = ["/run", "/var/lib", "/var/log"];

/**
 * Settings of the whole kernel that kubelet writes unless they are so already. Inside, files with the wanted values lie
 * over them: kubelet is content, and the machine keeps its own.
 */
const kernelSettings: Readonly<Record<string, string>> = {
  "vm/overcommit_memory": "1",
  "vm/panic_on_oom": "0",
  "kernel/panic": "10",
  "kernel/panic_on_oops": "1",
  "kernel/keys/root_maxkeys": "1000000",
  "kernel/keys/root_maxbytes": "25000000",
};

/**
 * $1: the node's name, $2: file that says it is done, $3: the first process' program, then pairs of what lies over what. The
 * first process is given a word that it ignores: in a list of processes, it says whose this is.
 */
const setUp = `set -eu
hostname "$1"; done=$2; init=$3; shift 3
while [ $# -gt 0 ]; do mount --bind "$1" "$2"; shift 2; done
: >"$done"
exec "$init" "$done"`;

export async function openNamespace(state: StateDir, name: string): Promise<NodeNamespace> {
  const folder = state.nodeFolder(name);
  const done = path.join(folder, "opened");
  const binds = [...privateFolderBinds(folder), ...kernelSettingBinds(folder)].flat();
  const unshare = ["unshare", "--net", "--mount", "--pid", "--uts", "--ipc", "--propagation", "private"];
  // --kill-child: when the holder is ended, the kernel ends the first process inside, and with it all the others.
  const hold = [...unshare, "--fork", "--kill-child", "--mount-proc"];
  const command = [...hold, "/bin/sh", "-c", setUp, "sh", name, done, programFile("pause"), ...binds];
  const environment = { PATH: programPath() };
  const holder = await startProcess(state, { name: holderName(name), command, environment });
  await until(() => existsSync(done) || requireRunning(state), {
    deadlineMs: 10_000,
    everyMs: 5,
    describe: () => `the namespaces of ${name} are not set up. ${describeLog(state, holderName(name))}`,
  });
  recordFirstProcess(state, name, holder);
  return { name, holder };
}

/** Not needed to end it, but to wait until it is gone: it goes last of all that runs inside. */
function recordFirstProcess(state: StateDir, name: string, holder: ProcessRecord): void {
  for (const pid of childrenOf(holder.pid)) {
    writeFileSync(state.recordFile(`${name}.init`), describeProcess(pid) ?? "");
  }
}

/** Runs a command in a node's network alone: files, processes and terminal stay the caller's. No process in between. */
export function inNetwork(node: NodeNamespace, command: readonly string[]): readonly string[] {
  return ["nsenter", `--net=/proc/${node.holder.pid}/ns/net`, "--", ...command];
}

/** Runs a command as a process of the node. nsenter stays as its parent outside and ends when it ends. */
export function inNode(node: NodeNamespace, command: readonly string[]): readonly string[] {
  const of = (namespace: string): string => `/proc/${node.holder.pid}/ns/${namespace}`;
  const namespaces = [
    `--net=${of("net")}`,
    `--mount=${of("mnt")}`,
    `--uts=${of("uts")}`,
    `--ipc=${of("ipc")}`,
    `--pid=${of("pid_for_children")}`,
  ];
  return ["nsenter", ...namespaces, "--", ...command];
}

function privateFolderBinds(folder: string): readonly (readonly [string, string])[] {
  return privateFolders.map((over) => {
    const own = path.join(folder, over.slice(1).replaceAll("/", "-"));
    mkdirSync(own, { recursive: true });
    return [own, over];
  });
}

function kernelSettingBinds(folder: string): readonly (readonly [string, string])[] {
  return Object.entries(kernelSettings).map(([setting, value]) => {
    const own = path.join(folder, "kernel", setting);
    mkdirSync(path.dirname(own), { recursive: true });
    writeFileSync(own, `${value}\n`);
    return [own, `/proc/sys/${setting}`];
  });
}
