/** 100 Services of one namespace, enrolled at once, against the default limits of the API server and controller-manager. */
import { afterAll, beforeAll, expect, onTestFailed, test } from "vitest";
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { until } from "../until.ts";
import { sized } from "./full-run.ts";
import { installWaystone, uninstallWaystone } from "./installed-waystone.ts";
import { comparable } from "./service-state.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const namespace = "many";
const count = 100;
/** What is promised; a run in passing, on a machine that builds something else, gets more time. */
const limitMs = sized({ short: 100_000, full: 20_000 });

function service(number: number): Pick<Service, "apiVersion" | "kind" | "metadata" | "spec"> {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `service-${number}`, namespace },
    spec: { selector: { app: `app-${number}` }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  };
}

async function list(): Promise<readonly Service[]> {
  const json = await cluster.kubectl(["-n", namespace, "get", "services", "-o", "json"]);
  const { items } = JSON.parse(json) as { readonly items: readonly Service[] };
  return items
    .filter(
      ({ metadata }) =>
        metadata.name.startsWith("service-") && metadata.labels?.[captureKeys.shadowOf] === undefined,
    )
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

const capturedCount = async (): Promise<number> =>
  (await list()).filter(({ metadata }) => metadata.annotations?.[captureKeys.capturedBy] !== undefined)
    .length;

beforeAll(async () => {
  await installWaystone(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  // The waypoint is there already: what is measured is capture, not the start of its pods.
  const first = {
    ...service(0),
    metadata: { ...service(0).metadata, annotations: { "waystone.dev/use-waypoint": "waypoint" } },
  };
  await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(first));
  await until(async () => (await capturedCount()) === 1, {
    deadlineMs: 90_000,
    describe: () => "the first Service is not captured",
  });
}, 480_000);

afterAll(async () => {
  await uninstallWaystone(cluster);
  await cluster.kubectl(["delete", "namespace", namespace, "--wait=false"]);
}, 480_000);

test(`${count} Services are captured within ${limitMs / 1000} s, and given back whole`, {
  timeout: 480_000,
}, async () => {
  const items = Array.from({ length: count }, (_, number) => service(number + 1));
  onTestFailed(async () => {
    await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint-"]);
    const names = items.map(({ metadata }) => metadata.name);
    await cluster.kubectl(["-n", namespace, "delete", "services", "--ignore-not-found", ...names]);
    await until(async () => (await list()).length === 1, {
      deadlineMs: 60_000,
      describe: () => "Services are left",
    });
  });
  await cluster.kubectl(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const before = (await list()).slice(1).map(comparable);
  const startedAt = performance.now();
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint=waypoint"]);
  let captured = 0;
  await until(async () => (captured = await capturedCount()) === count + 1, {
    deadlineMs: 120_000,
    everyMs: 250,
    describe: () => `${captured} of ${count + 1} Services are captured`,
  });
  const tookMs = performance.now() - startedAt;
  console.log(`${count} Services captured in ${(tookMs / 1000).toFixed(1)} s`);
  await cluster.kubectl(["annotate", "namespace", namespace, "waystone.dev/use-waypoint-"]);
  await until(async () => (captured = await capturedCount()) <= 1, {
    deadlineMs: 120_000,
    everyMs: 250,
    describe: () => `${captured} Services are still captured`,
  });
  await until(
    async () =>
      (await list()).every(
        ({ metadata, status }) => metadata.name === "service-0" || (status?.conditions ?? []).length === 0,
      ),
    { deadlineMs: 60_000, describe: () => "conditions are left" },
  );
  const after = (await list()).filter(({ metadata }) => metadata.name !== "service-0");
  expect(after.map(comparable).toSorted(byName)).toEqual(before.toSorted(byName));
  expect(tookMs).toBeLessThan(limitMs);
});

function byName(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
