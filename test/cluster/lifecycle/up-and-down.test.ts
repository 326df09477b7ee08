/** Clusters come and go, by command or by accident, and the machine is as it was before. */
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endProcess, isRunning, readProcessRecord } from "../process-record.ts";
import { until } from "../until.ts";
import { cluster, startCluster, state, tryCluster } from "./cluster-command.ts";
import { footprint } from "./footprint.ts";

let before: readonly string[];

beforeAll(async () => {
  await cluster("down");
  before = await footprint(state);
});

afterAll(async () => await cluster("down"));

/** The first seconds of a line as `up` prints them; the last line that has them is that of the whole. */
function secondsOf(output: string): number {
  return Number(output.match(/^ *\d+\.\d+(?= s )/gm)?.at(-1));
}

describe("up and down", () => {
  test.for([1, 2, 3])("time %i: up gives a cluster that answers, down leaves nothing behind", async () => {
    await cluster("down");
    const output = await cluster("up", "--nodes", "1");
    console.log(`up took ${secondsOf(output)} s`);
    expect(await cluster("kubectl", "get", "nodes", "-o", "name")).toBe("node/node-1\n");
    await cluster("down");
    expect(await footprint(state)).toEqual(before);
  });

  test("down on a cluster that is not there is no failure", async () => {
    await cluster("down");
    expect(await footprint(state)).toEqual(before);
  });

  test("a command that needs a cluster says that it is not up, and how to have one", async () => {
    const { exitCode, stderr } = await tryCluster("kubectl", "get", "nodes");
    expect(exitCode).toBe(1);
    expect(stderr).toBe("cluster lifecycle is not up: run `npm run cluster -- up`\n");
  });
});

describe("after a crash", () => {
  test("of `up` half way, the next `up` cleans and succeeds; it refuses to replace a cluster that is well", async () => {
    await cluster("down");
    const interrupted = startCluster("up");
    const started = state.recordFile("kube-apiserver");
    const apiServer = await until(() => readProcessRecord(started), {
      deadlineMs: 60_000,
      describe: () => "the API server was not started",
    });
    interrupted.kill("SIGKILL");
    await once(interrupted, "exit");
    expect(isRunning(apiServer)).toBe(true);

    await cluster("up");
    expect(isRunning(apiServer)).toBe(false);
    const { exitCode, stderr } = await tryCluster("up");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("cluster lifecycle is up already");
  });

  test("of a node, commands say what was lost, and down leaves nothing behind", async () => {
    // It is up already where the test before has passed, and says so.
    await tryCluster("up");
    const holder = readProcessRecord(state.recordFile("node-1.namespace"));
    if (holder === undefined) throw new Error("the cluster is not up");
    endProcess(holder);
    await until(() => !isRunning(holder), {
      deadlineMs: 60_000,
      describe: () => "the node's namespaces are held",
    });

    const { exitCode, stderr } = await tryCluster("kubectl", "get", "nodes");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("cluster lifecycle has lost ");
    expect(stderr).toContain("node-1.kubelet");

    await cluster("down");
    expect(await footprint(state)).toEqual(before);
  });
});
