import type { EndpointSlice, Service } from "@waystone/api/kubernetes/core";
import type { Gateway } from "@waystone/api/kubernetes/gateway";
import { typeUrls } from "@waystone/api/names";
import type { ManagedFieldsEntry } from "@waystone/kube/kube-object";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import type { RequestFault } from "@waystone/testkit/faulty-api-server/faults";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ackKey } from "../status/ack-tracker.ts";
import { CaptureWorld, gateway, namespaceObject, pod, waypointPodObject } from "./testing/capture-world.ts";

const ask = { "waystone.dev/use-waypoint": "waypoint" };
const cart = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "cart", namespace: "shop", labels: { team: "a" } },
  spec: {
    type: "ClusterIP",
    clusterIP: "198.18.128.7",
    clusterIPs: ["198.18.128.7"],
    ipFamilies: ["IPv4"],
    selector: { app: "cart" },
    ports: [{ name: "http", port: 80, protocol: "TCP", targetPort: "web" }],
  },
};

let api: ApiWorld;
let world: CaptureWorld;

beforeEach(async () => {
  api = await openApiWorld();
  world = new CaptureWorld({ store: api.server.store, transport: api.transport, clock: api.clock });
  world.put("namespaces", namespaceObject("shop", ask));
  world.put("gateways", gateway("shop", "waypoint"));
  world.put("pods", pod("shop", "cart-1", cartPod));
  world.put("pods", waypointPodObject("shop", "waypoint", 1));
  await post("services", cart);
  world.syncEndpoints();
  world.deliver();
});

afterEach(async () => {
  await world.close();
  await api.close();
});

const cartPod = { labels: { app: "cart" }, ip: "198.18.0.11", ports: [{ name: "web", containerPort: 8080 }] };

async function post(plural: string, object: object): Promise<void> {
  const path = `/api/v1/namespaces/shop/${plural}`;
  await api.transport.request({ method: "POST", path, body: object, query: { fieldManager: "owner" } });
}

/** Everybody does what they do; time passes. */
async function pass(rounds = 12, waypointsAnswer = () => world.acknowledge()): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    world.collectGarbage();
    world.syncEndpoints();
    world.deliver();
    waypointsAnswer();
    await api.settle();
    await api.pass(200, () => world.deliver());
  }
}

function front(): Service {
  const found = world.service("shop/cart");
  if (found === undefined) throw new Error("the front is gone");
  return found;
}

const others = (): readonly Service[] => world.services().filter(({ metadata }) => metadata.name !== "cart");

function managers(service: Service): readonly (string | undefined)[] {
  const { managedFields = [] } = service.metadata as {
    readonly managedFields?: readonly ManagedFieldsEntry[];
  };
  return managedFields.map(({ manager }) => manager);
}

/** But for what every write changes. The API server keeps no empty map of annotations; its stand-in here does. */
function withoutVersions({ metadata, ...rest }: Service): unknown {
  const { annotations = {}, ...others } = metadata;
  const kept = Object.entries(others).filter(
    ([field]) => !["resourceVersion", "generation", "managedFields"].includes(field),
  );
  return { ...rest, metadata: Object.fromEntries(kept), annotations };
}

const phases = (): readonly string[] => world.events.map(({ news }) => news.reason);
const count = (name: string, label?: string): number =>
  world.metrics
    .collect()
    .find((family) => family.name === name)
    ?.samples.filter(({ labels }) => label === undefined || labels["phase"] === label)
    .reduce((sum, { value = 0 }) => sum + value, 0) ?? 0;

