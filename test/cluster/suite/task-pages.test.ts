/**
 * The task pages of docs/ on a real cluster, command by command, as `npm run test:examples` plays them on files: what is saved there is
 * applied here, `waystone status` asks the cluster, and metrics are those of all waypoints.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { captureKeys } from "@waystone/api/names";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { playSteps, type Stage } from "../../../examples/tasks/play-steps.ts";
import { readAllPlays, usualAdmin } from "../../../examples/tasks/play-page.ts";
import { findWorld } from "../../../examples/tasks/worlds.ts";
import { readManifests } from "./example-on-cluster.ts";
import { installWaystone, uninstallWaystone, waystone } from "./installed-waystone.ts";
import { namespacesOf, type OpenExample, openExample } from "./open-example.ts";
import { suiteCluster } from "./suite-cluster.ts";
import { loadWaystoneImage } from "./waystone-image.ts";

const cluster = suiteCluster();
const plays = readAllPlays();
const worlds = [...new Set(plays.map(({ world }) => world))];

beforeAll(async () => await installWaystone(cluster), 240_000);

afterAll(async () => await uninstallWaystone(cluster), 240_000);

describe.each(worlds)("in the world %s", (name) => {
  const world = findWorld(name);
  const namespaces = namespacesOf(readManifests(world));
  const [namespace = ""] = namespaces;
  let open: OpenExample | undefined;
  let folder = "";
  let applied: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "waystone-task-"));
    cpSync(world.manifests, folder, { recursive: true });
    open = await openExample(cluster, world, await loadWaystoneImage(cluster));
  }, 480_000);

  afterAll(async () => {
    await open?.close();
    await rm(folder, { recursive: true, force: true });
    await cluster.kubectl(["delete", "namespace", ...namespaces, "--wait=false"]);
  }, 120_000);

  /** The next page finds the world as it was. */
  afterEach(async () => {
    for (const text of applied) await cluster.kubectl(["delete", "--ignore-not-found", "-f", "-"], text);
    applied = [];
    await waystone(cluster, "revoke", "secrets", "-n", namespace);
  }, 120_000);

  async function stage(): Promise<Stage> {
    const pods = ["get", "pods", "-l", captureKeys.waypoint, "-o", "jsonpath={.items[*].status.podIP}"];
    const addresses = (await cluster.kubectl(["-n", namespace, ...pods])).split(" ");
    const metrics = addresses.map((address) => `http://${address}:15020/metrics`).join(" ");
    return {
      folder,
      patienceMs: 90_000,
      async apply({ text }) {
        await cluster.kubectl(["apply", "-f", "-"], text);
        applied.push(text);
      },
      adapt: (command) =>
        command
          .replace(`--admin ${usualAdmin}`, `-n ${namespace}`)
          .replace(`http://${usualAdmin}/metrics`, metrics),
    };
  }

  const own = plays.filter((play) => play.world === name);
  test.each(own)("$page, $title", { timeout: 600_000 }, async ({ steps }) => {
    const { passed, fault } = await playSteps(steps, await stage());
    expect(fault).toBeUndefined();
    expect(passed).toBe(steps.filter(({ kind }) => kind === "command").length);
  });
});
