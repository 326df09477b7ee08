/**
 * `npm run test:cluster [-- --full] [files under lifecycle/ or suite/, vitest options]`: builds what is missing, brings clusters up and
 * down, then brings one of two nodes up, runs the suite inside it, and takes it down whatever happened. Ends with one line
 * "N passed, N failed".
 */
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import { buildWaystoneImage } from "../../scripts/image/build-waystone-image.ts";
import { buildPeer } from "../peers/programs.ts";
import { bringDown } from "./bring-down.ts";
import { bringUp } from "./bring-up.ts";
import { buildCluster } from "./build/build.ts";
import { cacheFolder } from "./build/built-files.ts";
import { requireMachine } from "./doctor.ts";
import { withLock } from "./lock.ts";
import { type Counts, printCounts, runVitest } from "./run-vitest.ts";
import { StateDir } from "./state-dir.ts";

/** Not the cluster that a person has up meanwhile. */
const state = new StateDir("test");
const keptLogs = path.join(cacheFolder, "logs");

async function testCluster(args: readonly string[]): Promise<Counts> {
  await requireMachine("run");
  await buildCluster({});
  const counts: Counts[] = [];
  for (const [folder, run] of Object.entries(stages)) {
    const wanted = choose(folder, args);
    if (wanted !== undefined) counts.push(await run(wanted));
  }
  const sum = (pick: (each: Counts) => number): number =>
    counts.reduce((total, each) => total + pick(each), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    failures: counts.flatMap(({ failures = [] }) => failures),
    flaky: counts.flatMap(({ flaky = [] }) => flaky),
  };
}

/** Folder -> how its tests are run, in the order in which they are. */
const stages: Readonly<Record<string, (args: readonly string[]) => Promise<Counts>>> = {
  lifecycle: async (args) => await runVitest({ args }),
  suite: async (args) => await withLock(state, async () => await runSuite(args)),
};

/** The arguments for one folder: all that name another are left out; undefined when nothing of this one is asked for. */
function choose(folder: string, args: readonly string[]): readonly string[] | undefined {
  const isFile = (argument: string): boolean =>
    Object.keys(stages).some((stage) => argument.startsWith(stage));
  const rest = args.filter((argument) => !isFile(argument));
  if (!args.some(isFile)) return [folder, ...rest];
  const files = args.filter((argument) => argument.startsWith(folder));
  return files.length === 0 ? undefined : [...files, ...rest];
}

/** Runs in node-1's network: tests dial pods, ClusterIPs and the API server themselves. */
async function runSuite(args: readonly string[]): Promise<Counts> {
  let counts: Counts;
  try {
    // Here, because a node's network has no way to the packages that it may have to fetch.
    await buildWaystoneImage();
    await buildPeer("opa");
    const cluster = await bringUp(state, { nodes: 2 });
    counts = await runVitest({
      args,
      wrap: (command) => cluster.onNode("node-1", command),
      environment: cluster.environment,
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    console.error(words);
    counts = {
      passed: 0,
      failed: 1,
      failures: [`no cluster to run the suite in: ${words.split("\n", 1)[0]}`],
    };
  }
  if (counts.failed > 0) await keepLogs();
  await bringDown(state);
  return counts;
}

async function keepLogs(): Promise<void> {
  await rm(keptLogs, { recursive: true, force: true });
  await cp(state.path("log"), keptLogs, { recursive: true });
  console.log(`the logs of the cluster are kept in ${keptLogs}`);
}

// The terminal tells vitest too: it ends, and then so do we, by way of taking the cluster down.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
const args = process.argv.slice(2);
// For suite/full-run.ts, by way of every process in between.
if (args.includes("--full")) process.env["WAYSTONE_FULL"] = "1";
printCounts(await testCluster(args.filter((argument) => argument !== "--full")));
