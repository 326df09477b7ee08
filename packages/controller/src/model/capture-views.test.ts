import { describe, expect, test } from "vitest";
import type { EndpointSlice, Pod } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import type { CaptureView } from "../capture/capture-view.ts";
import { type ClusterWorld, enrolledShop, openClusterWorld } from "../testing/cluster-world.ts";
import { frontObject, plainPorts, shadowObject } from "../testing/shadow-objects.ts";
import { buildCaptureViews } from "./capture-views.ts";

interface Rig extends ClusterWorld {
  view(key: string): CaptureView | undefined;
  /** Keys of the views that changed since this was asked. */
  changed(): string[];
}

function rig(text = enrolledShop): Rig {
  const world = openClusterWorld(text);
  const views = buildCaptureViews(world.graph, world.model);
  const changes: string[] = [];
  views.subscribe((events) => changes.push(...events.map(({ key }) => key)));
  return { ...world, view: (key) => views.get(key), changed: () => changes.splice(0) };
}

function waypointPod(
  name: string,
  gateway: string,
  isReady: boolean,
  more: Partial<Pod["metadata"]> = {},
): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      namespace: "shop",
      name,
      uid: `uid of ${name}`,
      labels: { [captureKeys.waypoint]: gateway, "app.kubernetes.io/managed-by": "waystone" },
      ...more,
    },
    spec: { nodeName: "n1", containers: [] },
    status: {
      phase: "Running",
      podIP: "10.0.0.9",
      podIPs: [{ ip: "10.0.0.9" }, { ip: "fd00::9" }],
      conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
    },
  };
}

function slice(name: string, service: string, managedBy = "endpointslice-controller.k8s.io"): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      namespace: "shop",
      name,
      labels: { "kubernetes.io/service-name": service, "endpointslice.kubernetes.io/managed-by": managedBy },
    },
    addressType: "IPv4",
    endpoints: [],
    ports: [],
  };
}

const front = frontObject({ name: "web" });
const names = (slices: readonly EndpointSlice[]): string[] => slices.map(({ metadata }) => metadata.name);

test("a Service that nobody asks a waypoint for has no view, until something of ours stands on it", () => {
  const it = rig("");
  it.applyObjects([front]);
  expect(it.view("shop/web")).toBeUndefined();
  it.applyObjects([frontObject({ name: "web", annotations: { [captureKeys.original]: "{}" } })]);
  expect(it.view("shop/web")?.target).toEqual({ is: "direct", refusal: undefined });
  it.applyObjects([front, shadowObject(front)]);
  expect(it.view("shop/web")?.shadow).toMatchObject({ isOfThisFront: true, waypoint: undefined });
});

test("a Service that is refused has a view: its owner is to be told", () => {
  const it = rig();
  it.applyObjects([frontObject({ name: "sql", ports: [{ name: "sql", port: 5432 }] })]);
  expect(it.view("shop/sql")?.target).toMatchObject({ is: "direct", refusal: { reason: "NoHttpPort" } });
});

test("a shadow has no view of its own, and says what stands on it", () => {
  const it = rig();
  const shadow = shadowObject(front, { waypoint: "shop/waypoint", movingTo: "shop/v", ports: { 80: 10001 } });
  it.applyObjects([front, shadow]);
  expect(it.view(`shop/${shadow.metadata.name}`)).toBeUndefined();
  expect(it.view("shop/web")?.shadow).toEqual({
    object: expect.objectContaining({ metadata: expect.objectContaining({ name: shadow.metadata.name }) }),
    isOfThisFront: true,
    waypoint: "shop/waypoint",
    movingTo: "shop/v",
    ports: new Map([[80, 10001]]),
    lostPorts: [],
  });
});

test("slices are told apart by whom they name and who made them, by name", () => {
  const it = rig();
  const shadow = shadowObject(front);
  it.applyObjects([
    front,
    shadow,
    slice("web-b", "web"),
    slice("web-a", "web"),
    slice("web-waystone", "web", "waystone.dev"),
    slice("shadow-1", shadow.metadata.name),
    slice("cart-1", "cart"),
  ]);
  const seen = it.view("shop/web");
  expect(names(seen?.frontSlices ?? [])).toEqual(["web-a", "web-b"]);
  expect(names(seen?.ownSlices ?? [])).toEqual(["web-waystone"]);
  expect(names(seen?.shadowSlices ?? [])).toEqual(["shadow-1"]);
});

