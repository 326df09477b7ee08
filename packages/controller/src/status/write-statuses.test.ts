/** What is written, and what is left alone, in the status of any object. */
import type { HTTPRoute, TCPRoute } from "@waystone/api/kubernetes/gateway";
import type { Condition } from "@waystone/api/kubernetes/meta";
import { controllerName } from "@waystone/api/names";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { KubeObject } from "@waystone/kube/kube-object";
import { createObject, getObject, patchObject } from "@waystone/kube/objects/objects";
import { describe, expect, test } from "vitest";
import { draftCondition } from "../model/draft-condition.ts";
import type { SourcedObject } from "../model/sources.ts";
import type { Service } from "@waystone/api/kubernetes/core";
import {
  gatewayApi,
  httpRoutesKind,
  id,
  manager,
  parentRef,
  status,
  useStatusRig,
} from "../testing/status-rig.ts";

const services = { group: "", version: "v1", plural: "services", kind: "Service", namespaced: true };
const grpcRoutes = { ...httpRoutesKind, plural: "grpcroutes", kind: "GRPCRoute" };
const policies = {
  group: "waystone.dev",
  version: "v1alpha1",
  plural: "authorizationpolicies",
  kind: "AuthorizationPolicy",
  namespaced: true,
};

const rig = useStatusRig();
const { setup } = rig;

function bound(value: Condition["status"], reason: string) {
  return draftCondition("waystone.dev/WaypointBound", value, reason, "in words", 3);
}

async function service(): Promise<Service> {
  return (await getObject<Service>(rig.world().transport, services, id))!;
}

async function putService(conditions: readonly Condition[] = []): Promise<void> {
  await createObject(rig.world().transport, services, { metadata: id }, manager);
  if (conditions.length === 0) return;
  await patchObject(
    rig.world().transport,
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
    await rig.world().settle();
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
      await rig.world().settle();
      times.push((await service()).status?.conditions?.[0]?.lastTransitionTime);
      rig.world().clock.advance(5_000);
    }
    expect(times[1]).toBe(times[0]);
    expect(times[2]).not.toBe(times[1]);
  });

  test("writes nothing that changes nothing: a new leader finds all as it should be", async () => {
    const { statuses, open, writes } = setup();
    await putService();
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    open();
    await rig.world().settle();
    await rig.closeWriter();
    const before = writes().length;
    open();
    await rig.world().settle();
    expect(writes().length).toBe(before);
  });

  test("takes back what an earlier leader said of a Service of which there is nothing to say any more", async () => {
    const { services, open } = setup();
    await putService([foreign, { ...foreign, type: "waystone.dev/WaypointBound" }]);
    services.set({ key: "shop/web", object: await service() });
    open({ Service: services });
    await rig.world().settle();
    expect((await service()).status?.conditions).toEqual([foreign]);
  });

  test("a Service on which only we had conditions has none afterwards", async () => {
    const { statuses, open } = setup();
    await putService();
    open();
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    await rig.world().settle();
    statuses.delete("Service/shop/web");
    await rig.world().pass(1_000);
    expect((await service()).status).not.toHaveProperty("conditions");
  });

  test.for([httpRoutesKind, grpcRoutes])(
    "leaves the entries of other controllers in the parents of an object of kind $kind alone",
    async (routes) => {
      const { statuses, open } = setup();
      const other = { parentRef: { name: "edge" }, controllerName: "example.com/other", conditions: [] };
      await createObject(rig.world().transport, routes, { metadata: id }, manager);
      const patch = { status: { parents: [other] } };
      await patchObject(
        rig.world().transport,
        routes,
        id,
        { type: "merge", patch },
        { ...manager, subresource: "status" },
      );
      open();
      const accepted = draftCondition("Accepted", "True", "Accepted", "", 3);
      const parents = [{ parentRef, controllerName, waypoint: "shop/waypoint", conditions: [accepted] }];
      statuses.set(status(routes.kind, { parents }));
      await rig.world().settle();
      const route = await getObject<HTTPRoute>(rig.world().transport, routes, id);
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
    rig.world().server.addKind({ ...tcpRoutes, hasStatus: true });
    await createObject(rig.world().transport, tcpRoutes, { metadata: id, spec: {} }, manager);
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
    await rig.world().settle();
    expect(writes().map(({ path }) => path)).toEqual([
      "/apis/gateway.networking.k8s.io/v1alpha2/namespaces/shop/tcproutes/web/status",
    ]);
  });

  test("a policy is told what became of it, as a whole and at each target, through its own subresource", async () => {
    const { statuses, open } = setup();
    await createObject(rig.world().transport, policies, { metadata: id, spec: {} }, manager);
    open();
    const conditions = [draftCondition("Accepted", "True", "Accepted", "", 1)];
    const ancestorRef = { group: "", kind: "Service", name: "web", namespace: "shop" };
    const ancestors = [{ ancestorRef, controllerName, waypoints: [], conditions }];
    statuses.set(status("AuthorizationPolicy", { conditions, ancestors }));
    await rig.world().settle();
    const written = await getObject<
      KubeObject & { status?: { conditions: readonly Condition[]; ancestors: readonly object[] } }
    >(rig.world().transport, policies, id);
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
    rig.world().server.faults.add("write", { type: "status", status: 409, reason: "Conflict" }, "services");
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    await rig
      .world()
      .passUntil(
        () => rig.world().server.seen.filter(({ method }) => method === "PATCH").length >= 2,
        "a retry",
      );
    await rig.world().settle();
    expect((await service()).status?.conditions).toHaveLength(1);
  });

  test("does not mind an object that is gone", async () => {
    const { statuses, open, writes } = setup();
    open();
    statuses.set(status("Service", { conditions: [bound("True", "WaypointAccepted")] }));
    await rig.world().settle();
    expect(writes()).toEqual([]);
  });
});
