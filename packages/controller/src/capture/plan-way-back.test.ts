import { describe, expect, test } from "vitest";
import {
  byWaypoint,
  capturedFront,
  direct,
  front,
  frontAfter,
  plan,
  ready,
  served,
  shadow,
  shadowView,
  slice,
  nothingYet,
} from "./testing/capture-fixtures.ts";

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

  test.for([
    ["has no selector any more", { selector: {} }],
    ["is an ExternalName by now", { type: "ExternalName" as const, externalName: "x.test" }],
  ] as const)("waits for no endpoints where the Service %s: Kubernetes makes none", ([, spec]) => {
    const it = front({ spec });
    const { step } = plan({
      front: it,
      target: direct,
      shadow: served(it),
      waypointPods: ready,
      frontSlices: byWaypoint,
    });
    expect(step).toMatchObject({ do: "linger" });
  });

  test("a front whose owner wants no selector selects nothing first: Kubernetes would leave the waypoint in its slices", () => {
    const none = { annotations: { "waystone.dev/wanted-selector": "none" } };
    const it = capturedFront(10_001, none);
    const selectorless = served(front({ selector: {} }));
    const parts = {
      front: it,
      target: direct,
      shadow: selectorless,
      waypointPods: ready,
      frontSlices: byWaypoint,
    };
    const { step } = plan(parts);
    const emptied = frontAfter(it, step);
    expect(emptied.spec).toMatchObject({
      selector: { "waystone.dev/waypoint": "none.by-slices" },
      ports: [{ port: 80, targetPort: "web" }],
    });
    const { step: then, condition } = plan({ ...parts, front: emptied });
    expect(then).toEqual({ do: "wait" });
    expect(condition?.message).toBe(
      "waiting for Kubernetes to take the waypoint's pods out of its endpoints",
    );
    const last = plan({ ...parts, front: emptied, frontSlices: [slice("cart", [])] });
    expect(last.step).toEqual({ do: "restore-front", shadow: selectorless.object });
  });

  test("its shadow follows what its owner edits meanwhile, or the two would never have the same endpoints", () => {
    const edited = front({ selector: { app: "cart2" } });
    const { step } = plan({ front: edited, target: direct, shadow: served(released), waypointPods: ready });
    expect(step).toMatchObject({
      do: "update-shadow",
      change: {
        waypoint: "shop/waypoint",
        spec: { selector: { app: "cart2" } },
        ports: [{ port: 80, preferred: 10_001 }],
      },
    });
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
