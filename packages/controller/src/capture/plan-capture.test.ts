import type { Service } from "@waystone/api/kubernetes/core";
import { describe, expect, test } from "vitest";
import type { CaptureProgress, CaptureStep } from "./capture-plan.ts";
import type { CaptureView, ShadowView } from "./capture-view.ts";
import { frontPatch } from "./front-patch.ts";
import { planCapture } from "./plan-capture.ts";
import {
  admin,
  applyPatch,
  capturedFront,
  direct,
  dns,
  elsewhere,
  front,
  http,
  nothingYet,
  running,
  shadow,
  shadowView,
  slice,
  toBeCaptured,
  view,
  waypoint,
  waypointPod,
} from "./testing/capture-fixtures.ts";

const ready = [waypointPod(1), waypointPod(2)] as const;
const ports = new Map([[80, 10_001]]);

/** The shadow of a front, as far as `waypoint` has been asked to serve it. */
function served(of: Service, marks: Partial<ShadowView> = {}): ShadowView {
  const all = { waypoint, movingTo: undefined, ports, ...marks };
  return shadowView(shadow(of, all), all);
}

function plan(
  parts: Partial<CaptureView> & { readonly front: Service },
  progress: CaptureProgress = nothingYet,
) {
  return planCapture(view(parts), progress);
}

function frontAfter(of: Service, step: CaptureStep): Service {
  if (step.do !== "write-front") throw new Error(`the step is ${step.do}`);
  const patch = frontPatch(of, step.change);
  if (patch === undefined) throw new Error("the front is so already");
  return applyPatch(of, patch);
}

const byWaypoint = [slice("cart", ["198.18.9.1", "198.18.9.2"], [{ name: "http", port: 10_001 }])];

