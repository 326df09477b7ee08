/** Runs the suite in node-1's network: shows each test's verdict (Go tells them when all are done), and keeps every word in a file. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { programFile } from "../build/built-files.ts";
import type { RunningCluster } from "../running-cluster.ts";
import { describeOutcome, parseVerdict, type TestOutcome } from "./suite-output.ts";

export interface SuiteResult {
  readonly exitCode: number;
  readonly outcomes: readonly TestOutcome[];
}

export async function runSuite(
  cluster: RunningCluster,
  flags: readonly string[],
  logFile: string,
): Promise<SuiteResult> {
  const [program = "", ...args] = cluster.onNode("node-1", [programFile("conformance"), ...flags]);
  const child = spawn(program, args, {
    env: { ...process.env, ...cluster.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(logFile);
  const outcomes: TestOutcome[] = [];
  child.stderr.pipe(log, { end: false });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    log.write(`${line}\n`);
    const outcome = parseVerdict(line);
    if (outcome === undefined) return;
    outcomes.push(outcome);
    console.log(describeOutcome(outcome));
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on("error", reject);
  child.on("close", (code) => resolve(code ?? 1));
  const exitCode = await promise;
  log.end();
  return { exitCode, outcomes };
}
