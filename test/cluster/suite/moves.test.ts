/**
 * Services in use that are moved from waypoint to waypoint, lose their Gateway, or keep a port direct: no request fails, and
 * none goes past a waypoint that should pass it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { captureKeys } from "@waystone/api/names";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../until.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget, startLoad } from "./load-target.ts";
import { boundCondition, getService, untilCaptured, untilReleased } from "./service-state.ts";
import { describeLoad, type LoadAnswer } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { untilAnswered } from "./until-answered.ts";
import {
  annotateService,
  applyObjects,
  passedWaypoint,
  untilWith,
  waypointGateway,
  waypointParameters,
} from "./waypoint-gateways.ts";

const cluster = suiteCluster();
const namespace = "moves";
const shared = "moves-shared";
const key = `${namespace}/target`;
const slowMs = 480_000;
let target: LoadTarget;

beforeAll(async () => {
  await installWaystone(cluster);
  for (const each of [namespace, shared]) await cluster.kubectl(["create", "namespace", each]);
  await applyObjects(
    cluster,
    waypointParameters(namespace, "small", { replicas: 1 }),
    waypointGateway(namespace, "own", "small"),
    waypointParameters(shared, "small", { replicas: 1 }),
    waypointGateway(shared, "waypoint", "small"),
  );
  target = await createLoadTarget(cluster, { namespace, name: "target", replicas: 2 });
}, slowMs);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, shared, "--wait=false"]);
}, slowMs);

const toShared = ["use-waypoint=waypoint", `use-waypoint-namespace=${shared}`];
const toOwn = ["use-waypoint=own", "use-waypoint-namespace-"];
const toNone = ["use-waypoint-", "use-waypoint-namespace-"];

async function underLoad(
  what: string,
  act: () => Promise<void>,
  judge: (answer: LoadAnswer) => string | undefined = () => undefined,
): Promise<void> {
  const load = startLoad(target, { judge, perSecond: 100 });
  try {
    await sleep(1_000);
    await act();
    await sleep(2_000);
  } finally {
    const result = await load.stop();
    console.log(`${what}: ${describeLoad(result)}`);
    expect(result.failed).toEqual([]);
  }
}

/** Where a test begins, wherever the one before, or a try of its own, has left the Service. */
async function beginWith(waypoint: string, asked: readonly string[]): Promise<void> {
  await applyObjects(cluster, waypointGateway(shared, "waypoint", "small"));
  await annotateService(cluster, key, ...asked);
  await untilWith(cluster, key, waypoint, { isAlone: true });
  await untilAnswered(target, (answer) => passedWaypoint(answer) === undefined);
}

describe("a Service in use that is moved", () => {
  test("to another waypoint is answered by a waypoint all the while", { timeout: slowMs }, async () => {
    await beginWith(`${shared}/waypoint`, toShared);
    await underLoad(
      "moved to a waypoint of its own",
      async () => {
        await annotateService(cluster, key, ...toOwn);
        await untilWith(cluster, key, `${namespace}/own`, { isAlone: true });
      },
      passedWaypoint,
    );
  });

  test("and back, too", { timeout: slowMs }, async () => {
    await beginWith(`${namespace}/own`, toOwn);
    await underLoad(
      "moved to the shared waypoint",
      async () => {
        await annotateService(cluster, key, ...toShared);
        await untilWith(cluster, key, `${shared}/waypoint`, { isAlone: true });
      },
      passedWaypoint,
    );
  });
});

describe("a Gateway that is deleted while Services are with it", () => {
  test("gives them back before its pods go: no request fails", { timeout: slowMs }, async () => {
    await beginWith(`${shared}/waypoint`, toShared);
    await underLoad("Gateway deleted", async () => {
      await cluster.kubectl(["-n", shared, "delete", "gateway", "waypoint", "--wait=false"]);
      await until(
        async () => {
          const front = await getService(cluster, key);
          const isLeft = front.metadata.annotations?.[captureKeys.capturedBy] === undefined;
          const found = await cluster.tryKubectl(["-n", shared, "get", "gateway", "waypoint"]);
          return isLeft && found.exitCode !== 0;
        },
        { deadlineMs: 120_000, everyMs: 300, describe: () => "the Gateway, or the capture, is still there" },
      );
    });
    const bound = await until(
      async () => {
        const found = boundCondition(await getService(cluster, key));
        return found?.reason === "AttachmentDenied" && found;
      },
      { deadlineMs: 60_000, describe: () => "nobody says that its Gateway is gone" },
    );
    expect(bound.status).toBe("False");
    await annotateService(cluster, key, ...toNone);
    await untilReleased(cluster, key);
  });
});

describe("a port that its owner keeps direct", () => {
  const metricsPort = 9090;

  test("goes past the waypoint and all others through it, without a failure on either", {
    timeout: slowMs,
  }, async () => {
    await annotateService(cluster, key, "direct-ports-", ...toNone);
    await untilReleased(cluster, key, 90_000);
    const ports = [
      { name: "http", port: 80, targetPort: "http" },
      { name: "http-metrics", port: metricsPort, targetPort: "http" },
    ];
    const patch = ["patch", "service", "target", "--type=merge", "-p", JSON.stringify({ spec: { ports } })];
    await cluster.kubectl(["-n", namespace, ...patch]);
    await untilAnswered({ ...target, port: metricsPort }, () => true);
    const metrics = startLoad(target, { port: metricsPort, perSecond: 50 });
    await underLoad("captured but for a port", async () => {
      await annotateService(cluster, key, "direct-ports=http-metrics", "use-waypoint=own");
      await untilCaptured(cluster, key, 90_000);
      await untilAnswered(target, (answer) => passedWaypoint(answer) === undefined);
      await untilAnswered({ ...target, port: metricsPort }, (answer) => passedWaypoint(answer) !== undefined);
    });
    await underLoad(
      "the port passes it too",
      async () => {
        await annotateService(cluster, key, "direct-ports-");
        await untilAnswered(
          { ...target, port: metricsPort },
          (answer) => passedWaypoint(answer) === undefined,
        );
      },
      passedWaypoint,
    );
    const result = await metrics.stop();
    console.log(`the port that was kept direct: ${describeLoad(result)}`);
    expect(result.failed).toEqual([]);
  });
});
