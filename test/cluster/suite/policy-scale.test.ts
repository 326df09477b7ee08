/**
 * A thousand AuthorizationPolicies, and one of them applied again and again: how soon every waypoint carries the change out, from the
 * write at the API server, and that nothing but that policy is sent for it. `--full` has the numbers that docs/performance.md tells.
 */
import os from "node:os";
import { applyObject, listObjects } from "@waystone/kube/objects/objects";
import type { Transport } from "@waystone/kube/transport/transport";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { createLoadTarget } from "./load-target.ts";
import { doEach } from "./many-routes.ts";
import type { PolicyObject } from "./policy-status.ts";
import { untilCaptured } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { suiteTransport } from "./suite-transport.ts";
import { applyObjects } from "./waypoint-gateways.ts";
import { askPlace, type WaypointPlace, untilWaypointPlaces } from "./waypoint-places.ts";

const cluster = suiteCluster();
const namespace = "policies";
const size = sized({
  short: { policies: 100, fronts: 4, probes: 20 },
  full: { policies: 1_000, fronts: 20, probes: 200 },
});
/** What is promised; a run in passing, on a machine that builds something else, is only looked at. */
const limits = sized({ short: { p50Ms: 20_000 }, full: { p50Ms: 50 } });
const fronts = Array.from({ length: size.fronts }, (_, at) => `front-${at}`);
const policies = {
  group: "waystone.dev",
  version: "v1alpha1",
  plural: "authorizationpolicies",
  kind: "AuthorizationPolicy",
  namespaced: true,
};

let transport: Transport;
/** Of front-0. */
let places: readonly WaypointPlace[] = [];

beforeAll(async () => {
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  await createLoadTarget(cluster, { namespace, name: "target", replicas: 1 });
  const ports = [{ name: "http", port: 80, targetPort: "http" }];
  const services = fronts.map((name) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app: "target" }, ports },
  }));
  await applyObjects(cluster, ...services);
  for (const name of fronts) await untilCaptured(cluster, `${namespace}/${name}`, 90_000);
  transport = await suiteTransport(cluster);
  places = await untilWaypointPlaces(cluster, { namespace, service: "front-0", count: 2 });
}, 480_000);

afterAll(async () => {
  for (const { agent } of places) agent.destroy();
  await transport?.close();
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
  await uninstallWaystone(cluster);
}, 600_000);

/** Denies one path of the Service that is its by turn. */
async function writePolicy(number: number, path: string): Promise<void> {
  const wanted = {
    metadata: { namespace, name: `policy-${number}` },
    spec: {
      action: "DENY",
      targetRefs: [{ group: "", kind: "Service", name: fronts[number % fronts.length] ?? "" }],
      rules: [{ to: [{ operation: { paths: [path] } }] }],
    },
  };
  await applyObject(transport, policies, wanted, { fieldManager: "suite" });
}

async function untilAllProgrammed(): Promise<void> {
  let left = -1;
  await until(
    async () => {
      const all = await listObjects<PolicyObject>(transport, policies, { namespace });
      left = all.filter(({ metadata, status }) => {
        const programmed = status?.conditions?.find(({ type }) => type === "Programmed");
        return programmed?.status !== "True" || programmed.observedGeneration !== metadata.generation;
      }).length;
      return left === 0;
    },
    { deadlineMs: 300_000, everyMs: 500, describe: () => `${left} policies are not Programmed` },
  );
}

/** From the write to the first answer of every waypoint that shows it; whatever else is answered meanwhile. */
async function propagate(path: string, number: number, wrong: string[]): Promise<number> {
  const startedAt = performance.now();
  await writePolicy(number, path);
  const denies = async (place: WaypointPlace): Promise<boolean> => {
    const { status } = await askPlace(place, path);
    if (status !== 200 && status !== 403) wrong.push(`${path}: ${status}`);
    return status === 403;
  };
  await Promise.all(
    places.map(async (place) => {
      const describe = (): string => `policy ${number} is not in force at ${place.host}`;
      await until(async () => await denies(place), { deadlineMs: 60_000, everyMs: 1, describe });
    }),
  );
  return performance.now() - startedAt;
}

/** What all waypoints have been sent, by type of resource. */
async function taken(): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  for (const { host } of places) {
    const text = await (await fetch(`http://${host}:15020/metrics`)).text();
    for (const [, type = "", count] of text.matchAll(
      /^waystone_pushed_resources_total\{type="(\w+)"\} (\d+)$/gm,
    ))
      sums.set(type, (sums.get(type) ?? 0) + Number(count));
  }
  return sums;
}

test(`one of ${size.policies} policies that changes is in force in every waypoint soon, and is all that is sent`, {
  timeout: 900_000,
}, async () => {
  await doEach(0, size.policies, async (number) => await writePolicy(number, `/never/${number}`));
  await untilAllProgrammed();
  const before = await taken();
  const wrong: string[] = [];
  const took: number[] = [];
  for (let probe = 0; probe < size.probes; probe++) {
    // Those of front-0, which is where we ask.
    const number = (probe * fronts.length) % size.policies;
    took.push(await propagate(`/probe-${probe}`, number, wrong));
  }
  await untilAllProgrammed();
  const after = await taken();
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  console.log(
    `${size.probes} changes of one of ${size.policies} policies: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, ` +
      `max ${at(1).toFixed(1)} ms; load average ${os.loadavg()[0]?.toFixed(1)}`,
  );
  expect(wrong).toEqual([]);
  expect((after.get("Policy") ?? 0) - (before.get("Policy") ?? 0)).toBe(size.probes * places.length);
  for (const type of ["Service", "EndpointSlice", "Route"])
    expect([type, after.get(type)]).toEqual([type, before.get(type)]);
  expect(at(0.5)).toBeLessThan(limits.p50Ms);
});
