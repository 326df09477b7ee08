/**
 * The scale rows of gateway-api-bench, as far as a mesh has them: thousands of routes, how soon one more is in force, what a change
 * of one does to traffic, how often statuses are written, and what the programs keep in memory. `--full` has the numbers
 * that docs/performance.md tells; without it a tenth of them, to see that all of it works.
 */
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Gateway, HTTPRoute } from "@waystone/api/kubernetes/gateway";
import { captureKeys } from "@waystone/api/names";
import { getObject, listObjects } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { releaseNamespace } from "./helm.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget, type LoadTarget } from "./load-target.ts";
import {
  deleteRoutes,
  httpRoutes,
  type ManyRoutes,
  routePath,
  writeRoute,
  writeRoutes,
} from "./many-routes.ts";
import { ObjectHistory } from "./object-history.ts";
import { untilCaptured } from "./service-state.ts";
import { describeLoad, SteadyLoad } from "./steady-load.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { suiteTransport } from "./suite-transport.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { askPlace, type WaypointPlace, untilWaypointPlaces } from "./waypoint-places.ts";

const cluster = suiteCluster();
const namespace = "scale";
const gateways = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "gateways",
  kind: "Gateway",
  namespaced: true,
};
const size = sized({
  short: { attached: 100, propagation: 300, routes: 500, probes: 30, iterations: 20 },
  full: { attached: 1_000, propagation: 3_000, routes: 5_000, probes: 200, iterations: 100 },
});
/** What is promised; a run in passing, on a machine that builds something else, gets more time. */
const limits = sized({
  short: { p50Ms: 2_000, p99Ms: 20_000, settledMs: 60_000, waypointMb: 220, controllerMb: 300 },
  full: { p50Ms: 50, p99Ms: 150, settledMs: 2_000, waypointMb: 200, controllerMb: 400 },
});
const fronts = Array.from({ length: 10 }, (_, at) => `front-${at}`);

let transport: Transport;
let target: LoadTarget;
let routes: ManyRoutes;
/** Of front-0. */
let places: readonly WaypointPlace[] = [];

beforeAll(async () => {
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  target = await createLoadTarget(cluster, { namespace, name: "target" });
  const ports = [
    { name: "http", port: 80, targetPort: "http" },
    { name: "http-alt", port: 8080, targetPort: "http" },
  ];
  await applyObjects(
    cluster,
    ...["target", ...fronts].map((name) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { selector: { app: "target" }, ports },
    })),
  );
  for (const name of ["target", ...fronts]) await untilCaptured(cluster, `${namespace}/${name}`, 90_000);
  transport = await suiteTransport(cluster);
  routes = { transport, namespace, services: fronts, backend: "target" };
  places = await untilWaypointPlaces(cluster, { namespace, service: "front-0", count: 2 });
}, 480_000);

afterAll(async () => {
  for (const { agent } of places) agent.destroy();
  await transport?.close();
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
  await uninstallWaystone(cluster);
}, 600_000);

function say(what: string): void {
  console.log(`${what}; load average ${os.loadavg()[0]?.toFixed(1)}`);
}

const gatewayId = { namespace, name: "waypoint" };

async function untilAttached(count: number): Promise<void> {
  let last: number | undefined;
  await until(
    async () => {
      const gateway = await getObject<Gateway>(transport, gateways, gatewayId);
      last = gateway?.status?.listeners?.[0]?.attachedRoutes;
      return last === count;
    },
    { deadlineMs: 120_000, everyMs: 20, describe: () => `${last} routes are attached, not ${count}` },
  );
}

/** Of whatever is not Programmed at its generation. */
async function pending(): Promise<number> {
  const all = await listObjects<HTTPRoute>(transport, httpRoutes, { namespace });
  return all.filter(({ metadata, status }) => {
    const conditions = status?.parents?.[0]?.conditions ?? [];
    const programmed = conditions.find(({ type }) => type === "Programmed");
    return programmed?.status !== "True" || programmed.observedGeneration !== metadata.generation;
  }).length;
}

async function untilAllProgrammed(): Promise<void> {
  let left = -1;
  await until(async () => (left = await pending()) === 0, {
    deadlineMs: 300_000,
    everyMs: 500,
    describe: () => `${left} routes are not Programmed`,
  });
}

test(`${size.attached} routes come and go: the Gateway says so soon, in few writes`, {
  timeout: 600_000,
}, async () => {
  const history = await ObjectHistory.start<Gateway>(transport, gateways, gatewayId);
  const startedAt = performance.now();
  await writeRoutes(routes, 0, size.attached);
  const writtenAt = performance.now();
  await untilAttached(size.attached);
  const settledMs = performance.now() - writtenAt;
  await untilAllProgrammed();
  const programmedMs = performance.now() - writtenAt;
  const deletedFrom = performance.now();
  await deleteRoutes(routes, 0, size.attached);
  const deletedAt = performance.now();
  await untilAttached(0);
  const goneMs = performance.now() - deletedAt;
  await sleep(1_000);
  const writes = (await history.stop()).length;
  say(
    `${size.attached} routes written in ${seconds(writtenAt - startedAt)} and attached ${seconds(settledMs)} after the last, all ` +
      `Programmed after ${seconds(programmedMs)}; deleted in ${seconds(deletedAt - deletedFrom)} and gone ${seconds(goneMs)} after the last; ` +
      `${writes} writes of the Gateway`,
  );
  expect(settledMs).toBeLessThan(limits.settledMs);
  expect(goneMs).toBeLessThan(limits.settledMs);
  expect(writes).toBeLessThanOrEqual(100);
});

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** From the write to the first answer of every waypoint that shows it; whatever else is answered meanwhile. */
async function propagate(number: number, wrong: string[]): Promise<number> {
  const startedAt = performance.now();
  await writeRoute(routes, number);
  await Promise.all(
    places.map(
      async (place) =>
        await until(
          async () => {
            const { status, headers } = await askPlace(place, routePath(number));
            if (status === 200 && headers["x-route-number"] === String(number)) return true;
            if (status !== 404) wrong.push(`${routePath(number)}: ${status}`);
            return false;
          },
          {
            deadlineMs: 60_000,
            everyMs: 1,
            describe: () => `route ${number} is not in force at ${place.host}`,
          },
        ),
    ),
  );
  return performance.now() - startedAt;
}

