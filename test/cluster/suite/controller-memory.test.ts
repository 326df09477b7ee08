/**
 * What a controller keeps of a cluster: with 1,000 Services and 10,000 pods a whole `waystone controller` has at most 220 MB
 * in memory, after its first list as well as after every pod has changed.
 */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Transport } from "@waystone/kube/transport/transport";
import { ControllerProcess, stopControllers } from "./controller-process.ts";
import { changePods, fillCluster, filledNamespace } from "./fill-cluster.ts";
import { sized } from "./full-run.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { suiteTransport } from "./suite-transport.ts";

const cluster = suiteCluster();
const size = sized({
  short: { services: 100, podsEach: 10, namespaces: 2 },
  full: { services: 1_000, podsEach: 10, namespaces: 10 },
});
const limitMb = sized({ short: 160, full: 220 });
const namespace = "controller-memory";

let transport: Transport;

beforeAll(async () => {
  transport = await suiteTransport(cluster);
  await cluster.kubectl(["create", "namespace", namespace]);
  await fillCluster({ transport, ...size });
}, 900_000);

afterEach(stopControllers);

afterAll(async () => {
  const filled = Array.from({ length: size.namespaces }, (_, at) => filledNamespace(at));
  await cluster.kubectl(["delete", "namespace", "--wait=false", namespace, ...filled]);
  await transport.close();
});

test(`${size.services} Services and ${size.services * size.podsEach} pods: at most ${limitMb} MB`, {
  timeout: 600_000,
}, async () => {
  const controller = await ControllerProcess.start({ cluster, namespace, name: "measured" });
  await controller.becomesReady(60_000);
  const listed = await settledMb(controller);
  expect(await controller.metric('waystone_kube_objects{kind="pods"}')).toBeGreaterThanOrEqual(
    size.services * size.podsEach,
  );
  // Another value at every try, so that it is a change.
  await changePods({ transport, ...size }, String(Date.now()));
  const changed = await settledMb(controller);
  const peak = await memoryMb(controller, "VmHWM");
  console.log(
    `controller: ${listed} MB after the list, ${changed} MB after every pod changed, ${peak} MB at most`,
  );
  expect(Math.max(listed, changed)).toBeLessThanOrEqual(limitMb);
});

/** Nothing is under way any more. */
async function settledMb(controller: ControllerProcess): Promise<number> {
  await sleep(5_000);
  return await memoryMb(controller, "VmRSS");
}

async function memoryMb({ pid }: ControllerProcess, field: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const [, kilobytes = "0"] = status.match(new RegExp(`${field}:\\s+(\\d+) kB`)) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
