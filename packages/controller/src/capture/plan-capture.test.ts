import { describe, expect, test } from "vitest";
import {
  admin,
  byWaypoint,
  capturedFront,
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
} from "./testing/capture-fixtures.ts";

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
