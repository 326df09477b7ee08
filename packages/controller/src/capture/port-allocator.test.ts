import { seededRng } from "@waystone/base/rng";
import { waypointPortRange } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { isWaypointPort } from "../model/waypoint-port.ts";
import { PortAllocator, type PortWish } from "./port-allocator.ts";

function setup(seed = 1) {
  const clock = new ManualClock();
  return { clock, allocator: new PortAllocator({ clock, rng: seededRng(seed) }) };
}

function wish(service: string, options: Partial<PortWish> = {}): PortWish {
  return { service, servicePort: 80, waypoints: ["shop/a"], preferred: undefined, ...options };
}

/** How many ports may be given at all: the waypoint's own are in the range. */
const all = Array.from(
  { length: waypointPortRange.last - waypointPortRange.first + 1 },
  (_, at) => waypointPortRange.first + at,
).filter(isWaypointPort);

describe("a waypoint port", () => {
  test("is one that nobody in the cluster has, as long as there is one: a Service can move and keep it", () => {
    const { allocator } = setup();
    const given = ["shop/x", "shop/y", "shop/z"].map((service, at) =>
      allocator.allocate(wish(service, { waypoints: [`shop/${at}`] })),
    );
    expect(new Set(given).size).toBe(3);
  });

  test("is shared with a Service of another waypoint only when all are taken, and never with one of its own", () => {
    const { allocator } = setup();
    const [first = 0, ...rest] = all;
    allocator.hold("shop/x", [{ servicePort: 80, waypoint: "shop/b", port: first }]);
    allocator.hold(
      "shop/y",
      rest.map((port, at) => ({ servicePort: at, waypoint: "shop/a", port })),
    );
    expect(allocator.allocate(wish("shop/z"))).toBe(first);
    expect(allocator.allocate(wish("shop/w"))).toBeUndefined();
    expect(allocator.allocate(wish("shop/v", { waypoints: ["shop/a", "shop/b"] }))).toBeUndefined();
  });

  test("is the preferred one if that is free at every waypoint: a hint, never a grant", () => {
    const { allocator } = setup();
    allocator.hold("shop/x", [{ servicePort: 80, waypoint: "shop/a", port: 10_001 }]);
    expect(allocator.allocate(wish("shop/y", { preferred: 10_002 }))).toBe(10_002);
    expect(allocator.allocate(wish("shop/z", { preferred: 10_001 }))).not.toBe(10_001);
    const elsewhere = { preferred: 10_001, waypoints: ["shop/b"] };
    expect(allocator.allocate(wish("shop/w", elsewhere))).toBe(10_001);
    expect(allocator.allocate(wish("shop/v", { preferred: 15_021 }))).not.toBe(15_021);
    expect(allocator.allocate(wish("shop/u", { preferred: 80 }))).not.toBe(80);
  });

  test("that was freed goes to no other for 60 s, and back to the same Service port at once", () => {
    const { clock, allocator } = setup();
    allocator.hold("shop/x", [{ servicePort: 80, waypoint: "shop/a", port: 10_001 }]);
    allocator.hold("shop/x", []);
    expect(allocator.allocate(wish("shop/y", { preferred: 10_001 }))).not.toBe(10_001);
    expect(allocator.allocate(wish("shop/x"))).toBe(10_001);
    allocator.hold("shop/x", []);
    clock.advance(60_001);
    expect(allocator.allocate(wish("shop/z", { preferred: 10_001 }))).toBe(10_001);
  });

  test("that was given is held until the shadow says so, and not longer than 60 s if it never does", () => {
    const { clock, allocator } = setup();
    const given = allocator.allocate(wish("shop/x"));
    clock.advance(59_000);
    expect(allocator.allocate(wish("shop/y", { preferred: given }))).not.toBe(given);
    clock.advance(2_000);
    expect(allocator.allocate(wish("shop/z", { preferred: given }))).toBe(given);
  });

  test("is found again by another leader, from what the objects say", () => {
    const { allocator } = setup(1);
    const given = allocator.allocate(wish("shop/x")) ?? 0;
    const { allocator: next } = setup(1);
    next.hold("shop/x", [{ servicePort: 80, waypoint: "shop/a", port: given }]);
    expect(next.allocate(wish("shop/x", { preferred: given }))).toBe(given);
    expect(next.allocate(wish("shop/y", { preferred: given }))).not.toBe(given);
  });
});

test("whatever is held, given and freed, no two Service ports have one port of one waypoint within 60 s", () => {
  const step = fc.record({
    service: fc.integer({ min: 0, max: 5 }),
    servicePort: fc.integer({ min: 80, max: 82 }),
    waypoints: fc.subarray(["shop/a", "shop/b", "shop/c"], { minLength: 1, maxLength: 2 }),
    preferred: fc.option(fc.integer({ min: 10_000, max: 10_003 }), { nil: undefined }),
    free: fc.boolean(),
    waitMs: fc.constantFrom(0, 0, 1_000, 61_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer(), (steps, seed) => {
      const { clock, allocator } = setup(seed);
      const used = new Map<string, { readonly by: string; readonly atMs: number }>();
      const holdings = new Map<string, { servicePort: number; waypoint: string; port: number }[]>();
      for (const { service, servicePort, waypoints, preferred, free, waitMs } of steps) {
        clock.advance(waitMs);
        const name = `shop/${service}`;
        const now = clock.now();
        const mine = holdings.get(name) ?? [];
        // What is held is used, for as long as it is held.
        for (const [holder, list] of holdings) {
          for (const each of list) {
            used.set(`${each.waypoint} ${each.port}`, { by: `${holder} ${each.servicePort}`, atMs: now });
          }
        }
        const kept = mine.filter((each) => each.servicePort !== servicePort);
        if (!free) {
          const port = allocator.allocate({ service: name, servicePort, waypoints, preferred });
          if (port === undefined) throw new Error("none is free");
          for (const waypoint of waypoints) {
            const last = used.get(`${waypoint} ${port}`);
            const by = `${name} ${servicePort}`;
            if (last !== undefined && last.by !== by) expect(now - last.atMs).toBeGreaterThan(60_000);
            used.set(`${waypoint} ${port}`, { by, atMs: now });
            kept.push({ servicePort, waypoint, port });
          }
        }
        holdings.set(name, kept);
        allocator.hold(name, kept);
      }
    }),
    { numRuns: 300 },
  );
});
