import type { HTTPRoute } from "@waystone/api/kubernetes/gateway";
import { controllerName } from "@waystone/api/names";
import { createObject, getObject } from "@waystone/kube/objects/objects";
import { expect, test } from "vitest";
import { draftCondition } from "../model/draft-condition.ts";
import { httpRoutesKind, id, manager, parentRef, status, useStatusRig } from "../testing/status-rig.ts";
import { OwnWrites } from "./own-writes.ts";
import type { ObjectWithStatus } from "./write-statuses.ts";

const { kind } = httpRoutesKind;
const key = "HTTPRoute/shop/web";
const rig = useStatusRig();

function route(resourceVersion: string, uid = "1"): ObjectWithStatus {
  return { apiVersion: "v1", kind, metadata: { ...id, uid, resourceVersion } };
}

test("the newer of what was written and what the watch shows is what is known of an object", () => {
  const own = new OwnWrites();
  expect(own.newest(key, route("9"))).toEqual(route("9"));
  own.wrote(key, route("10"));
  expect(own.newest(key, route("9"))).toEqual(route("10"));
  expect(own.newest(key, route("11"))).toEqual(route("11"));
  // It is forgotten by then.
  expect(own.newest(key, route("9"))).toEqual(route("9"));
});

test("of an object that is gone, or another one of its name, what was written says nothing", () => {
  const own = new OwnWrites();
  own.wrote(key, route("10"));
  expect(own.newest(key, undefined)).toBeUndefined();
  own.wrote(key, route("10"));
  expect(own.newest(key, route("7", "2"))).toEqual(route("7", "2"));
});

test("a status that changes before the watch has shown the last one is one more write: no conflict, no read", async () => {
  const { statuses, httpRoutes, open, writes, reads } = rig.setup();
  const world = rig.world();
  const { transport } = world;
  await createObject(transport, httpRoutesKind, { metadata: id, spec: {} }, manager);
  const read = async (): Promise<HTTPRoute> => (await getObject<HTTPRoute>(transport, httpRoutesKind, id))!;
  httpRoutes.set({ key: "shop/web", object: await read() });
  const readBefore = reads().length;
  open({ HTTPRoute: httpRoutes });
  for (const message of ["first", "second", "third"]) {
    const accepted = draftCondition("Accepted", "True", "Accepted", message, 3);
    const parent = { parentRef, controllerName, waypoint: "shop/waypoint", conditions: [accepted] };
    statuses.set(status(kind, { parents: [parent] }));
    await world.pass(600);
  }
  expect([writes().length, reads().length]).toEqual([3, readBefore]);
  expect((await read()).status?.parents?.[0]?.conditions[0]?.message).toBe("third");
});
