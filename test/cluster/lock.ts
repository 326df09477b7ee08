/** One command at a time per cluster. The lock names the process that holds it; one whose holder has ended is nobody's. */
import { linkSync, rmSync, writeFileSync } from "node:fs";
import { describeProcess, isRunning, readProcessRecord } from "./process-record.ts";
import type { StateDir } from "./state-dir.ts";

type Lockable = Pick<StateDir, "name" | "lockFile">;

export async function withLock<T>(state: Lockable, action: () => Promise<T>): Promise<T> {
  takeLock(state);
  try {
    return await action();
  } finally {
    rmSync(state.lockFile, { force: true });
  }
}

function takeLock(state: Lockable): void {
  const own = `${state.lockFile}.${process.pid}`;
  writeFileSync(own, describeProcess(process.pid) ?? "");
  try {
    // A link appears with its content, or not at all.
    while (!tryLink(own, state.lockFile)) {
      const holder = readProcessRecord(state.lockFile);
      if (holder !== undefined && isRunning(holder)) {
        throw new Error(
          `process ${holder.pid} is at work on cluster ${state.name}: wait for it, or give this one another --name`,
        );
      }
      rmSync(state.lockFile, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
