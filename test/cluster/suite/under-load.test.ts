/**
 * Whatever is done to a Service in use, its clients do not notice: a steady open-loop load with no retries runs through each
 * case, on kept and on fresh connections, with every answer checked; not one request may fail.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releaseNamespace } from "./helm.ts";
import { sized } from "./full-run.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget, startLoad } from "./load-target.ts";
import { untilCaptured, untilReleased } from "./service-state.ts";
import { describeLoad } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const namespace = "busy";
const rolloutMs = sized({ short: 480_000, full: 1_800_000 });
const perSecond = sized({ short: 200, full: 400 });
const rounds = sized({ short: 1, full: 10 });
let target: LoadTarget;

beforeAll(async () => {
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  target = await createLoadTarget(cluster, { namespace, name: "target" });
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

/** Runs `act` under load, with some of it before and after. */
async function underLoad(what: string, act: () => Promise<void>): Promise<void> {
  const load = startLoad(target, { perSecond });
  try {
    await sleep(1_000);
    await act();
    await sleep(2_000);
  } finally {
    const result = await load.stop();
    console.log(`${what}: ${describeLoad(result)}`);
    expect(result.failed).toEqual([]);
    expect(result.sent).toBeGreaterThan(200);
  }
}

async function annotate(value: string): Promise<void> {
  const annotation = value === "" ? "waystone.dev/use-waypoint-" : `waystone.dev/use-waypoint=${value}`;
  await cluster.kubectl(["annotate", "namespace", namespace, annotation, "--overwrite"]);
}

async function rollOut(where: string, deployment: string): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await cluster.kubectl(["-n", where, "rollout", "restart", `deployment/${deployment}`]);
    await cluster.kubectl(["-n", where, "rollout", "status", `deployment/${deployment}`, "--timeout=200s"]);
  }
}

const key = `${namespace}/target`;

describe("no request fails", () => {
  test("when a Service in use is enrolled", { timeout: rolloutMs }, async () => {
    await annotate("");
    await untilReleased(cluster, key, 90_000);
    await underLoad("enrol", async () => {
      await annotate("waypoint");
      await untilCaptured(cluster, key, 90_000);
    });
  });

  test("when its waypoints are restarted one after another", { timeout: rolloutMs }, async () => {
    await underLoad("rolling restart of waypoints", async () => await rollOut(namespace, "waypoint"));
  });

  test("when its backends are restarted one after another", { timeout: rolloutMs }, async () => {
    await underLoad("rolling restart of backends", async () => await rollOut(namespace, "target"));
  });

  test("when the controller is restarted", { timeout: rolloutMs }, async () => {
    await underLoad("controller restarted", async () => {
      await rollOut(releaseNamespace, "waystone-controller");
    });
  });

  test("when its owner applies the manifest again, client side and server side", {
    timeout: rolloutMs,
  }, async () => {
    await underLoad("manifest applied again", async () => {
      for (let round = 0; round < 5 * rounds; round++) {
        await cluster.kubectl(["apply", "-f", "-"], target.manifest);
        await cluster.kubectl(
          ["apply", "--server-side", "--field-manager=owner", "--force-conflicts", "-f", "-"],
          target.manifest,
        );
      }
      await untilCaptured(cluster, key);
    });
  });

  test("when it is given back", { timeout: rolloutMs }, async () => {
    await annotate("waypoint");
    await untilCaptured(cluster, key, 90_000);
    await underLoad("un-enrol", async () => {
      await annotate("");
      await untilReleased(cluster, key, 90_000);
    });
  });
});
