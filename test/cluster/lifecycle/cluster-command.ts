/** Calls `npm run cluster -- --name lifecycle ...` as a person would, from outside: through its command line alone. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { type ProgramResult, runProgram, tryProgram } from "../run-program.ts";
import { StateDir } from "../state-dir.ts";

export const state = new StateDir("lifecycle");

function commandLine(args: readonly string[]): readonly string[] {
  return [process.execPath, path.join(import.meta.dirname, "../main.ts"), "--name", state.name, ...args];
}

export async function cluster(...args: readonly string[]): Promise<string> {
  return await runProgram(commandLine(args));
}

export async function tryCluster(...args: readonly string[]): Promise<ProgramResult> {
  return await tryProgram(commandLine(args));
}

/** For a command that is to be interrupted. */
export function startCluster(...args: readonly string[]): ChildProcess {
  const [program = "", ...rest] = commandLine(args);
  return spawn(program, rest, { stdio: "ignore" });
}