describe("the way in", () => {
  test("begins with the shadow: the owner's selector and ports, and nothing else of the front's", () => {
    const { phase, step, condition } = plan({
      front: front({ ports: [{ ...http, nodePort: 30_080, appProtocol: "http" }, admin] }),
      target: { ...toBeCaptured, ports: [80, 81] },
    });
    expect(phase).toBe("Requested");
    expect(step).toEqual({
      do: "create-shadow",
      name: expect.stringMatching(/^cart-shadow-[0-9a-f]{5}$/),
      spec: {
        selector: { app: "cart" },
        ports: [{ ...http, appProtocol: "http" }, admin],
        publishNotReadyAddresses: false,
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
      },
    });
    expect(condition).toMatchObject({ status: "False", reason: "Requested" });
  });

  test("waits until the shadow has the endpoints that the front has, and asks no waypoint before", () => {
    const it = front();
    const { phase, step, condition } = plan({ front: it, shadow: shadowView(shadow(it)), shadowSlices: [] });
    expect([phase, step]).toEqual(["Requested", { do: "wait" }]);
    expect(condition?.message).toBe(
      "waiting for Kubernetes to give its shadow the endpoints that it has itself",
    );
  });

  test("then asks a waypoint to serve it, on ports that it is given", () => {
    const it = front();
    const { step } = plan({ front: it, shadow: shadowView(shadow(it)) });
    expect(step).toMatchObject({
      do: "update-shadow",
      change: { waypoint, movingTo: undefined, ports: [{ port: 80, preferred: undefined }] },
    });
  });

  test.for<{ is: string; pods: CaptureView["waypointPods"]; progress?: CaptureProgress; message: string }>([
    { is: "has no pods", pods: [], message: "waiting for waypoint shop/waypoint: it has no pods" },
    {
      is: "has no Ready pod",
      pods: [waypointPod(1, { isReady: false }), waypointPod(2, { isReady: false })],
      message: "waiting for waypoint shop/waypoint: 0 of 2 pods are ready",
    },
    {
      is: "has a Ready pod that does not run it yet",
      pods: ready,
      progress: running(ready[0]),
      message: "waiting for waypoint shop/waypoint: 1 of 2 ready pods run it",
    },
    {
      is: "has only a pod that ends",
      pods: [waypointPod(1, { isTerminating: true })],
      progress: running(waypointPod(1)),
      message: "waiting for waypoint shop/waypoint: it has no pods",
    },
  ])("waits while the waypoint $is, and says so", ({ pods, progress, message }) => {
    const it = front();
    const planned = plan({ front: it, shadow: served(it), waypointPods: pods }, progress);
    expect([planned.phase, planned.step]).toEqual(["ShadowReady", { do: "wait" }]);
    expect(planned.condition).toMatchObject({ status: "False", reason: "ShadowReady", message });
  });

  test("points the front by selector as soon as every Ready pod runs it", () => {
    const it = front({ annotations: { team: "a" } });
    const planned = plan({ front: it, shadow: served(it), waypointPods: ready }, running(...ready));
    expect(planned.phase).toBe("WaypointReady");
    expect(planned.step).toMatchObject({ do: "write-front", why: "point" });
    const after = frontAfter(it, planned.step);
    expect(after.spec).toMatchObject({
      selector: { "waystone.dev/waypoint": "waypoint" },
      ports: [{ ...http, targetPort: 10_001 }],
    });
    expect(after.metadata.annotations).toEqual({
      team: "a",
      "waystone.dev/captured-by": waypoint,
      "waystone.dev/original": '{"selector":{"app":"cart"},"targetPorts":{"80/TCP":"web"}}',
    });
  });

  test("is then at its end, and says to which waypoint", () => {
    const it = capturedFront();
    const planned = plan(
      { front: it, shadow: served(it), waypointPods: ready, frontSlices: byWaypoint },
      running(...ready),
    );
    expect([planned.phase, planned.step]).toEqual(["Captured", { do: "wait" }]);
    expect(planned.condition).toMatchObject({
      type: "waystone.dev/WaypointBound",
      status: "True",
      reason: "WaypointAccepted",
      message: "Successfully attached to waypoint shop/waypoint (the annotation of Namespace shop)",
    });
  });

  test("removes what is left of a Service of the same name before it makes a shadow", () => {
    const it = front({ uid: "front-2" });
    const old = served(front());
    const { step } = plan({ front: it, shadow: { ...old, isOfThisFront: false } });
    expect(step).toEqual({ do: "delete-shadow", shadow: old.object, of: "another" });
  });

  test("says that no waypoint port is free, and asks for none meanwhile", () => {
    const it = front();
    const exhausted = "no waypoint port is free";
    const planned = plan(
      { front: it, shadow: served(it, { ports: new Map() }) },
      { ...nothingYet, exhausted },
    );
    expect([planned.step, planned.condition?.message]).toEqual([{ do: "wait" }, exhausted]);
  });

  test("gives another port where the one that the shadow names belongs to another Service", () => {
    const it = front();
    const { step } = plan(
      { front: it, shadow: served(it, { lostPorts: [80] }), waypointPods: ready },
      running(...ready),
    );
    expect(step).toMatchObject({
      do: "update-shadow",
      change: { ports: [{ port: 80, preferred: undefined }] },
    });
  });

  test("leaves a Service alone that is being deleted", () => {
    const it = front();
    const dying = { ...it, metadata: { ...it.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };
    expect(plan({ front: dying }).step).toEqual({ do: "wait" });
  });
});

describe("by slices", () => {
  const shared = { ...toBeCaptured, waypoint: elsewhere, way: "by-slices" } as const;
  const pods = [waypointPod(1, { waypoint: elsewhere })];

  test("our slices come first, then the selector that matches nothing; targetPorts stay the owner's", () => {
    const it = front();
    const parts = {
      front: it,
      target: shared,
      shadow: served(it, { waypoint: elsewhere }),
      waypointPods: pods,
    };
    const first = plan(parts, running(...pods));
    if (first.step.do !== "write-slice") throw new Error(`the step is ${first.step.do}`);
    expect(first.step.slice).toMatchObject({
      metadata: { labels: { "kubernetes.io/service-name": "cart" } },
      addressType: "IPv4",
      ports: [{ name: "http", port: 10_001, protocol: "TCP" }],
      endpoints: [{ addresses: ["198.18.9.1"], conditions: { ready: true } }],
    });
    const second = plan({ ...parts, ownSlices: [first.step.slice] }, running(...pods));
    const after = frontAfter(it, second.step);
    expect(after.spec).toMatchObject({
      selector: { "waystone.dev/waypoint": "none.by-slices" },
      ports: [http],
    });
    const third = plan({ ...parts, front: after, ownSlices: [first.step.slice] }, running(...pods));
    expect([third.phase, third.step]).toEqual(["Captured", { do: "wait" }]);
  });

  test("ports that stay direct, and UDP, go to the endpoints of the shadow", () => {
    const it = front({ ports: [http, admin, dns] });
    const all = [
      { name: "http", port: 8080 },
      { name: "admin", port: 8081 },
      { name: "dns", port: 5353, protocol: "UDP" },
    ];
    const parts = {
      front: it,
      // Whoever asked by selector did not think of UDP.
      target: { ...toBeCaptured, ports: [80] },
      shadow: served(it),
      shadowSlices: [slice("cart-shadow", ["198.18.0.1"], all)],
      waypointPods: ready,
    };
    const slices = [];
    for (;;) {
      const { step } = plan({ ...parts, ownSlices: slices }, running(...ready));
      if (step.do !== "write-slice") break;
      slices.push(step.slice);
    }
    expect(slices.map((each) => [each.ports, each.endpoints?.flatMap(({ addresses }) => addresses)])).toEqual(
      [
        [[{ name: "http", port: 10_001, protocol: "TCP" }], ["198.18.9.1", "198.18.9.2"]],
        [
          [
            { protocol: "TCP", name: "admin", port: 8081 },
            { protocol: "UDP", name: "dns", port: 5353 },
          ],
          ["198.18.0.1"],
        ],
      ],
    );
  });

  test("each family has slices of its own, and no slice has more than 100 endpoints", () => {
    const it = front({ spec: { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "PreferDualStack" } });
    const many = Array.from({ length: 120 }, (_, at) =>
      waypointPod(at, { waypoint: elsewhere, addresses: [`198.19.0.${at}`, `2001:2::${at.toString(16)}`] }),
    );
    const slices = [];
    const parts = {
      front: it,
      target: shared,
      shadow: served(it, { waypoint: elsewhere }),
      waypointPods: many,
    };
    for (;;) {
      const { step } = plan({ ...parts, ownSlices: slices }, running(...many));
      if (step.do !== "write-slice") break;
      slices.push(step.slice);
    }
    expect(slices.map(({ addressType, endpoints }) => [addressType, endpoints?.length])).toEqual([
      ["IPv4", 100],
      ["IPv4", 20],
      ["IPv6", 100],
      ["IPv6", 20],
    ]);
    expect(new Set(slices.map(({ metadata }) => metadata.name)).size).toBe(4);
  });

  test("slices that were written before the waypoint stopped being ready are taken away again", () => {
    const it = front();
    const own = slice("cart", ["198.18.9.1"], [{ name: "http", port: 10_001 }]);
    const { step } = plan({
      front: it,
      target: shared,
      shadow: served(it, { waypoint: elsewhere }),
      waypointPods: [waypointPod(1, { waypoint: elsewhere, isReady: false })],
      ownSlices: [own],
    });
    expect(step).toEqual({ do: "delete-slice", slice: own });
  });
});

describe("a captured Service", () => {
  const it = capturedFront();
  const whole = { front: it, shadow: served(it), waypointPods: ready, frontSlices: byWaypoint };

  test("stays captured while no pod of its waypoint is ready: no request passes, none goes past", () => {
    const { phase, step, condition } = plan({ ...whole, waypointPods: [waypointPod(1, { isReady: false })] });
    expect([phase, step]).toEqual(["Captured", { do: "wait" }]);
    expect(condition).toMatchObject({ status: "True" });
    expect(condition?.message).toContain("none of its pods is ready: no request is answered until one is");
  });

  test("is put right at once when somebody wrote past the policy, ready or not, and what they wrote is a wish", () => {
    const past = capturedFront("web", { selector: { "waystone.dev/waypoint": "waypoint", app: "cart" } });
    const planned = plan({ ...whole, front: past });
    expect(planned.step).toMatchObject({ do: "write-front", why: "repair" });
    expect(frontAfter(past, planned.step).spec).toEqual(it.spec);
  });

  test("keeps its marker: without it, a front that leads to a waypoint is put right", () => {
    const unmarked = { ...it, metadata: { ...it.metadata, annotations: {} } };
    expect(plan({ ...whole, front: unmarked }, running(...ready)).step).toMatchObject({
      do: "write-front",
      why: "repair",
      change: { annotations: { "waystone.dev/captured-by": waypoint } },
    });
  });

  test("the owner's wishes go to the shadow first, then from the front", () => {
    const wished = capturedFront(10_001, {
      annotations: {
        "waystone.dev/wanted-selector": "app=cart2",
        "waystone.dev/wanted-target-ports": "80/TCP=8088",
      },
    });
    const first = plan({ ...whole, front: wished }, running(...ready));
    expect(first.step).toMatchObject({
      do: "update-shadow",
      change: { spec: { selector: { app: "cart2" }, ports: [{ port: 80, targetPort: 8088 }] } },
    });
    const carried = front({ selector: { app: "cart2" }, ports: [{ ...http, targetPort: 8088 }] });
    const second = plan({ ...whole, front: wished, shadow: served(carried) }, running(...ready));
    expect(second.step).toMatchObject({ do: "write-front", why: "wishes" });
    const after = frontAfter(wished, second.step);
    expect(after.spec).toEqual(it.spec);
    expect(after.metadata.annotations).toEqual({
      "waystone.dev/captured-by": waypoint,
      "waystone.dev/original": '{"selector":{"app":"cart2"},"targetPorts":{"80/TCP":8088}}',
    });
  });

  test("a new port leads nowhere until every Ready pod listens for it", () => {
    const added = capturedFront(10_001, { ports: [{ ...http, targetPort: 10_001 }, admin] });
    const target = { ...toBeCaptured, ports: [80, 81] };
    const first = plan({ ...whole, front: added, target }, running(...ready));
    expect(first.step).toMatchObject({
      do: "update-shadow",
      change: { ports: [{ port: 80, preferred: 10_001 }, { port: 81 }] },
    });
    const asked = served(front({ ports: [http, admin] }), {
      ports: new Map([
        [80, 10_001],
        [81, 10_002],
      ]),
    });
    const second = plan({ ...whole, front: added, target, shadow: asked });
    expect(second.step).toMatchObject({ do: "write-front", why: "ports" });
    const closed = frontAfter(added, second.step);
    expect(closed.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual([10_001, 9]);
    const third = plan({ ...whole, front: closed, target, shadow: asked });
    expect(third.step).toEqual({ do: "wait" });
    const fourth = plan({ ...whole, front: closed, target, shadow: asked }, running(...ready));
    expect(frontAfter(closed, fourth.step).spec?.ports?.map(({ targetPort }) => targetPort)).toEqual([
      10_001, 10_002,
    ]);
  });

  test("a shadow that was deleted comes back, with the owner's spec from the annotation and the port that is led to", () => {
    const first = plan({ ...whole, shadow: undefined });
    expect(first.step).toMatchObject({
      do: "create-shadow",
      spec: { selector: { app: "cart" }, ports: [{ port: 80, targetPort: "web" }] },
    });
    const bare = shadowView(shadow(front()));
    expect(plan({ ...whole, shadow: bare }).step).toMatchObject({
      do: "update-shadow",
      change: { waypoint, ports: [{ port: 80, preferred: 10_001 }] },
    });
  });

  test("stays captured when a NetworkPolicy comes to guard its pods, because its policies would end with capture", () => {
    const refusal = {
      reason: "HeldByNetworkPolicy",
      message:
        "NetworkPolicy shop/deny decides who may reach its pods, and would see the waypoint; not captured until then",
    };
    const { phase, step, condition } = plan(
      { ...whole, target: { is: "direct", refusal } },
      running(...ready),
    );
    expect([phase, step]).toEqual(["Captured", { do: "wait" }]);
    expect(condition?.message).toContain(
      "NetworkPolicy shop/deny decides who may reach its pods, and would see the waypoint: it was captured before, and stays so",
    );
  });

  test("another way of pointing it: our slices, then the selector, then the shadow gives up the port that is direct now", () => {
    const two = capturedFront(10_001, {
      ports: [
        { ...http, targetPort: 10_001 },
        { ...admin, targetPort: 10_002 },
      ],
      annotations: {
        "waystone.dev/original": '{"selector":{"app":"cart"},"targetPorts":{"80/TCP":"web","81/TCP":8081}}',
      },
    });
    const both = new Map([
      [80, 10_001],
      [81, 10_002],
    ]);
    const parts = {
      ...whole,
      front: two,
      target: { ...toBeCaptured, way: "by-slices" as const, ports: [80] },
      shadow: served(front({ ports: [http, admin] }), { ports: both }),
      shadowSlices: [
        slice(
          "s",
          ["198.18.0.1"],
          [
            { name: "http", port: 8080 },
            { name: "admin", port: 8081 },
          ],
        ),
      ],
    };
    const own = [];
    let { step } = plan(parts, running(...ready));
    for (; step.do === "write-slice"; step = plan({ ...parts, ownSlices: own }, running(...ready)).step) {
      own.push(step.slice);
    }
    expect(own.flatMap((each) => each.ports ?? []).map(({ port }) => port)).toEqual([10_001, 8081]);
    const pointed = frontAfter(two, step);
    expect(pointed.spec).toMatchObject({
      selector: { "waystone.dev/waypoint": "none.by-slices" },
      ports: [http, admin],
    });
    const left = { ...parts, front: pointed, ownSlices: own };
    const linger = plan(left, running(...ready)).step;
    expect(linger).toEqual({ do: "linger", until: "ports 81 are left", ms: 15_000 });
    const after = plan(left, { ...running(...ready), lingered: "ports 81 are left" }).step;
    expect(after).toMatchObject({
      do: "update-shadow",
      change: { ports: [{ port: 80, preferred: 10_001 }] },
    });
  });
});

describe("moving to another waypoint", () => {
  const other = "shop/other";
  const target = { ...toBeCaptured, waypoint: other };
  const others = [waypointPod(7, { waypoint: other, name: "other-1" })] as const;
  const pods = [...ready, ...others];
  const it = capturedFront();
  const moving = served(it, { movingTo: other });

  test("both serve it first", () => {
    const { step } = plan({ front: it, target, shadow: served(it), waypointPods: pods }, running(...ready));
    expect(step).toMatchObject({
      do: "update-shadow",
      change: { waypoint, movingTo: other, ports: [{ port: 80, preferred: 10_001 }] },
    });
  });

  test("the front stays where it is until the other is ready, and says what it waits for", () => {
    const { step, condition } = plan(
      { front: it, target, shadow: moving, waypointPods: pods },
      running(...ready),
    );
    expect(step).toEqual({ do: "wait" });
    expect(condition).toMatchObject({ status: "True" });
    expect(condition?.message).toBe(
      "Successfully attached to waypoint shop/waypoint; to be moved to waypoint shop/other (the annotation of Namespace shop); " +
        "waiting for waypoint shop/other: 0 of 1 ready pods run it",
    );
  });

  test("then it is pointed there, and the first is left after Kubernetes has followed, and a time more", () => {
    const parts = { front: it, target, shadow: moving, waypointPods: pods, frontSlices: byWaypoint };
    const pointed = frontAfter(it, plan(parts, running(...pods)).step);
    expect(pointed.spec?.selector).toEqual({ "waystone.dev/waypoint": "other" });
    expect(pointed.metadata.annotations?.["waystone.dev/captured-by"]).toBe(other);
    expect(plan({ ...parts, front: pointed }, running(...pods)).step).toEqual({ do: "wait" });
    const followed = { ...parts, front: pointed, frontSlices: [slice("cart", ["198.18.9.7"])] };
    const until = "shop/waypoint is left";
    expect(plan(followed, running(...pods)).step).toEqual({ do: "linger", until, ms: 15_000 });
    expect(plan(followed, { ...running(...pods), lingered: until }).step).toMatchObject({
      do: "update-shadow",
      change: { waypoint: other, movingTo: undefined },
    });
  });

  test("who thinks better of it is back at once, and the other is left after a time", () => {
    const back = plan(
      { front: it, shadow: moving, waypointPods: pods, frontSlices: byWaypoint },
      running(...pods),
    );
    expect(back.step).toEqual({ do: "linger", until: "shop/other is left", ms: 15_000 });
  });
});

describe("the way back", () => {
  const it = capturedFront();

  test("puts selector and targetPorts back first, whatever the waypoint does", () => {
    const { phase, step } = plan({ front: it, target: direct, shadow: served(it) });
    expect([phase, step]).toEqual(["Releasing", { do: "restore-front", shadow: served(it).object }]);
  });

  const released = front();
  test("then waits until the front's own slices have what is ready", () => {
    const parts = {
      front: released,
      target: direct,
      shadow: served(released),
      waypointPods: ready,
      frontSlices: byWaypoint,
    };
    const { phase, step, condition } = plan(parts);
    expect([phase, step]).toEqual(["Releasing", { do: "wait" }]);
    expect(condition).toMatchObject({
      status: "False",
      reason: "Releasing",
      message: "waiting for Kubernetes to give it all ready endpoints of its shadow",
    });
  });

  test("then keeps the shadow for nodes that are slow to hear, and deletes it", () => {
    const parts = { front: released, target: direct, shadow: served(released), waypointPods: ready };
    const { step } = plan(parts);
    expect(step).toEqual({ do: "linger", until: "it has been given back", ms: 15_000 });
    const after = plan(parts, { ...nothingYet, lingered: "it has been given back" });
    expect(after.step).toEqual({ do: "delete-shadow", shadow: parts.shadow.object, of: "this front" });
  });

  test("our slices go as soon as Kubernetes' own have taken over, before that time", () => {
    const own = slice("cart", ["198.18.9.1"], [{ name: "http", port: 10_001 }], "own");
    const parts = {
      front: released,
      target: direct,
      shadow: served(released),
      waypointPods: ready,
      ownSlices: [own],
    };
    expect(plan(parts).step).toEqual({ do: "delete-slice", slice: own });
    expect(plan({ ...parts, frontSlices: [] }).step).toEqual({ do: "wait" });
  });

  test("is at its end when nothing of ours is there: nothing is said of it", () => {
    expect(plan({ front: released, target: direct })).toEqual({
      phase: "Released",
      step: { do: "wait" },
      condition: undefined,
    });
  });

  test("of a Service that was never pointed and that no waypoint was asked to serve ends at once", () => {
    const it = front();
    expect(plan({ front: it, target: direct, shadow: shadowView(shadow(it)) }).step).toMatchObject({
      do: "delete-shadow",
      of: "this front",
    });
  });

  test("says why a Service that somebody asked for is not captured", () => {
    const refusal = { reason: "NoHttpPort", message: "none of its ports speaks HTTP" };
    expect(plan({ front: front(), target: { is: "direct", refusal } }).condition).toMatchObject({
      status: "False",
      ...refusal,
    });
  });

  test("a front whose original nobody knows is left as it is, and its owner is told what to do", () => {
    const lost = capturedFront(10_001, { annotations: { "waystone.dev/original": "?" } });
    const { step, condition } = plan({ front: lost, target: direct });
    expect(step).toEqual({ do: "wait" });
    expect(condition?.message).toContain("set its selector and targetPorts to your own");
  });
});