describe("waypoint pods", () => {
  test("are those of the waypoint that is asked for, and of those that the shadow names", () => {
    const it = rig();
    it.applyObjects([
      front,
      shadowObject(front, { waypoint: "shop/old", movingTo: "shop/next" }),
      waypointPod("w-1", "waypoint", true),
      waypointPod("o-1", "old", true),
      waypointPod("n-1", "next", false),
      waypointPod("x-1", "other", true),
      waypointPod("foreign", "waypoint", true, { namespace: "other" }),
    ]);
    expect(it.view("shop/web")?.waypointPods.map(({ name, waypoint }) => `${waypoint} ${name}`)).toEqual([
      "shop/next n-1",
      "shop/old o-1",
      "shop/waypoint w-1",
    ]);
  });

  test("are Ready when the kubelet says so, and leaving when they have been deleted", () => {
    const it = rig();
    const leaving = waypointPod("b", "waypoint", true, { deletionTimestamp: "2026-11-22T10:00:00Z" });
    const { conditions: _, ...silent } = waypointPod("c", "waypoint", true).status ?? {};
    const unsaid: Pod = { ...waypointPod("c", "waypoint", true), status: silent };
    it.applyObjects([front, waypointPod("a", "waypoint", true), leaving, unsaid]);
    const pods = it.view("shop/web")?.waypointPods ?? [];
    expect(pods.map(({ name, isReady, isTerminating }) => [name, isReady, isTerminating])).toEqual([
      ["a", true, false],
      ["b", true, true],
      ["c", false, false],
    ]);
    expect(pods[0]).toEqual({
      waypoint: "shop/waypoint",
      name: "a",
      isReady: true,
      isTerminating: false,
      addresses: ["10.0.0.9", "fd00::9"],
      node: "n1",
      uid: "uid of a",
    });
  });

  test("without the label of what Waystone manages are anybody's", () => {
    const it = rig();
    const labels = { [captureKeys.waypoint]: "waypoint" };
    it.applyObjects([front, waypointPod("a", "waypoint", true, { labels })]);
    expect(it.view("shop/web")?.waypointPods).toEqual([]);
  });
});

describe("a captured front", () => {
  const captured = frontObject({
    name: "web",
    annotations: {
      [captureKeys.capturedBy]: "shop/waypoint",
      [captureKeys.original]: JSON.stringify({ selector: { app: "web" }, targetPorts: {} }),
    },
    selector: { [captureKeys.waypoint]: "waypoint" },
    ports: plainPorts.map((port, at) => ({ ...port, targetPort: 10_001 + at })),
  });
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace: "shop", name: "guard" },
    spec: { podSelector: { matchLabels: { app: "web" } } },
  };
  const pod = waypointPod("w-1", "waypoint", true);

  test("is judged by its owner's selector, not by the one that picks the waypoint", () => {
    const it = rig();
    it.applyObjects([captured, shadowObject(captured, { waypoint: "shop/waypoint" }), pod]);
    expect(it.targetOf("shop/web")?.is).toBe("captured");
    it.applyObjects([policy]);
    expect(it.targetOf("shop/web")).toMatchObject({
      is: "direct",
      refusal: { reason: "HeldByNetworkPolicy" },
    });
  });

  test("that has lost its shadow is judged by what its annotation says it had", () => {
    const it = rig();
    it.applyObjects([captured, pod]);
    expect(it.targetOf("shop/web")?.is).toBe("captured");
    it.applyObjects([policy]);
    expect(it.targetOf("shop/web")).toMatchObject({
      is: "direct",
      refusal: { reason: "HeldByNetworkPolicy" },
    });
  });

  test("of which nothing is known stays captured: to give it back would be a guess", () => {
    const it = rig();
    const annotations = { [captureKeys.capturedBy]: "shop/waypoint", [captureKeys.original]: "?" };
    it.applyObjects([{ ...captured, metadata: { ...captured.metadata, annotations } }, pod, policy]);
    expect(it.targetOf("shop/web")?.is).toBe("captured");
  });
});

test("what happens to one Service is no change of another's view", () => {
  const it = rig();
  it.applyObjects([front, frontObject({ name: "cart" })]);
  it.changed();
  it.applyObjects([slice("web-1", "web")]);
  expect(it.changed()).toEqual(["shop/web"]);
});
