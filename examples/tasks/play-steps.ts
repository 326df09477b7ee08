/**
 * Plays the steps of a task page as a reader would: objects are applied, commands are run by a shell until they print what the
 * page says, for as long as a change may take. Where that happens is the stage's matter: files here, a cluster in test/cluster/suite.
 */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { repository } from "../harness/waystone-process.ts";
import type { Step } from "./read-plays.ts";

export interface Stage {
  /** Where commands run. */
  readonly folder: string;
  readonly patienceMs: number;
  apply(step: Step & { kind: "apply" }): Promise<void>;
  /** The command as it is to be run here; undefined: it means nothing here. */
  adapt(command: string): string | undefined;
}

export interface Played {
  readonly passed: number;
  /** Of the step that ended the play: those behind it build on it. */
  readonly fault: string | undefined;
}

const run = promisify(execFile);

export async function playSteps(steps: readonly Step[], stage: Stage): Promise<Played> {
  let passed = 0;
  for (const step of steps) {
    if (step.kind === "apply") {
      await stage.apply(step);
      continue;
    }
    const command = stage.adapt(step.command);
    if (command === undefined) {
      console.log(`  not here ${step.command}`);
      continue;
    }
    const fault = await faultOf(step, command, stage);
    console.log(`  ${fault === undefined ? "ok     " : "FAILED "} ${step.command}`);
    if (fault !== undefined) return { passed, fault: `line ${step.line}: ${fault}` };
    passed++;
  }
  return { passed, fault: undefined };
}

async function faultOf(
  { expected }: Step & { kind: "command" },
  command: string,
  { folder, patienceMs }: Stage,
): Promise<string | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const output = await outputOf(command, folder, patienceMs);
    const missing = expected.filter((line) => !squeeze(output).includes(squeeze(line)));
    if (missing.length === 0) return undefined;
    if (Date.now() > deadline) return `no ${JSON.stringify(missing[0])} in what it prints:\n${output}`;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function outputOf(command: string, folder: string, timeout: number): Promise<string> {
  const PATH = `${path.join(repository, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  try {
    const options = { cwd: folder, env: { ...process.env, PATH }, timeout };
    const { stdout, stderr } = await run("/bin/sh", ["-c", command], options);
    return stdout + stderr;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return stdout + stderr;
  }
}

/**
 * Columns are as wide as their longest cell: how many blanks there are says nothing. Nor does how many waypoints there are, as long
 * as it is all of them.
 */
function squeeze(text: string): string {
  return text.replaceAll(/[ \t]+/g, " ").replaceAll(/\b(\d+)\/\1(?= |$)/gm, "all");
}
