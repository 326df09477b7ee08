/** The objects that capture is about, as Kubernetes and its owner make them: what the tests of this folder begin with. */
import type { EndpointSlice, Service, ServicePort, SliceEndpoint } from "@waystone/api/kubernetes/core";
import type { CapturePlan, CaptureProgress, CaptureStep } from "../capture-plan.ts";
import type { CaptureTarget, CaptureView, ShadowView, WaypointPodView } from "../capture-view.ts";
import type { TargetPort } from "../../model/front-marks.ts";
import { frontPatch } from "../front-patch.ts";
import { planCapture } from "../plan-capture.ts";
import { newShadow, type ShadowMarks, shadowNameOf, shadowPatch, shadowSpecOf } from "../shadow-spec.ts";
import type { JsonObject } from "@waystone/testkit/faulty-api-server/json";
import { mergePatch } from "@waystone/testkit/faulty-api-server/patches";

export const waypoint = "shop/waypoint";
export const elsewhere = "infra/shared";

export const http: ServicePort = { name: "http", port: 80, protocol: "TCP", targetPort: "web" };
export const admin: ServicePort = { name: "admin", port: 81, protocol: "TCP", targetPort: 8081 };
export const dns: ServicePort = { name: "dns", port: 53, protocol: "UDP", targetPort: 5353 };

export interface FrontOptions {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly ServicePort[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Service["spec"];
  readonly uid?: string;
  readonly name?: string;
}

export function front({
  selector = { app: "cart" },
  ports = [http],
  annotations = {},
  spec = {},
  uid = "front-1",
  name = "cart",
}: FrontOptions = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      namespace: "shop",
      uid,
      resourceVersion: "1",
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      type: "ClusterIP",
      clusterIP: "198.18.128.7",
      clusterIPs: ["198.18.128.7"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      selector,
      ports,
      ...spec,
    },
  };
}

/** A front that leads by selector, with its port 80 at `port`. */
export function capturedFront(port: TargetPort = 10_001, options: FrontOptions = {}): Service {
  return front({
    selector: { "waystone.dev/waypoint": "waypoint" },
    ports: [{ ...http, targetPort: port }],
    ...options,
    annotations: {
      "waystone.dev/captured-by": waypoint,
      "waystone.dev/original": '{"selector":{"app":"cart"},"targetPorts":{"80/TCP":"web"}}',
      ...options.annotations,
    },
  });
}

const noMarks: ShadowMarks = { waypoint: undefined, movingTo: undefined, ports: new Map() };

/** The shadow of `of` as capture makes it, with marks. */
export function shadow(of: Service, marks: Partial<ShadowMarks> = {}): Service {
  const made = newShadow(of, shadowSpecOf(of, undefined));
  const stored: Service = {
    ...made,
    metadata: { ...made.metadata, uid: "shadow-1", resourceVersion: "1" },
  };
  const patch = shadowPatch(stored, shadowSpecOf(of, stored), { ...noMarks, ...marks });
  return patch === undefined ? stored : applyPatch(stored, patch);
}

export function shadowView(object: Service, marks: Partial<ShadowView> = {}): ShadowView {
  const { waypoint: itsWaypoint, movingTo, ports = new Map<number, number>() } = marks;
  return { object, isOfThisFront: true, waypoint: itsWaypoint, movingTo, lostPorts: [], ...marks, ports };
}

/** Applies a JSON merge patch as the API server does: an empty map of annotations is none. */
export function applyPatch<T extends object>(object: T, patch: object): T {
  const merged = mergePatch(asJson(object), asJson(patch)) as T & {
    metadata?: { annotations?: Record<string, string> };
  };
  if (Object.keys(merged.metadata?.annotations ?? { some: "" }).length === 0)
    delete merged.metadata?.annotations;
  return merged;
}

function asJson(object: object): JsonObject {
  return JSON.parse(JSON.stringify(object)) as JsonObject;
}

export function slice(
  service: string,
  addresses: readonly string[],
  ports: readonly { readonly name: string; readonly port: number; readonly protocol?: string }[] = [
    { name: "http", port: 8080 },
  ],
  name = `${service}-abcde`,
): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name,
      namespace: "shop",
      labels: {
        "kubernetes.io/service-name": service,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
    },
    addressType: addresses[0]?.includes(":") === true ? "IPv6" : "IPv4",
    ports: ports.map((port) => ({ protocol: "TCP", ...port })),
    endpoints: addresses.map(readyEndpoint),
  };
}

export function readyEndpoint(address: string): SliceEndpoint {
  return { addresses: [address], conditions: { ready: true, serving: true, terminating: false } };
}

export function waypointPod(number: number, options: Partial<WaypointPodView> = {}): WaypointPodView {
  return {
    waypoint,
    name: `waypoint-${number}`,
    isReady: true,
    isTerminating: false,
    addresses: [`198.18.9.${number}`],
    node: "node-1",
    uid: `pod-${number}`,
    ...options,
  };
}

export const toBeCaptured: Extract<CaptureTarget, { is: "captured" }> = {
  is: "captured",
  waypoint,
  by: "the annotation of Namespace shop",
  way: "by-selector",
  ports: [80],
};

export const direct: CaptureTarget = { is: "direct", refusal: undefined };

export function view(parts: Partial<CaptureView> & { readonly front: Service }): CaptureView {
  return {
    key: "shop/cart",
    target: toBeCaptured,
    shadow: undefined,
    frontSlices: [slice("cart", ["198.18.0.1"])],
    ownSlices: [],
    shadowSlices: parts.shadow === undefined ? [] : [slice(shadowNameOf(parts.front), ["198.18.0.1"])],
    waypointPods: [],
    ...parts,
  };
}

export const nothingYet: CaptureProgress = {
  running: [],
  lingered: undefined,
  exhausted: undefined,
  failure: undefined,
};

export function running(...pods: readonly WaypointPodView[]): CaptureProgress {
  return { ...nothingYet, running: pods.map(({ waypoint: its, name }) => `${its}/${name}`) };
}

export const ready = [waypointPod(1), waypointPod(2)] as const;

/** The shadow of a front, as far as `waypoint` has been asked to serve it at port 10001. */
export function served(of: Service, marks: Partial<ShadowView> = {}): ShadowView {
  const all = { waypoint, movingTo: undefined, ports: new Map([[80, 10_001]]), ...marks };
  return shadowView(shadow(of, all), all);
}

export function plan(
  parts: Partial<CaptureView> & { readonly front: Service },
  progress: CaptureProgress = nothingYet,
): CapturePlan {
  return planCapture(view(parts), progress);
}

export function frontAfter(of: Service, step: CaptureStep): Service {
  if (step.do !== "write-front") throw new Error(`the step is ${step.do}`);
  const patch = frontPatch(of, step.change);
  if (patch === undefined) throw new Error("the front is so already");
  return applyPatch(of, patch);
}

/** The front's own, when Kubernetes has followed its selector to the waypoint. */
export const byWaypoint = [slice("cart", ["198.18.9.1", "198.18.9.2"], [{ name: "http", port: 10_001 }])];
