import type { HTTPRoute } from "@waystone/api/kubernetes/gateway";
import { controllerName } from "@waystone/api/names";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { createObject, getObject } from "@waystone/kube/objects/objects";
import { openApiWorld } from "@waystone/kube/testing/api-world";
import { expect, test } from "vitest";
import { draftCondition } from "../model/draft-condition.ts";
import type { SourcedObject } from "../model/sources.ts";
import { emptyStatus, type ObjectStatus } from "../translate/object-status.ts";
import { OwnWrites } from "./own-writes.ts";
import { openStatusWriter, type ObjectWithStatus } from "./write-statuses.ts";

const kind = "HTTPRoute";
const key = "HTTPRoute/shop/web";
const id = { namespace: "shop", name: "web" };
const resource = {
  group: "gateway.networking.k8s.io",
  version: "v1",
  plural: "httproutes",
  kind,
  namespaced: true,
};

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
  const world = await openApiWorld();
  const graph = createCollectionGraph();
  const statuses = graph.source<ObjectStatus>({ name: "statuses", key: (status) => status.key });
  const routes = graph.source<SourcedObject<HTTPRoute>>({ name: "routes", key: (each) => each.key });
  await createObject(world.transport, resource, { metadata: id, spec: {} }, { fieldManager: "somebody" });
  const read = async (): Promise<HTTPRoute> => (await getObject<HTTPRoute>(world.transport, resource, id))!;
  routes.set({ key: "shop/web", object: await read() });
  const before = world.server.seen.length;
  const { transport, clock } = world;
  const live = { HTTPRoute: routes };
  const writer = openStatusWriter({
    transport,
    statuses,
    live,
    clock,
    rng: seededRng(1),
    logger: silentLogger,
  });
  for (const message of ["first", "second", "third"]) {
    const accepted = draftCondition("Accepted", "True", "Accepted", message, 1);
    const parentRef = { group: "", kind: "Service", name: "web" };
    const parent = { parentRef, controllerName, waypoint: "shop/waypoint", conditions: [accepted] };
    const empty = emptyStatus({ apiVersion: "", kind, metadata: id }, undefined);
    statuses.set({ ...empty, parents: [parent] });
    await world.pass(600);
  }
  expect(world.server.seen.slice(before).map(({ method }) => method)).toEqual(["PATCH", "PATCH", "PATCH"]);
  expect((await read()).status?.parents?.[0]?.conditions[0]?.message).toBe("third");
  await writer.close();
  await world.close();
});
