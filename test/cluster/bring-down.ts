/**
 * Takes away all of a cluster, whatever state it is in and whoever left it so. Idempotent: a cluster that is not there is
 * down. Each node's processes, mounts and links end with the process that holds its namespaces; then the rest is files.
 */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { removeCgroups } from "./cgroups.ts";
import { endProcess, isRunning, readProcessRecord } from "./process-record.ts";
import type { StateDir } from "./state-dir.ts";
import { until } from "./until.ts";

export async function bringDown(state: StateDir): Promise<void> {
  await endNamespaces(state);
  await removeCgroups(state);
  refuseMounts(state);
  await rm(state.root, { recursive: true, force: true });
}

/** Only the holders are ended by us; what ran inside is waited for through its nsenter, which ends after it. */
async function endNamespaces(state: StateDir): Promise<void> {
  const records = state.processNames().flatMap((name) => {
    const record = readProcessRecord(state.recordFile(name));
    return record === undefined ? [] : [{ name, record }];
  });
  for (const { name, record } of records) {
    if (name.endsWith(".namespace") || name.endsWith(".init")) endProcess(record);
  }
  const left = (): readonly string[] =>
    records.filter(({ record }) => isRunning(record)).map(({ name, record }) => `${name} (${record.pid})`);
  await until(() => left().length === 0, {
    deadlineMs: 15_000,
    everyMs: 20,
    describe: () => `these processes of cluster ${state.name} do not end: ${left().join(", ")}`,
  });
}

/** Our namespaces' mounts are never seen here. Should one be all the same, removing files would go through it. */
function refuseMounts(state: StateDir): void {
  const found = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((at) => at.startsWith(`${state.root}/`));
  if (found.length > 0) {
    throw new Error(
      `${found.join(", ")} is mounted inside the cluster's folder, not by the cluster: unmount it first`,
    );
  }
}
