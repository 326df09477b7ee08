/** Runs one of the suites that are not part of `npm test` and counts. Whatever makes vitest fail without a failed test counts as one. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {
  linesOf,
  readVitestReport,
  reportArguments,
  withFailureOtherwise,
} from "../../scripts/vitest-report.ts";
import { attachProgram } from "./run-program.ts";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** A line for each. */
  readonly failures?: readonly string[];
  readonly flaky?: readonly string[];
}

/** The last words of a command that counts: what failed, what was flaky, and one line "N passed, N failed". */
export function printCounts({ passed, failed, failures = [], flaky = [] }: Counts): void {
  for (const line of linesOf({ failures, flaky })) console.log(line);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

export interface VitestRun {
  /** Folders or files under test/cluster, and options of vitest. */
  readonly args: readonly string[];
  /** Makes of vitest's command the one to start: to run it in a node's network, for one. */
  readonly wrap?: (command: readonly string[]) => readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Of another suite than the cluster's. */
  readonly config?: string;
}

const root = path.resolve(import.meta.dirname, "../..");
const ownConfig = path.join(import.meta.dirname, "vitest.config.ts");

export async function runVitest({ args, wrap, environment, config = ownConfig }: VitestRun): Promise<Counts> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-suite-"));
  const report = path.join(scratch, "report.json");
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const reporters = reportArguments("verbose", report);
  const command = [process.execPath, vitest, "run", "--config", config, ...reporters, ...args];
  const exitCode = await attachProgram(wrap?.(command) ?? command, environment);
  const told = await readVitestReport(report);
  await rm(scratch, { recursive: true, force: true });
  return withFailureOtherwise(told, exitCode);
}
