import { describe, expect, test } from "vitest";
import type { CaptureProgress } from "./capture-plan.ts";
import type { CaptureView } from "./capture-view.ts";
import {
  admin,
  byWaypoint,
  capturedFront,
  dns,
  elsewhere,
  front,
  frontAfter,
  http,
  plan,
  ready,
  running,
  served,
  shadow,
  shadowView,
  slice,
  waypoint,
  waypointPod,
  toBeCaptured,
  nothingYet,
} from "./testing/capture-fixtures.ts";

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

  test("says there what its owner should know although it is captured", () => {
    const it = capturedFront();
    const target = { ...toBeCaptured, warning: "from nodes without one nothing is answered" };
    const { condition } = plan(
      { front: it, target, shadow: served(it), waypointPods: ready, frontSlices: byWaypoint },
      running(...ready),
    );
    expect(condition?.message).toMatch(
      /^Successfully attached to .*; from nodes without one nothing is answered$/,
    );
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

  describe("a port that was direct and is to pass the waypoint too", () => {
    const it = front({ ports: [http, admin] });
    const all = [
      { name: "http", port: 8080 },
      { name: "admin", port: 8081 },
    ];
    const parts = {
      front: it,
      target: toBeCaptured,
      shadow: served(it),
      shadowSlices: [slice("cart-shadow", ["198.18.0.1"], all)],
      waypointPods: ready,
    };
    /** Writes slices until there are no more to write. */
    function settled(more: Partial<CaptureView>, progress: CaptureProgress) {
      const slices = new Map((more.ownSlices ?? []).map((each) => [each.metadata.name, each]));
      for (;;) {
        const { step } = plan({ ...parts, ...more, ownSlices: [...slices.values()] }, progress);
        if (step.do === "write-slice") slices.set(step.slice.metadata.name, step.slice);
        else if (step.do === "delete-slice") slices.delete(step.slice.metadata.name);
        else return { step, slices: [...slices.values()] };
      }
    }
    const places = (slices: CaptureView["ownSlices"]) =>
      slices.flatMap(({ ports }) => (ports ?? []).map(({ name, port }) => `${name} ${port}`)).toSorted();

    const before = settled({ target: { ...toBeCaptured, ports: [80] } }, running(...ready));
    const captured = frontAfter(it, before.step);
    const both = { ...toBeCaptured, ports: [80, 81] };
    const given = served(it, {
      ports: new Map([
        [80, 10_001],
        [81, 10_002],
      ]),
    });

    test("is led to the owner's pods until the waypoint runs it", () => {
      expect(places(before.slices)).toEqual(["admin 8081", "http 10001"]);
      const view = { front: captured, target: both, shadow: given, ownSlices: before.slices };
      const after = settled(view, nothingYet);
      expect(after.step).toEqual({ do: "wait" });
      expect(places(after.slices)).toEqual(["admin 8081", "http 10001"]);
    });

    test("is led to the waypoint then, and our slices stay until Kubernetes' own have taken over", () => {
      const view = { front: captured, target: both, shadow: given, ownSlices: before.slices };
      const after = settled(view, running(...ready));
      expect(after.step).toMatchObject({ do: "write-front" });
      expect(places(after.slices)).toEqual(["admin 8081", "http 10001"]);
    });
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

  test("a front that somebody wrote past while it moves is led back to where it was until the new waypoint runs it", () => {
    const it = front();
    const point = plan({ front: it, shadow: served(it), waypointPods: ready }, running(...ready)).step;
    const captured = frontAfter(it, point);
    const past = { ...captured, spec: { ...captured.spec, selector: { app: "cart" } } };
    const moving = { ...served(it), movingTo: elsewhere };
    const parts = { target: shared, shadow: moving, waypointPods: [...ready, ...pods] };
    const { step } = plan({ ...parts, front: past }, running(...ready));
    const repaired = frontAfter(past, step);
    expect([step, repaired.spec, repaired.metadata.annotations]).toMatchObject([
      { do: "write-front", why: "repair" },
      { selector: { "waystone.dev/waypoint": "waypoint" }, ports: [{ targetPort: 10_001 }] },
      { "waystone.dev/captured-by": waypoint },
    ]);
    expect(plan({ ...parts, front: repaired }, running(...pods)).step.do).toBe("write-slice");
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