test(`one more route, with ${size.propagation} there, is in force in every waypoint soon: 404, then 200, nothing else`, {
  timeout: 900_000,
}, async () => {
  const first = Math.ceil(size.propagation / fronts.length) * fronts.length;
  const probed = Array.from({ length: size.probes }, (_, probe) => first + probe * fronts.length);
  // Those of a try before: each is to be new.
  for (const number of probed) await deleteRoutes(routes, number, number + 1);
  await writeRoutes(routes, 0, size.propagation);
  await untilAllProgrammed();
  const wrong: string[] = [];
  const took: number[] = [];
  // Every tenth is of front-0, which is where we ask.
  for (const number of probed) took.push(await propagate(number, wrong));
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  say(
    `propagation of ${size.probes} routes at ${size.propagation}: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, ` +
      `max ${at(1).toFixed(1)} ms, ${wrong.length} wrong codes`,
  );
  expect(wrong).toEqual([]);
  expect(at(0.5)).toBeLessThan(limits.p50Ms);
  expect(at(0.99)).toBeLessThan(limits.p99Ms);
});

test(`a route that changes port and filters every 200 ms, with ${size.routes} there: no wrong answer`, {
  timeout: 900_000,
}, async () => {
  await writeRoutes(routes, 0, size.routes);
  await untilAllProgrammed();
  // The load asks for /load: one route of front-0 is for that.
  const changing = { ...routes, services: ["target"] };
  await cluster.kubectl(
    ["apply", "-f", "-"],
    JSON.stringify({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { name: "others", namespace },
      spec: {
        parentRefs: [{ group: "", kind: "Service", name: "target" }],
        rules: [{ backendRefs: [{ name: "target", port: 80 }] }],
      },
    }),
  );
  const load = new SteadyLoad({
    host: target.clusterIp,
    port: 80,
    perSecond: 100,
    kept: 8,
    path: routePath(0),
  });
  for (let iteration = 0; iteration < size.iterations; iteration++) {
    await writeRoute(changing, 0, { shown: `change ${iteration}`, port: iteration % 2 === 0 ? 8080 : 80 });
    await sleep(200);
  }
  const result = await load.stop();
  say(`${size.iterations} changes at ${size.routes} routes under load: ${describeLoad(result)}`);
  expect(result.failed).toEqual([]);
  expect(result.sent).toBeGreaterThan(size.iterations * 10);
});

interface Usage {
  readonly pod: string;
  readonly residentMb: number;
  readonly cpuSeconds: number;
}

async function usageOf(where: string, selector: string): Promise<readonly Usage[]> {
  const columns = "jsonpath={range .items[*]}{.metadata.name} {.status.podIP}{'\\n'}{end}";
  const pods = (await cluster.kubectl(["-n", where, "get", "pods", "-l", selector, "-o", columns])).trim();
  return await Promise.all(
    pods.split("\n").map(async (line) => {
      const [pod = "", address = ""] = line.split(" ");
      const text = await (await fetch(`http://${address}:15020/metrics`)).text();
      const value = (name: string): number =>
        Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
      return {
        pod,
        residentMb: value("process_resident_memory_bytes") / 2 ** 20,
        cpuSeconds: value("process_cpu_seconds_total"),
      };
    }),
  );
}

test(`with ${size.routes} routes the programs keep what was promised, and do next to nothing while nothing changes`, {
  timeout: 300_000,
}, async () => {
  await untilAllProgrammed();
  await sleep(5_000);
  const look = async (): Promise<readonly Usage[]> => [
    ...(await usageOf(releaseNamespace, "app.kubernetes.io/name=waystone")),
    ...(await usageOf(namespace, captureKeys.waypoint)),
  ];
  const before = await look();
  const idleSeconds = 10;
  await sleep(idleSeconds * 1_000);
  const after = await look();
  for (const { pod, residentMb, cpuSeconds } of after) {
    const used = cpuSeconds - (before.find((each) => each.pod === pod)?.cpuSeconds ?? Number.NaN);
    say(`${pod}: ${residentMb.toFixed(0)} MB, idle ${((used / idleSeconds) * 1000).toFixed(1)} mCPU`);
    const limit = pod.startsWith("waypoint") ? limits.waypointMb : limits.controllerMb;
    expect(residentMb).toBeLessThan(limit);
  }
  expect(after.length).toBeGreaterThanOrEqual(4);
});
