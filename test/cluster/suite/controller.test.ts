/**
 * The controller on a real API server: complete before it is ready, with or without the Gateway API, one leader at a time,
 * and another within 15 s of a crash.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFailed, test } from "vitest";
import { gatewayApiCrds } from "../build/gateway-api.ts";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { ControllerProcess, stopControllers } from "./controller-process.ts";
import { installGatewayApi } from "./installed-waystone.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const namespace = "controller-suite";
/** What is promised; a run in passing, on a machine that builds something else, gets more time. */
const takeoverMs = sized({ short: 45_000, full: 15_000 });
const crds = await gatewayApiCrds("v1.6.3", "standard");
const scratch = await mkdtemp(path.join(os.tmpdir(), "waystone-controller-"));
const crdArgs = crds.flatMap((file) => ["-f", file]);

beforeAll(async () => {
  await cluster.kubectl(["delete", "--ignore-not-found", ...crdArgs]);
  await cluster.kubectl(["create", "namespace", namespace]);
});

afterEach(stopControllers);

afterAll(async () => {
  await cluster.kubectl(["delete", "--ignore-not-found", ...crdArgs]);
  await cluster.kubectl(["delete", "namespace", "--wait=false", namespace]);
  await rm(scratch, { recursive: true });
});

async function start(name: string): Promise<ControllerProcess> {
  return await ControllerProcess.start({ cluster, namespace, name });
}

async function holder(): Promise<string> {
  const lease = [
    "-n",
    namespace,
    "get",
    "lease",
    "waystone-controller",
    "-o",
    "jsonpath={.spec.holderIdentity}",
  ];
  return (await cluster.tryKubectl(lease)).stdout;
}

describe("the start", () => {
  test("it is ready when all kinds are complete, and leads", async () => {
    const controller = await start("first");
    await controller.becomesReady();
    const services = await controller.metric('waystone_kube_objects{kind="services"}');
    expect(services).toBeGreaterThanOrEqual(2);
    await controller.says(/elected/);
    expect(await controller.leadership()).toMatchObject({ isLeader: true });
    expect(await holder()).toMatch(/^first_/);
  });

  test("while the API server does not answer it lives, is not ready, and says why", async () => {
    const environment = { KUBECONFIG: await unreachableKubeconfig() };
    const controller = await ControllerProcess.start({ cluster, namespace, name: "lost", environment });
    const line = await controller.says(/the API server does not answer: trying again/);
    expect(line.level).toBe("warn");
    expect(await controller.get("readiness", "/healthz/live")).toContain("live");
    await expect(controller.get("readiness", "/healthz/ready")).rejects.toThrow(
      "503 not ready: the API server",
    );
  });
});

describe("the Gateway API", () => {
  test("its absence is said with what to do; once applied it is picked up, and the class of waypoints is Accepted", async () => {
    await cluster.kubectl(["delete", "--ignore-not-found", ...crdArgs]);
    const controller = await start("gateway-api");
    const absence = await controller.says(/the Gateway API is not installed/);
    expect(absence.msg).toContain("kubectl apply --server-side -f https://");
    await controller.becomesReady();
    await cluster.kubectl(["apply", "--server-side", ...crdArgs]);
    const presence = await controller.says(/the Gateway API is installed: v1\.6\.3, standard channel/);
    expect(presence.level).toBe("info");
    await classIsAccepted(controller);
    const conditions = await conditionsOfClass();
    expect(conditions).toMatchObject({
      Accepted: { status: "True", reason: "Accepted", observedGeneration: 1 },
      SupportedVersion: { status: "True", reason: "SupportedVersion" },
    });
  });

  test("a GatewayClass that somebody deletes is made again", async () => {
    await installGatewayApi(cluster);
    const controller = await start("again");
    await classIsAccepted(controller);
    await cluster.kubectl(["delete", "gatewayclass", "waystone-waypoint", "--ignore-not-found"]);
    await classIsAccepted(controller);
  });

  test("an odd release is used, and said in the log and on the class", async () => {
    await installGatewayApi(cluster);
    onTestFailed(async () => await setBundle("v1.6.3"));
    const controller = await start("odd");
    await controller.says(/the Gateway API is installed: v1\.6\.3/);
    await setBundle("v2.0.0");
    await controller.says(/release v2\.0\.0 is of another major version/);
    await until(async () => (await conditionsOfClass())["SupportedVersion"]?.status === "False", {
      deadlineMs: 60_000,
      describe: () => controller.words(),
    });
    expect(await conditionsOfClass()).toMatchObject({
      Accepted: { status: "True" },
      SupportedVersion: { reason: "UnsupportedVersion" },
    });
    await setBundle("v1.6.3");
  });

  test("when its definitions go, it says so and goes on", async () => {
    await installGatewayApi(cluster);
    const controller = await start("gone");
    await controller.says(/elected/);
    await controller.says(/the Gateway API is installed/);
    await cluster.kubectl(["delete", ...crdArgs]);
    await controller.says(/the Gateway API is not installed/);
    await controller.becomesReady();
  });
});

