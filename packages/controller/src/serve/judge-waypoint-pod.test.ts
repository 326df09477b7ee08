import type { Pod } from "@waystone/api/kubernetes/core";
import type { Gateway, GatewayClass } from "@waystone/api/kubernetes/gateway";
import { expect, test } from "vitest";
import { judgeWaypointPod, type PodClaim, type WaypointWorld } from "./judge-waypoint-pod.ts";

const claim: PodClaim = {
  namespace: "shop",
  serviceAccount: "waypoint",
  pod: { name: "waypoint-1", uid: "u1" },
};
const peer = "10.1.0.7";

interface World {
  readonly pod?: Pod;
  readonly gateway?: Gateway;
  readonly gatewayClass?: GatewayClass;
}

function pod(change: { metadata?: object; spec?: object; status?: object } = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "waypoint-1",
      namespace: "shop",
      uid: "u1",
      labels: { "waystone.dev/waypoint": "waypoint" },
      ...change.metadata,
    },
    spec: { serviceAccountName: "waypoint", ...change.spec },
    status: { phase: "Running", podIP: peer, podIPs: [{ ip: peer }, { ip: "fd00::7" }], ...change.status },
  };
}

const gateway = (gatewayClassName = "waystone-waypoint"): Gateway => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "Gateway",
  metadata: { name: "waypoint", namespace: "shop" },
  spec: { gatewayClassName },
});

const whole: World = { pod: pod(), gateway: gateway() };

function worldOf(objects: World): WaypointWorld {
  return {
    pod: (key) => (key === "shop/waypoint-1" ? objects.pod : undefined),
    gateway: (key) => (key === "shop/waypoint" ? objects.gateway : undefined),
    gatewayClass: () => objects.gatewayClass,
  };
}

test("a pod with the label, the account and the Gateway is that waypoint, and a node of its own", () => {
  expect(judgeWaypointPod(claim, worldOf(whole), peer)).toEqual({
    waypoint: { scope: "shop/waypoint", nodeId: "shop/waypoint/waypoint-1" },
  });
});

test("it is asked for from any of its addresses", () => {
  expect(judgeWaypointPod(claim, worldOf(whole), "fd00::7")).toHaveProperty("waypoint");
});

test("a pod that ends goes on being a waypoint until it is gone", () => {
  const ending = pod({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } });
  expect(judgeWaypointPod(claim, worldOf({ ...whole, pod: ending }), peer)).toHaveProperty("waypoint");
});

test.for<[string, World | undefined, string]>([
  ["a pod that is not there", { gateway: gateway() }, "is not there"],
  [
    "another pod of the same name",
    { ...whole, pod: pod({ metadata: { uid: "u2" } }) },
    "is another one than the token's",
  ],
  ["a Gateway that is not there", { pod: pod() }, "Gateway shop/waypoint is not there"],
  [
    "a pod without an address",
    { ...whole, pod: pod({ status: { podIP: undefined, podIPs: [] } }) },
    "has no address yet",
  ],
  [
    "a pod at another address",
    { ...whole, pod: pod({ status: { podIP: "10.1.0.9", podIPs: [{ ip: "10.1.0.9" }] } }) },
    "is at 10.1.0.9, and its token came from 10.1.0.7",
  ],
])("%s may be one that our watches do not show yet", ([, objects, problem]) => {
  const verdict = judgeWaypointPod(claim, worldOf(objects ?? {}), peer);
  expect(verdict).toMatchObject({ isEarly: true });
  expect("problem" in verdict && verdict.problem).toContain(problem);
});

test.for<[string, World, Partial<PodClaim>, string]>([
  [
    "without the label",
    { ...whole, pod: pod({ metadata: { labels: { app: "web" } } }) },
    {},
    "lacks the label waystone.dev/waypoint",
  ],
  [
    "that runs under another account",
    { ...whole, pod: pod({ spec: { serviceAccountName: "default" } }) },
    {},
    "not under that of its waypoint",
  ],
  ["whose token is of another account", whole, { serviceAccount: "default" }, "runs under account default"],
  [
    "that has the label of another Gateway than its account's",
    { ...whole, pod: pod({ metadata: { labels: { "waystone.dev/waypoint": "other" } } }) },
    {},
    "not under that of its waypoint, other",
  ],
  ["that has ended", { ...whole, pod: pod({ status: { phase: "Failed" } }) }, {}, "has ended"],
  [
    "of a Gateway of another class",
    { ...whole, gateway: gateway("istio-waypoint") },
    {},
    "is of class istio-waypoint",
  ],
  [
    "of a class that is somebody else's",
    {
      ...whole,
      gatewayClass: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GatewayClass",
        metadata: { name: "waystone-waypoint" },
        spec: { controllerName: "example.com/other" },
      },
    },
    {},
    "which is no waypoint's",
  ],
])("a pod %s is no waypoint, and waiting does not help", ([, objects, changed, problem]) => {
  const verdict = judgeWaypointPod({ ...claim, ...changed }, worldOf(objects), peer);
  expect(verdict).toMatchObject({ isEarly: false });
  expect("problem" in verdict && verdict.problem).toContain(problem);
});

test("the address counts only where it is asked about", () => {
  const elsewhere = pod({ status: { podIP: "10.1.0.9", podIPs: [] } });
  expect(judgeWaypointPod(claim, worldOf({ ...whole, pod: elsewhere }), undefined)).toHaveProperty(
    "waypoint",
  );
});
