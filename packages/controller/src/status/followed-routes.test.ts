/** The status of routes, which the writer follows: others write there too (GEP-1742). */
import type { HTTPRoute } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { controllerName, fieldManagers } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import type { SourceCollection } from "@waystone/collection/collection";
import { createObject, getObject, patchObject } from "@waystone/kube/objects/objects";
import { describe, expect, test } from "vitest";
import { draftCondition } from "../model/draft-condition.ts";
import type { SourcedObject } from "../model/sources.ts";
import type { ObjectStatus } from "../translate/object-status.ts";
import { httpRoutesKind, id, manager, parentRef, status, useStatusRig } from "../testing/status-rig.ts";

const rig = useStatusRig();
const { setup } = rig;

/** A route on the server, and known here as the reflector would have it. */
async function putRoute(
  httpRoutes: SourceCollection<SourcedObject<HTTPRoute>>,
): Promise<() => Promise<void>> {
  await createObject(rig.world().transport, httpRoutesKind, { metadata: id, spec: {} }, manager);
  const follow = async (): Promise<void> => {
    const object = await getObject<HTTPRoute>(rig.world().transport, httpRoutesKind, id);
    if (object !== undefined) httpRoutes.set({ key: "shop/web", object });
  };
  await follow();
  return follow;
}

function routeStatus(programmed: Condition["status"], reason: string, message: string): ObjectStatus {
  const conditions = [
    draftCondition("Accepted", "True", "Accepted", "", 3),
    draftCondition("Programmed", programmed, reason, message, 3),
  ];
  return status("HTTPRoute", {
    parents: [{ parentRef, controllerName, waypoint: "shop/waypoint", conditions }],
  });
}

async function writeParents(parents: readonly object[]): Promise<void> {
  const options = { ...manager, subresource: "status" } as const;
  await patchObject(
    rig.world().transport,
    httpRoutesKind,
    id,
    { type: "merge", patch: { status: { parents } } },
    options,
  );
}

describe("a route that is followed", () => {
  test("whose status is as it should be costs a new leader no request at all", async () => {
    const { statuses, httpRoutes, open, writes, reads } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    statuses.set(routeStatus("True", "Programmed", "2/2 waypoints"));
    await rig.world().settle();
    await rig.closeWriter();
    await follow();
    const before = { writes: writes().length, reads: reads().length };
    open({ HTTPRoute: httpRoutes });
    await rig.world().pass(5_000);
    expect({ writes: writes().length, reads: reads().length }).toEqual(before);
    expect(before.writes).toBe(1);
  });

  test("is read only where what is known of it is too old; what another controller wrote meanwhile is kept", async () => {
    const { statuses, httpRoutes, open, reads } = setup();
    await putRoute(httpRoutes);
    const other = { parentRef: { name: "edge" }, controllerName: "example.com/other", conditions: [] };
    await writeParents([other]);
    const before = reads().length;
    open({ HTTPRoute: httpRoutes });
    statuses.set(routeStatus("True", "Programmed", "2/2 waypoints"));
    await rig.world().settle();
    expect(reads().length - before).toBe(1);
    const route = await getObject<HTTPRoute>(rig.world().transport, httpRoutesKind, id);
    expect(route?.status?.parents?.map((parent) => parent.controllerName)).toEqual([
      "example.com/other",
      controllerName,
    ]);
  });

  test("is written once for a change that its waypoints answer within half a second", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    for (const step of ["0/3 waypoints", "1/3 waypoints", "2/3 waypoints"]) {
      statuses.set(routeStatus("False", "Pending", step));
      await rig.world().pass(100);
    }
    expect(writes()).toEqual([]);
    statuses.set(routeStatus("True", "Programmed", "3/3 waypoints"));
    await rig.world().settle();
    expect(writes()).toHaveLength(1);
    await follow();
    await rig.world().pass(5_000);
    expect(writes()).toHaveLength(1);
  });

  test("says within a second what it waits for when they do not answer, and at once that one refused", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    statuses.set(routeStatus("False", "Pending", "1/2 waypoints"));
    await rig.world().pass(600);
    expect(writes()).toHaveLength(1);
    await follow();
    await rig.world().pass(600);
    statuses.set(routeStatus("False", "Invalid", "refused by waypoint-1: too long"));
    await rig.world().settle();
    expect(writes()).toHaveLength(2);
  });

  test("that changes again and again is written twice a second, and its last state always", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    for (let change = 1; change <= 40; change++) {
      statuses.set(routeStatus("True", "Programmed", `change ${change}`));
      await rig.world().pass(50);
      await follow();
    }
    await rig.world().pass(1_000);
    expect(writes().length).toBeGreaterThanOrEqual(4);
    expect(writes().length).toBeLessThanOrEqual(6);
    const route = await getObject<HTTPRoute>(rig.world().transport, httpRoutesKind, id);
    expect(route?.status?.parents?.[0]?.conditions[1]?.message).toBe("change 40");
  });

  test("is written in the end when a timer comes a fraction of a millisecond too early, as Node's do", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    const { clock } = rig.world();
    const early: Clock = {
      now: () => clock.now(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, run) => clock.after(Math.max(0.1, delayMs - 0.3), run),
      every: (periodMs, run) => clock.every(periodMs, run),
    };
    open({ HTTPRoute: httpRoutes }, early);
    statuses.set(routeStatus("True", "Programmed", "before"));
    await rig.world().settle();
    await follow();
    statuses.set(routeStatus("True", "Programmed", "after"));
    await rig.world().pass(1_000);
    expect(writes()).toHaveLength(2);
  });

  test("has its entry put back when somebody takes it away; who does so for ever is answered ever more slowly", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    statuses.set(routeStatus("True", "Programmed", "2/2 waypoints"));
    await rig.world().settle();
    const ours = (): number =>
      writes().filter(({ query }) => query["fieldManager"] === fieldManagers.status).length;
    await follow();
    await writeParents([]);
    await follow();
    await rig.world().pass(600);
    expect(ours()).toBe(2);
    for (let second = 0; second < 120; second++) {
      await writeParents([]);
      await follow();
      await rig.world().pass(500);
      await follow();
      await rig.world().pass(500);
    }
    expect(ours()).toBeLessThan(14);
  });
});