describe("leadership", () => {
  /** The first of them leads. */
  async function startBoth(): Promise<readonly [ControllerProcess, ControllerProcess]> {
    const one = await start("one");
    await one.says(/elected/);
    const other = await start("other");
    await Promise.all([one.becomesReady(), other.becomesReady()]);
    return [one, other];
  }

  test("one leads; at its shutdown the other does at once", async () => {
    const [one, other] = await startBoth();
    expect(await other.leadership()).toMatchObject({ isLeader: false });
    const asked = performance.now();
    await one.stop();
    const { at } = await other.says(/elected/);
    console.log(`handed over ${Math.round(at - asked)} ms after SIGTERM`);
    // Long before the lease of 15 s is over.
    expect(at - asked).toBeLessThan(10_000);
  });

  test("after a crash the other leads when the lease is over", async () => {
    const [one, other] = await startBoth();
    const crashed = performance.now();
    await one.stop("SIGKILL");
    const { at } = await other.says(/elected/, 60_000);
    console.log(`taken over ${Math.round(at - crashed)} ms after a crash`);
    expect(at - crashed).toBeLessThan(takeoverMs);
  });
});

/** Nobody listens there. */
async function unreachableKubeconfig(): Promise<string> {
  const admin = await readFile(cluster.environment["KUBECONFIG"] ?? "", "utf8");
  const file = path.join(scratch, "unreachable");
  await writeFile(file, admin.replace(/https:\/\/[^"\s]+/, "https://127.0.0.1:9"));
  return file;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

async function classIsAccepted(controller: ControllerProcess): Promise<void> {
  await until(async () => (await conditionsOfClass())["Accepted"]?.status === "True", {
    deadlineMs: 60_000,
    describe: () => `GatewayClass waystone-waypoint is not Accepted\n${controller.words()}`,
  });
}

/** By type; none while there is no class. */
async function conditionsOfClass(): Promise<Readonly<Record<string, Condition>>> {
  const get = ["get", "gatewayclass", "waystone-waypoint", "-o", "json"];
  const { exitCode, stdout } = await cluster.tryKubectl(get);
  if (exitCode !== 0) return {};
  const { status } = JSON.parse(stdout) as { status?: { conditions?: readonly Condition[] } };
  return Object.fromEntries((status?.conditions ?? []).map((each) => [each.type, each]));
}

async function setBundle(version: string): Promise<void> {
  const names = ["gatewayclasses", "gateways", "httproutes", "referencegrants"];
  const definitions = names.map((name) => `crd/${name}.gateway.networking.k8s.io`);
  const annotation = `gateway.networking.k8s.io/bundle-version=${version}`;
  await cluster.kubectl(["annotate", "--overwrite", ...definitions, annotation]);
}
