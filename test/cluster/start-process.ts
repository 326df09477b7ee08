/** Starts a process that outlives us: its own session, its output in a log file, its record written by itself. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { isRunning, type ProcessRecord, readProcessRecord, recordAndExec } from "./process-record.ts";
import type { StateDir } from "./state-dir.ts";
import { until } from "./until.ts";

export interface ProcessDescription {
  /** Names the record and the log. */
  readonly name: string;
  readonly command: readonly string[];
  /** All of it: what the caller's has (a proxy's address, for one) is not for the cluster. */
  readonly environment: Readonly<Record<string, string>>;
}

export async function startProcess(state: StateDir, description: ProcessDescription): Promise<ProcessRecord> {
  const { name, command, environment } = description;
  const recordFile = state.recordFile(name);
  // Of an earlier process of this name: it would be taken for the new one's.
  rmSync(recordFile, { force: true });
  const log = openSync(state.logFile(name), "a");
  const child = spawn("/bin/sh", ["-c", recordAndExec, "sh", recordFile, ...command], {
    cwd: state.root,
    detached: true,
    stdio: ["ignore", log, log],
    env: environment,
  });
  closeSync(log);
  child.unref();
  return await until(() => readProcessRecord(recordFile), {
    deadlineMs: 10_000,
    everyMs: 5,
    describe: () => `${name} was not started. ${describeLog(state, name)}`,
  });
}

/** Those that were started here and have ended. An empty record is that of one that is just being started. */
export function endedProcesses(state: StateDir): readonly string[] {
  return state.processNames().filter((name) => {
    const record = readProcessRecord(state.recordFile(name));
    return record !== undefined && !isRunning(record);
  });
}

/** Fails as soon as a process has ended that should run: no one then waits for a deadline to learn it. */
export function requireRunning(state: StateDir): undefined {
  const [name] = endedProcesses(state);
  if (name !== undefined) throw new Error(`${name} has ended. ${describeLog(state, name)}`);
}

export function describeLog(state: StateDir, name: string): string {
  return `The end of ${state.logFile(name)}:\n${tail(state.logFile(name), 15)}`;
}

export function tail(file: string, lines: number): string {
  try {
    return readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "(nothing was logged)";
  }
}
