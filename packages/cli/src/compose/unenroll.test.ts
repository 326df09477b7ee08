/** `waystone unenroll`: which Services it says are given back, and what it waits for. */
import { captureKeys, useWaypointKey } from "@waystone/api/names";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kinds } from "../cluster/kinds.ts";
import type { UnenrollOptions } from "../commands/unenroll.ts";
import { type ClusterWorld, openClusterWorld } from "../testing/cluster-world.ts";
import { unenroll } from "./unenroll.ts";

let world: ClusterWorld;

beforeEach(async () => {
  const { namespace, service } = kinds;
  world = await openClusterWorld([namespace, service]);
  world.server.put("namespaces", {
    metadata: { name: "shop", annotations: { [useWaypointKey]: "waypoint" } },
  });
  for (const name of ["api", "web"]) putService(name, { [captureKeys.capturedBy]: "shop/waypoint" });
});

afterEach(() => world.close());

function putService(name: string, annotations: Readonly<Record<string, string>>): void {
  world.server.put("services", { metadata: { namespace: "shop", name, annotations } });
}

/** A controller that is done within the request that asks for it: nobody can be quicker. */
function giveBackAtOnce(): void {
  world.server.store.subscribe(({ kind, after }) => {
    if (kind.includes("namespaces") && after !== undefined)
      for (const name of ["api", "web"]) putService(name, {});
  });
}

const unenrolled = async (rest: Partial<UnenrollOptions> = {}): Promise<string[]> => {
  const lines: string[] = [];
  const options = { kubeconfig: world.kubeconfig, wait: true, timeout: 10_000, ...rest };
  await unenroll(["shop"], options, (line) => void lines.push(line));
  return lines;
};

test("Services that the controller has given back by the time that the annotation is gone are named all the same", async () => {
  giveBackAtOnce();
  expect(await unenrolled()).toEqual([
    "namespace/shop unenrolled",
    "service/api is given back",
    "service/web is given back",
    "2 Services have their own selector and ports again",
  ]);
});

test("a Service that asks for a waypoint itself keeps it, and is not waited for", async () => {
  putService("web", { [captureKeys.capturedBy]: "shop/waypoint", [useWaypointKey]: "waypoint" });
  expect(await unenrolled({ wait: false })).toEqual([
    "namespace/shop unenrolled",
    "service/api is given back",
  ]);
});

test("a dry run says the same, and changes nothing", async () => {
  expect(await unenrolled({ dryRun: true })).toEqual([
    "namespace/shop unenrolled (dry run)",
    "service/api is given back (dry run)",
    "service/web is given back (dry run)",
  ]);
  expect(world.server.get("namespaces", "shop")).toMatchObject({
    metadata: { annotations: { [useWaypointKey]: "waypoint" } },
  });
});

test("without a controller it says after its timeout what is still captured, and what to do", async () => {
  await expect(unenrolled({ timeout: 0 })).rejects.toThrow(
    "2 Services are still captured after 0 s: api, web; is the controller running?",
  );
});
