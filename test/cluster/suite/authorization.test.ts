/**
 * Policies on a cluster: only one service account may call, by what the network says of pods; what policies say is in status; and
 * while waypoints roll and policies change, no answer is one that the policies in force forbid (reference A01).
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget, startLoad } from "./load-target.ts";
import { untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const namespace = "guarded";
let target: LoadTarget;

beforeAll(async () => {
  const image = await loadWaystoneImage(cluster);
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  for (const name of ["frontend", "batch"]) {
    await kubectl("create", "serviceaccount", name);
    await applyObjects(cluster, askerPod(name, image));
  }
  target = await createLoadTarget(cluster, { namespace, name: "api", replicas: 1 });
  await kubectl("wait", "--for=condition=Ready", "--timeout=60s", "pod/frontend", "pod/batch");
  await untilCaptured(cluster, `${namespace}/api`, 90_000);
}, 300_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 240_000);

async function kubectl(...args: readonly string[]): Promise<string> {
  return await cluster.kubectl(["-n", namespace, ...args]);
}

function askerPod(name: string, image: string): object {
  const command = ["node", "-e", "setInterval(() => {}, 60_000)"];
  const containers = [{ name: "asker", image, imagePullPolicy: "Never", command }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: { serviceAccountName: name, terminationGracePeriodSeconds: 1, containers },
  };
}

function policy(name: string, spec: object): object {
  return {
    apiVersion: "waystone.dev/v1alpha1",
    kind: "AuthorizationPolicy",
    metadata: { name, namespace },
    spec: { targetRefs: [{ group: "", kind: "Service", name: "api" }], ...spec },
  };
}

const frontendOnly = policy("frontend-only", {
  rules: [{ name: "frontend", from: [{ source: { serviceAccounts: ["frontend"] } }] }],
});

async function untilProgrammed(name: string): Promise<string> {
  const query = `jsonpath={.metadata.generation} {range .status.conditions[*]}{.type}={.status} {.observedGeneration} {.message};{end}`;
  return await until(
    async () => {
      const text = await kubectl("get", "wap", name, "-o", query);
      const generation = text.slice(0, text.indexOf(" "));
      return text.includes(`Programmed=True ${generation} `) && text;
    },
    { deadlineMs: 30_000, everyMs: 100, describe: () => `${name} is not programmed` },
  );
}

async function askFrom(pod: string): Promise<number> {
  const script = `fetch("http://${target.clusterIp}/").then(({ status }) => console.log(status))`;
  return Number(await kubectl("exec", pod, "--", "node", "-e", script));
}

test("only the frontend may call the API, and status says by how many waypoints that is carried out", async () => {
  expect(await askFrom("batch")).toBe(200);
  await applyObjects(cluster, frontendOnly);
  expect(await untilProgrammed("frontend-only")).toMatch(
    /Accepted=True.*Programmed=True 1 \d+\/\d+ waypoints/s,
  );
  expect(await askFrom("batch")).toBe(403);
  expect(await askFrom("frontend")).toBe(200);
}, 120_000);

test("a policy in shadow denies nobody; in force it denies, and when it is gone no longer", async () => {
  const denyAll = { action: "DENY", rules: [{}] };
  await applyObjects(cluster, policy("shut", { ...denyAll, mode: "Shadow" }));
  await untilProgrammed("shut");
  expect(await askFrom("frontend")).toBe(200);
  await applyObjects(cluster, policy("shut", denyAll));
  await untilProgrammed("shut");
  expect(await askFrom("frontend")).toBe(403);
  await kubectl("delete", "wap", "shut");
  await until(async () => (await askFrom("frontend")) === 200, {
    deadlineMs: 30_000,
    describe: () => "a policy that is gone denies still",
  });
}, 120_000);

test("while waypoints roll and policies change, nobody gets an answer that the policies in force forbid", async () => {
  const wanted = sized({ short: 3_000, full: 50_000 });
  // The suite's own address is no pod's: nobody, and not the frontend.
  const load = startLoad(target, { perSecond: sized({ short: 100, full: 400 }) });
  for (let round = 0; load.sent < wanted; round++) {
    if (round % 3 === 0) await kubectl("rollout", "restart", "deployment/waypoint");
    await applyObjects(
      cluster,
      policy("more", {
        rules: [
          { name: `r${round}`, from: [{ source: { serviceAccounts: ["frontend", `other-${round}`] } }] },
        ],
      }),
    );
    await untilProgrammed("more");
    await kubectl("rollout", "status", "deployment/waypoint", "--timeout=90s");
  }
  const { versions, failed, sent } = await load.stop();
  expect(versions).toEqual({});
  expect(failed.length).toBe(sent);
  // All but a few were answered by a policy: the rest by nobody, as who asks was not known yet.
  const denied = failed.filter((line) => line.includes("status 403: RBAC: access denied")).length;
  expect(denied / sent).toBeGreaterThan(0.9);
}, 900_000);