describe("a Service that somebody wants captured", () => {
  test("is, and nothing of it is said to be the controller's: an owner's apply meets no conflict", async () => {
    world.open();
    await pass();
    expect(front().spec?.selector).toEqual({ "waystone.dev/waypoint": "waypoint" });
    const [shadow] = others();
    const port: unknown = JSON.parse(shadow?.metadata.annotations?.["waystone.dev/waypoint-ports"] ?? "{}");
    expect(front().spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(Object.values(port as object));
    expect(managers(front())).toEqual(["owner"]);
    expect(count("waystone_capture_services", "Captured")).toBe(1);
    expect(count("waystone_capture_services")).toBe(1);
  });

  test("is not led to a waypoint that took it and refuses it since: a port of it cannot be opened any more", async () => {
    const node = { id: "shop/waypoint/waypoint-1", scope: "shop/waypoint" };
    const refuse = (): void => {
      world.acknowledge();
      const version = world.acks.acks.get(ackKey(node.id, typeUrls.service, "shop/cart"))?.running;
      const error = "cannot listen on :::10001";
      world.acks.acknowledged(node, typeUrls.service, [{ name: "shop/cart", version, error }]);
    };
    world.open();
    await pass(12, refuse);
    expect(front().spec?.selector).toEqual({ app: "cart" });
    await pass();
    expect(front().spec?.selector).toEqual({ "waystone.dev/waypoint": "waypoint" });
  });

  test("is told how far it is by events", async () => {
    world.open();
    await pass();
    // It was asked for before this leader began.
    expect(phases()).toEqual(["ShadowReady", "WaypointReady", "Captured"]);
    world.put("namespaces", namespaceObject("shop"));
    await pass();
    await api.pass(16_000, () => world.deliver());
    await pass(2);
    expect(phases().slice(3)).toEqual(["Releasing"]);
  });

  test("is given back byte for byte, and nothing of ours is left", async () => {
    const before = withoutVersions(front());
    world.open();
    await pass();
    world.put("namespaces", namespaceObject("shop"));
    await pass();
    expect(withoutVersions(front())).toEqual(before);
    expect(managers(front())).toEqual(["owner"]);
    expect(others()).toHaveLength(1);
    await api.pass(16_000, () => world.deliver());
    await pass(3);
    expect(others()).toEqual([]);
  });

  test("of which nothing is known but what the API server has goes on under the next leader", async () => {
    world.open();
    for (let at = 0; at < 12; at++) {
      await pass(1);
      await world.close();
      world.open();
    }
    await pass(2);
    expect(front().metadata.annotations?.["waystone.dev/captured-by"]).toBe("shop/waypoint");
    expect(managers(front())).toEqual(["owner"]);
  });

  test("that was deleted and made anew is captured again, and its owner is told of the gap", async () => {
    world.open();
    await pass();
    world.remove("services", "shop/cart");
    world.deliver();
    await post("services", cart);
    await pass();
    expect(front().metadata.annotations?.["waystone.dev/captured-by"]).toBe("shop/waypoint");
    expect(phases()).toContain("Recreated");
    expect(others()).toHaveLength(1);
  });

  test("whose shadow somebody took label or owner from has it back, with the same waypoint port", async () => {
    world.open();
    await pass();
    for (const lost of ["labels", "ownerReferences"] as const) {
      const [shadow] = others() as [Service];
      const { [lost]: _gone, ...metadata } = shadow.metadata;
      world.put("services", { ...shadow, metadata });
      await pass();
      const [after] = others();
      expect([after?.metadata.labels, after?.metadata.ownerReferences, after?.spec]).toEqual([
        shadow.metadata.labels,
        shadow.metadata.ownerReferences,
        shadow.spec,
      ]);
      expect(after?.metadata.annotations).toEqual(shadow.metadata.annotations);
      expect(world.plans.get("shop/cart")?.plan).toMatchObject({ phase: "Captured", step: { do: "wait" } });
    }
  });

  test("that was deleted with --cascade=orphan and made anew takes the shadow that was left, and is captured", async () => {
    world.open();
    await pass();
    const [shadow] = others() as [Service];
    const { ownerReferences: _gone, ...metadata } = shadow.metadata;
    world.put("services", { ...shadow, metadata });
    world.remove("services", "shop/cart");
    world.deliver();
    await post("services", cart);
    await pass();
    expect(front().metadata.annotations?.["waystone.dev/captured-by"]).toBe("shop/waypoint");
    const [after] = others();
    expect(after?.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual([front().metadata.uid]);
  });

  test("waits, and says why, where a Service of somebody's own has the name of its shadow", async () => {
    world.open();
    await pass();
    const [shadow] = others() as [Service];
    world.put("namespaces", namespaceObject("shop"));
    await pass();
    await api.pass(16_000, () => world.deliver());
    await pass(3);
    const { name, namespace } = shadow.metadata;
    const theirs = { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: shadow.spec };
    world.put("services", theirs);
    world.put("namespaces", namespaceObject("shop", ask));
    for (let round = 0; round < 8; round++) await api.pass(5_000, () => world.deliver());
    expect(world.plans.get("shop/cart")?.plan.condition?.message).toContain("is not Waystone's: delete it");
    expect(front().spec?.selector).toEqual({ app: "cart" });
  });

  test("that somebody changed past the policy is repaired, which is counted, and the change is a wish", async () => {
    world.open();
    await pass();
    const captured = front();
    world.put("services", {
      ...captured,
      spec: { ...captured.spec, selector: { "waystone.dev/waypoint": "waypoint", app: "cart" } },
    });
    await pass(4);
    expect(front().spec).toEqual(captured.spec);
    expect(count("waystone_capture_repairs_total")).toBe(1);
  });

  test("that another controller points elsewhere after each write of ours is not fought over as fast as both can", async () => {
    world.open();
    await pass();
    const captured = front();
    const theirs = { ...captured, spec: { ...captured.spec, selector: { app: "cart" } } };
    let fights = 0;
    api.server.store.subscribe(({ key, after }) => {
      if (key !== "shop/cart" || after?.["kind"] !== "Service") return;
      if (front().spec?.selector?.["app"] !== undefined) return;
      fights++;
      world.put("services", theirs);
    });
    world.put("services", theirs);
    for (let round = 0; round < 60; round++) await api.pass(1_000, () => world.deliver());
    expect(fights).toBeGreaterThan(10);
    expect(fights).toBeLessThan(40);
  });
});

describe("a fault of the API server", () => {
  const faults: readonly [string, RequestFault][] = [
    ["409", { type: "status", status: 409, reason: "Conflict" }],
    ["500", { type: "status", status: 500 }],
    ["a reset", { type: "reset" }],
    ["half an answer to what was done", { type: "half" }],
    ["no answer at all", { type: "hang" }],
  ];

  test.for(faults)("%s on any write costs a retry, and no more", async ([, fault]) => {
    const before = withoutVersions(front());
    const passFaulty = async (holds: () => boolean): Promise<void> => {
      let faults = 6;
      for (let round = 0; !holds(); round++) {
        if (round > 60) throw new Error("it never comes to its end");
        if (faults-- > 0) api.server.faults.add("write", fault);
        await pass(1);
        await api.pass(16_000, () => world.deliver());
      }
      api.server.faults.clear();
      await pass(2);
    };
    world.open();
    await passFaulty(() => world.plans.get("shop/cart")?.plan.phase === "Captured");
    await api.pass(31_000);
    expect(managers(front())).toEqual(["owner"]);
    world.put("namespaces", namespaceObject("shop"));
    await passFaulty(() => others().length === 0);
    expect(withoutVersions(front())).toEqual(before);
  });

  test("that is over is not told any more, though there is nothing left to write", async () => {
    api.server.forbids = (method) => method === "POST";
    world.open();
    for (let round = 0; round < 6; round++) await api.pass(5_000, () => world.deliver());
    world.put("namespaces", namespaceObject("shop", { "waystone.dev/use-waypoint": "Not-A-Name" }));
    for (let round = 0; round < 8; round++) await api.pass(5_000, () => world.deliver());
    expect(world.memory.list()).toEqual([]);
  });

  test("that stays is told in the condition", async () => {
    api.server.forbids = (method) => method === "POST";
    world.open();
    for (let round = 0; round < 6; round++) await api.pass(5_000, () => world.deliver());
    expect(world.plans.get("shop/cart")?.plan.condition?.message).toContain("the last step failed: ");
    api.server.forbids = () => false;
    for (let round = 0; round < 8; round++) await api.pass(5_000, () => world.deliver());
    await pass();
    expect(front().metadata.annotations?.["waystone.dev/captured-by"]).toBe("shop/waypoint");
  });
});

describe("a Gateway", () => {
  const live = (): Gateway | undefined => world.gateway("shop/waypoint");

  test("in use has our finalizer, and when it is deleted its Services are given back before it goes", async () => {
    world.open();
    await pass();
    expect(live()?.metadata.finalizers).toEqual(["waystone.dev/in-use"]);
    await api.transport.request({
      method: "DELETE",
      path: "/apis/gateway.networking.k8s.io/v1/namespaces/shop/gateways/waypoint",
    });
    await pass(4);
    expect(front().spec?.selector).toEqual({ app: "cart" });
    expect(live()?.metadata.finalizers).toEqual(["waystone.dev/in-use"]);
    await api.pass(16_000, () => world.deliver());
    await pass(4);
    expect(live()?.metadata.finalizers ?? []).toEqual([]);
  });
});

describe("by slices", () => {
  test("the front's own slices are written before its selector, and gone after it was given back", async () => {
    world.put("namespaces", namespaceObject("infra"));
    world.put("gateways", gateway("infra", "shared"));
    world.put("pods", waypointPodObject("infra", "shared", 1));
    world.put(
      "namespaces",
      namespaceObject("shop", {
        ...ask,
        "waystone.dev/use-waypoint": "shared",
        "waystone.dev/use-waypoint-namespace": "infra",
      }),
    );
    const before = withoutVersions(front());
    world.deliver();
    world.open();
    await pass();
    expect(front().spec).toMatchObject({
      selector: { "waystone.dev/waypoint": "none.by-slices" },
      ports: [{ targetPort: "web" }],
    });
    const own = (): readonly EndpointSlice[] => world.ownSlices();
    expect(
      own()
        .flatMap(({ endpoints }) => endpoints ?? [])
        .flatMap(({ addresses }) => addresses),
    ).toEqual(["198.18.6.1"]);
    world.put("namespaces", namespaceObject("shop"));
    await pass();
    expect([withoutVersions(front()), own()]).toEqual([before, []]);
  });
});
