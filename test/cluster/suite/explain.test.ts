/**
 * `waystone explain` and `waystone policy impact` as a user types them, on a cluster that is live: what they say of a request is what
 * happens to it, the exit code is the verdict, and recorded requests are those that a real waypoint has logged.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ProgramResult, tryProgram } from "../run-program.ts";
import { until } from "../until.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget } from "./load-target.ts";
import { untilProgrammed } from "./policy-status.ts";
import { untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { waystoneProgram } from "./waystone-command.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "explained";
let target: LoadTarget;
let folder: string;

const frontendOnly = policy("frontend-only", {
  rules: [{ name: "frontend", from: [{ source: { serviceAccounts: ["frontend"] } }] }],
});

function policy(name: string, spec: object): object {
  return {
    apiVersion: "waystone.dev/v1alpha1",
    kind: "AuthorizationPolicy",
    metadata: { name, namespace },
    spec: { targetRefs: [{ group: "", kind: "Service", name: "api" }], ...spec },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "waystone-explain-"));
  const image = await loadWaystoneImage(cluster);
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  const command = ["node", "-e", "setInterval(() => {}, 60_000)"];
  for (const name of ["frontend", "batch"]) {
    await kubectl("create", "serviceaccount", name);
    const containers = [{ name, image, imagePullPolicy: "Never", command }];
    const spec = { serviceAccountName: name, terminationGracePeriodSeconds: 1, containers };
    await applyObjects(cluster, { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec });
  }
  target = await createLoadTarget(cluster, { namespace, name: "api", replicas: 1 });
  await kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/frontend", "pod/batch");
  await untilCaptured(cluster, `${namespace}/api`, 90_000);
  await applyObjects(cluster, frontendOnly);
  await untilProgrammed({ cluster, namespace }, "wap", "frontend-only");
}, 480_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

async function kubectl(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", namespace, ...args]);
}

async function waystone(...args: readonly string[]): Promise<ProgramResult> {
  const command = cluster.onNode("node-1", [waystoneProgram, ...args]);
  return await tryProgram(command, { environment: cluster.environment });
}

async function askFrom(pod: string, askedPath: string): Promise<number> {
  const script = `fetch("http://${target.clusterIp}${askedPath}").then(({ status }) => console.log(status))`;
  return Number(await kubectl("exec", pod, "--", "node", "-e", script));
}

/** For who may: a pod whose request comes before its waypoint knows who it is, is nobody. */
async function untilLetIn(pod: string, askedPath: string): Promise<void> {
  let last = 0;
  await until(async () => (last = await askFrom(pod, askedPath)) === 200, {
    deadlineMs: 60_000,
    describe: () => `${pod} is answered with ${last}`,
  });
}

async function explain(from: string, ...more: readonly string[]): Promise<ProgramResult> {
  return await waystone("explain", "request", "--from", from, "--to", `api.${namespace}:80`, ...more);
}

test("of a request that is allowed it says why, through which waypoints, and ends with 0", async () => {
  await untilLetIn("frontend", "/orders");
  const { exitCode, stdout, stderr } = await explain(`${namespace}/frontend`, "--path", "/orders");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/ALLOWED/);
  expect(stdout).toContain(`Service ${namespace}/api is captured by waypoint ${namespace}/waypoint`);
  expect(stdout).toMatch(/client\s+pod explained\/frontend as ServiceAccount explained\/frontend/);
  expect(stdout).toContain("frontend-only");
});

test("of one that is denied it names the policy and what did not match, and ends with 1", async () => {
  expect(await askFrom("batch", "/orders")).toBe(403);
  const { exitCode, stdout } = await explain(`${namespace}/batch`, "--path", "/orders");
  expect(exitCode).toBe(1);
  expect(stdout).toContain("DENIED   403");
  expect(stdout).toContain(
    `rule frontend: serviceAccounts is "${namespace}/batch", and must be ${namespace}/frontend`,
  );
  const json = await explain(`${namespace}/batch`, "-o", "json");
  expect([json.exitCode, (JSON.parse(json.stdout) as { allowed: boolean }).allowed]).toEqual([1, false]);
});

test("of a client that nobody has it says so, and ends with 2", async () => {
  const { exitCode, stderr } = await explain(`${namespace}/nobody-here`);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("nobody-here");
});

test("the policies that hold for a Service are listed with what brings them there", async () => {
  const { exitCode, stdout } = await waystone("explain", "policy", `api.${namespace}`);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("frontend-only");
  expect(stdout).toContain("Service");
});

test("recorded requests of a real waypoint, replayed through a policy that is to come, say whom it would deny", async () => {
  await kubectl("delete", "wap/no-reports", "--ignore-not-found");
  // Another one at every try: what was recorded stays.
  const report = `/reports/${randomUUID()}`;
  await untilLetIn("frontend", "/reports/ready");
  for (let at = 0; at < 3; at++) {
    expect(await askFrom("frontend", "/orders")).toBe(200);
    expect(await askFrom("frontend", report)).toBe(200);
  }
  const accessLog = path.join(folder, "access.jsonl");
  await until(
    async () => {
      const lines = (await kubectl("logs", "-l", "waystone.dev/waypoint=waypoint", "--tail=-1")).split("\n");
      const isOfAnotherTry = (line: string): boolean => line.includes("/reports/") && !line.includes(report);
      await writeFile(accessLog, lines.filter((line) => !isOfAnotherTry(line)).join("\n"));
      return lines.filter((line) => line.includes(`"path":"${report}"`)).length === 3;
    },
    { deadlineMs: 60_000, everyMs: 200, describe: () => "three requests are not in the access log" },
  );
  const to = [{ operation: { paths: ["/reports/*"] } }];
  const file = path.join(folder, "no-reports.json");
  await writeFile(file, JSON.stringify(policy("no-reports", { action: "DENY", rules: [{ to }] })));
  const impact = await waystone("policy", "impact", "-f", file, "--access-log", accessLog);
  expect(impact.stderr).toBe("");
  expect(impact.exitCode).toBe(0);
  expect(impact.stdout).toMatch(/over the cluster: 3 would change, \d+ would not/);
  const change = `3 explained/frontend api.explained:80 GET ${report} allow -> deny 403 explained/no-reports`;
  expect(impact.stdout.replaceAll(/\s+/g, " ")).toContain(change);
  // And so it is, once it is there.
  await cluster.kubectl(["apply", "-f", file]);
  await untilProgrammed({ cluster, namespace }, "wap", "no-reports");
  expect(await askFrom("frontend", report)).toBe(403);
  expect(await askFrom("frontend", "/orders")).toBe(200);
}, 480_000);
