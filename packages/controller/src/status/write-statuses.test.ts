import type { HTTPRoute, TCPRoute } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { controllerName, fieldManagers } from "@waystone/api/names";
import type { Clock } from "@waystone/base/clock";
import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import type { SourceCollection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { KubeObject } from "@waystone/kube/kube-object";
import { createObject, getObject, patchObject } from "@waystone/kube/objects/objects";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { draftCondition } from "../model/draft-condition.ts";
import type { SourcedObject } from "../model/sources.ts";
import type { Service } from "@waystone/api/kubernetes/core";
import { emptyStatus, type ObjectStatus } from "../translate/object-status.ts";
import { type LiveObjects, openStatusWriter } from "./write-statuses.ts";

const services = { group: "", version: "v1", plural: "services", kind: "Service", namespaced: true };
const gatewayApi = { group: "gateway.networking.k8s.io", version: "v1", namespaced: true };
const httpRoutesKind = { ...gatewayApi, plural: "httproutes", kind: "HTTPRoute" };
const grpcRoutes = { ...gatewayApi, plural: "grpcroutes", kind: "GRPCRoute" };
const policies = {
  group: "waystone.dev",
  version: "v1alpha1",
  plural: "authorizationpolicies",
  kind: "AuthorizationPolicy",
  namespaced: true,
};
const id = { namespace: "shop", name: "web" };
const parentRef = { group: "", kind: "Service", name: "web" };
const manager = { fieldManager: "somebody" };

let world: ApiWorld;
let writer: { close(): Promise<void> } | undefined;
beforeEach(async () => {
  world = await openApiWorld();
});
afterEach(async () => {
  await writer?.close();
  writer = undefined;
  await world.close();
});

function setup() {
  const graph = createCollectionGraph();
  const statuses = graph.source<ObjectStatus>({ name: "statuses", key: ({ key }) => key });
  const services = graph.source<SourcedObject<Service>>({ name: "services", key: ({ key }) => key });
  const httpRoutes = graph.source<SourcedObject<HTTPRoute>>({ name: "routes", key: ({ key }) => key });
  const open = (live: LiveObjects = {}, clock: Clock = world.clock): void => {
    const { transport } = world;
    writer = openStatusWriter({
      transport,
      statuses,
      live,
      clock,
      rng: seededRng(1),
      logger: silentLogger,
    });
  };
  return {
    statuses,
    services,
    httpRoutes,
    open,
    writes: () => world.server.seen.filter(({ method }) => method === "PATCH"),
    reads: () => world.server.seen.filter(({ method }) => method === "GET"),
  };
}

function status(kind: string, parts: Partial<ObjectStatus>): ObjectStatus {
  const object = { apiVersion: "", kind, metadata: { ...id, generation: 3 } };
  return { ...emptyStatus(object, undefined), ...parts };
}

function bound(value: Condition["status"], reason: string) {
  return draftCondition("waystone.dev/WaypointBound", value, reason, "in words", 3);
}

async function service(): Promise<Service> {
  return (await getObject<Service>(world.transport, services, id))!;
}

async function putService(conditions: readonly Condition[] = []): Promise<void> {
  await createObject(world.transport, services, { metadata: id }, manager);
  if (conditions.length === 0) return;
  await patchObject(
    world.transport,
    services,
    id,
    { type: "merge", patch: { status: { conditions } } },
    { ...manager, subresource: "status" },
  );
}

const foreign: Condition = {
  type: "LoadBalancerReady",
  status: "True",
  reason: "Ready",
  message: "",
  observedGeneration: 1,
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

describe("the status writer", () => {
  test("puts our conditions beside those of others", async () => {
    const { statuses, open } = setup();
    await putService([foreign]);
    open();
    statuses.set(status("Service", { conditions: [bound("False", "Requested")] }));
    await world.settle();
    const conditions = (await service()).status?.conditions;
    expect(conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      "LoadBalancerReady Ready",
      "waystone.dev/WaypointBound Requested",
    ]);
    expect(conditions?.[0]).toEqual(foreign);
  });

  test("keeps the time of a condition whose status stays, and moves it when the status changes", async () => {
    const { statuses, open } = setup();
    await putService();
    open();
    const times: (string | undefined)[] = [];
    for (const [value, reason] of [
      ["False", "Requested"],
      ["False", "ShadowReady"],
      ["True", "WaypointAccepted"],
    ] as const) {
      statuses.set(status("Service", { conditions: [bound(value, reason)] }));
      await world.settle();
      times.push((await service()).status?.conditions?.[0]?.lastTransitionTime);
      world.clock.advance(5_000);
    }
    expect(times[1]).toBe(times[0]);
    expect(times[2]).not.toBe(times[1]);
  });

  test("writes nothing that changes nothing: a new leader finds all as it should be", async () => {
    const { statuses, open, writes } = setup();
    await putService();
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    open();
    await world.settle();
    await writer?.close();
    const before = writes().length;
    open();
    await world.settle();
    expect(writes().length).toBe(before);
  });

  test("takes back what an earlier leader said of a Service of which there is nothing to say any more", async () => {
    const { services, open } = setup();
    await putService([foreign, { ...foreign, type: "waystone.dev/WaypointBound" }]);
    services.set({ key: "shop/web", object: await service() });
    open({ Service: services });
    await world.settle();
    expect((await service()).status?.conditions).toEqual([foreign]);
  });

  test("a Service on which only we had conditions has none afterwards", async () => {
    const { statuses, open } = setup();
    await putService();
    open();
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    await world.settle();
    statuses.delete("Service/shop/web");
    await world.pass(1_000);
    expect((await service()).status).not.toHaveProperty("conditions");
  });

  test.for([httpRoutesKind, grpcRoutes])(
    "leaves the entries of other controllers in the parents of an object of kind $kind alone",
    async (routes) => {
      const { statuses, open } = setup();
      const other = { parentRef: { name: "edge" }, controllerName: "example.com/other", conditions: [] };
      await createObject(world.transport, routes, { metadata: id }, manager);
      const patch = { status: { parents: [other] } };
      await patchObject(
        world.transport,
        routes,
        id,
        { type: "merge", patch },
        { ...manager, subresource: "status" },
      );
      open();
      const accepted = draftCondition("Accepted", "True", "Accepted", "", 3);
      const parents = [{ parentRef, controllerName, waypoint: "shop/waypoint", conditions: [accepted] }];
      statuses.set(status(routes.kind, { parents }));
      await world.settle();
      const route = await getObject<HTTPRoute>(world.transport, routes, id);
      expect(route?.status?.parents?.map((parent) => parent.controllerName)).toEqual([
        "example.com/other",
        controllerName,
      ]);
      expect(route?.status?.parents?.[0]).toEqual(other);
    },
  );

  test("is written in the version that the cluster serves the kind in", async () => {
    const { statuses, open, writes } = setup();
    const tcpRoutes = { ...gatewayApi, version: "v1alpha2", plural: "tcproutes", kind: "TCPRoute" };
    world.server.addKind({ ...tcpRoutes, hasStatus: true });
    await createObject(world.transport, tcpRoutes, { metadata: id, spec: {} }, manager);
    const live = createCollectionGraph().source<SourcedObject<TCPRoute>>({
      name: "live",
      key: ({ key }) => key,
    });
    const apiVersion = "gateway.networking.k8s.io/v1alpha2";
    live.set({
      key: "shop/web",
      object: { apiVersion, kind: "TCPRoute", metadata: { ...id, generation: 3 } },
    });
    open({ TCPRoute: live });
    const accepted = draftCondition("Accepted", "True", "Accepted", "", 3);
    const parents = [{ parentRef, controllerName, waypoint: "shop/waypoint", conditions: [accepted] }];
    statuses.set(status("TCPRoute", { parents }));
    await world.settle();
    expect(writes().map(({ path }) => path)).toEqual([
      "/apis/gateway.networking.k8s.io/v1alpha2/namespaces/shop/tcproutes/web/status",
    ]);
  });

  test("a policy is told what became of it, as a whole and at each target, through its own subresource", async () => {
    const { statuses, open } = setup();
    await createObject(world.transport, policies, { metadata: id, spec: {} }, manager);
    open();
    const conditions = [draftCondition("Accepted", "True", "Accepted", "", 1)];
    const ancestorRef = { group: "", kind: "Service", name: "web", namespace: "shop" };
    const ancestors = [{ ancestorRef, controllerName, waypoints: [], conditions }];
    statuses.set(status("AuthorizationPolicy", { conditions, ancestors }));
    await world.settle();
    const written = await getObject<
      KubeObject & { status?: { conditions: readonly Condition[]; ancestors: readonly object[] } }
    >(world.transport, policies, id);
    expect(
      written?.status?.conditions.map(({ type, status: is, reason }) => `${type}=${is} ${reason}`),
    ).toEqual(["Accepted=True Accepted"]);
    expect(written?.status?.ancestors).toMatchObject([
      { ancestorRef, controllerName, conditions: [{ type: "Accepted", status: "True" }] },
    ]);
  });

  test("reads and tries again when somebody else wrote in between", async () => {
    const { statuses, open } = setup();
    await putService();
    open();
    world.server.faults.add("write", { type: "status", status: 409, reason: "Conflict" }, "services");
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    await world.passUntil(
      () => world.server.seen.filter(({ method }) => method === "PATCH").length >= 2,
      "a retry",
    );
    await world.settle();
    expect((await service()).status?.conditions).toHaveLength(1);
  });

  test("does not mind an object that is gone", async () => {
    const { statuses, open, writes } = setup();
    open();
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    await world.settle();
    expect(writes()).toEqual([]);
  });
});

/** A route on the server, and known here as the reflector would have it. */
async function putRoute(
  httpRoutes: SourceCollection<SourcedObject<HTTPRoute>>,
): Promise<() => Promise<void>> {
  await createObject(world.transport, httpRoutesKind, { metadata: id, spec: {} }, manager);
  const follow = async (): Promise<void> => {
    const object = await getObject<HTTPRoute>(world.transport, httpRoutesKind, id);
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
    world.transport,
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
    await world.settle();
    await writer?.close();
    await follow();
    const before = { writes: writes().length, reads: reads().length };
    open({ HTTPRoute: httpRoutes });
    await world.pass(5_000);
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
    await world.settle();
    expect(reads().length - before).toBe(1);
    const route = await getObject<HTTPRoute>(world.transport, httpRoutesKind, id);
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
      await world.pass(100);
    }
    expect(writes()).toEqual([]);
    statuses.set(routeStatus("True", "Programmed", "3/3 waypoints"));
    await world.settle();
    expect(writes()).toHaveLength(1);
    await follow();
    await world.pass(5_000);
    expect(writes()).toHaveLength(1);
  });

  test("says within a second what it waits for when they do not answer, and at once that one refused", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    statuses.set(routeStatus("False", "Pending", "1/2 waypoints"));
    await world.pass(600);
    expect(writes()).toHaveLength(1);
    await follow();
    await world.pass(600);
    statuses.set(routeStatus("False", "Invalid", "refused by waypoint-1: too long"));
    await world.settle();
    expect(writes()).toHaveLength(2);
  });

  test("that changes again and again is written twice a second, and its last state always", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    for (let change = 1; change <= 40; change++) {
      statuses.set(routeStatus("True", "Programmed", `change ${change}`));
      await world.pass(50);
      await follow();
    }
    await world.pass(1_000);
    expect(writes().length).toBeGreaterThanOrEqual(4);
    expect(writes().length).toBeLessThanOrEqual(6);
    const route = await getObject<HTTPRoute>(world.transport, httpRoutesKind, id);
    expect(route?.status?.parents?.[0]?.conditions[1]?.message).toBe("change 40");
  });

  test("is written in the end when a timer comes a fraction of a millisecond too early, as Node's do", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    const { clock } = world;
    const early: Clock = {
      now: () => clock.now(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, run) => clock.after(Math.max(0.1, delayMs - 0.3), run),
      every: (periodMs, run) => clock.every(periodMs, run),
    };
    open({ HTTPRoute: httpRoutes }, early);
    statuses.set(routeStatus("True", "Programmed", "before"));
    await world.settle();
    await follow();
    statuses.set(routeStatus("True", "Programmed", "after"));
    await world.pass(1_000);
    expect(writes()).toHaveLength(2);
  });

  test("has its entry put back when somebody takes it away; who does so for ever is answered ever more slowly", async () => {
    const { statuses, httpRoutes, open, writes } = setup();
    const follow = await putRoute(httpRoutes);
    open({ HTTPRoute: httpRoutes });
    statuses.set(routeStatus("True", "Programmed", "2/2 waypoints"));
    await world.settle();
    const ours = (): number =>
      writes().filter(({ query }) => query["fieldManager"] === fieldManagers.status).length;
    await follow();
    await writeParents([]);
    await follow();
    await world.pass(600);
    expect(ours()).toBe(2);
    for (let second = 0; second < 120; second++) {
      await writeParents([]);
      await follow();
      await world.pass(500);
      await follow();
      await world.pass(500);
    }
    expect(ours()).toBeLessThan(14);
  });
});
