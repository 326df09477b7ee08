/** Who listens where: whatever shadows say, a connection on a port of a waypoint means one Service. */
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { type ClusterWorld, openClusterWorld } from "../testing/cluster-world.ts";
import { frontObject, type ShadowFields, shadowObject } from "../testing/shadow-objects.ts";

function pair(name: string, shadow: ShadowFields, capturedBy?: string): Service[] {
  const annotations = capturedBy === undefined ? {} : { [captureKeys.capturedBy]: capturedBy };
  const front = frontObject({ name, annotations });
  return [front, shadowObject(front, shadow)];
}

function world(...services: readonly Service[][]): ClusterWorld {
  const opened = openClusterWorld();
  opened.applyObjects(services.flat());
  return opened;
}

/** "80:10001" for each port that is listened on. */
function listens({ model }: ClusterWorld, name: string): string[] {
  const service = model.services.get(`shop/${name}`);
  return (service?.ports ?? []).flatMap(({ port, listen }) => listen.map((place) => `${port}:${place.port}`));
}

function waypoints({ model }: ClusterWorld, name: string): readonly string[] {
  return model.services.get(`shop/${name}`)?.waypoints ?? [];
}

const at = (waypoint: string, ports: Readonly<Record<string, number>>): ShadowFields => ({ waypoint, ports });

describe("two Services that name one port of one waypoint", () => {
  test("the captured one has it, although the other is older and comes first by name", () => {
    const it = world(
      pair("a", { ...at("shop/w", { 80: 10001 }), created: "2026-01-01T00:00:00Z" }),
      pair("b", { ...at("shop/w", { 80: 10001 }), created: "2026-02-01T00:00:00Z" }, "shop/w"),
    );
    expect([listens(it, "a"), listens(it, "b")]).toEqual([[], ["80:10001"]]);
    expect(it.model.cluster?.places.get("shop/a")?.lostPorts).toEqual([80]);
  });

  test("captured by another waypoint does not count", () => {
    const it = world(
      pair("a", at("shop/w", { 80: 10001 })),
      pair("b", at("shop/w", { 80: 10001 }), "shop/v"),
    );
    expect([listens(it, "a"), listens(it, "b")]).toEqual([["80:10001"], []]);
  });

  test("else the older shadow, and one without a time last", () => {
    const it = world(
      pair("a", at("shop/w", { 80: 10001 })),
      pair("b", { ...at("shop/w", { 80: 10001 }), created: "2026-02-01T00:00:00Z" }),
      pair("c", { ...at("shop/w", { 80: 10001 }), created: "2026-01-01T00:00:00Z" }),
    );
    expect([listens(it, "a"), listens(it, "b"), listens(it, "c")]).toEqual([[], [], ["80:10001"]]);
  });

  test("else the first by name; its other ports are not touched", () => {
    const it = world(
      pair("a", at("shop/w", { 80: 10001 })),
      pair("b", at("shop/w", { 80: 10001, 81: 10002 })),
    );
    expect([listens(it, "a"), listens(it, "b")]).toEqual([["80:10001"], ["81:10002"]]);
  });

  test("when the winner goes the other listens", () => {
    const it = world(pair("a", at("shop/w", { 80: 10001 })), pair("b", at("shop/w", { 80: 10001 })));
    it.remove("Service", "shop/a");
    expect(listens(it, "b")).toEqual(["80:10001"]);
  });

  test("at different waypoints both have it", () => {
    const it = world(pair("a", at("shop/w", { 80: 10001 })), pair("b", at("shop/v", { 80: 10001 })));
    expect([listens(it, "a"), listens(it, "b")]).toEqual([["80:10001"], ["80:10001"]]);
  });
});

describe("a Service that moves", () => {
  test("is served by both, on the same port", () => {
    const it = world(pair("a", { ...at("shop/w", { 80: 10001 }), movingTo: "shop/v" }, "shop/w"));
    expect([waypoints(it, "a"), listens(it, "a")]).toEqual([["shop/v", "shop/w"], ["80:10001"]]);
  });

  test("stays with the old one alone while a port of the new one is another's", () => {
    const it = world(
      pair("a", { ...at("shop/w", { 80: 10001 }), movingTo: "shop/v" }, "shop/w"),
      pair("b", at("shop/v", { 80: 10001 }), "shop/v"),
    );
    expect([waypoints(it, "a"), listens(it, "a")]).toEqual([["shop/w"], ["80:10001"]]);
    expect(it.model.cluster?.places.get("shop/a")?.lostPorts).toEqual([80]);
  });
});

test("the shadow of a front that was deleted claims nothing", () => {
  const it = world(
    pair("a", { ...at("shop/w", { 80: 10001 }), ownerUid: "gone" }, "shop/w"),
    pair("b", at("shop/w", { 80: 10001 })),
  );
  expect([listens(it, "a"), listens(it, "b")]).toEqual([[], ["80:10001"]]);
});

const gateways = ["shop/v", "shop/w", "infra/shared"];
const forgedPorts = fc.oneof(
  fc.dictionary(fc.constantFrom("80", "81", "443", "x"), fc.integer({ min: 9_998, max: 10_003 })),
  fc.json({ maxDepth: 2 }),
  fc.string(),
);
const anyShadow = fc.record({
  waypoint: fc.option(fc.constantFrom(...gateways, "junk"), { nil: undefined }),
  movingTo: fc.option(fc.constantFrom(...gateways, "/"), { nil: undefined }),
  ports: forgedPorts as fc.Arbitrary<string>,
  created: fc.option(fc.constantFrom("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"), { nil: undefined }),
  ownerUid: fc.constantFrom("uid of shop/s0", "uid of shop/s1", "uid of shop/s2", "uid of shop/s3", "gone"),
});
const anyPair = fc.record({
  name: fc.constantFrom("s0", "s1", "s2", "s3", "s4", "s5"),
  shadow: anyShadow,
  isOwn: fc.boolean(),
  captor: fc.option(fc.constantFrom(...gateways), { nil: undefined }),
});

/** Every "<waypoint> <port>" with the Service ports that are listened for there. */
function listeners({ model }: ClusterWorld): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const service of model.services.list()) {
    for (const waypoint of service.waypoints) {
      for (const { port, listen } of service.ports) {
        for (const place of listen) {
          const place_ = `${waypoint} ${place.port}`;
          found.set(place_, [...(found.get(place_) ?? []), `${service.key}:${port}`]);
        }
      }
    }
  }
  return found;
}

test("whatever shadows say, no two Service ports are listened for on one port of one waypoint", () => {
  fc.assert(
    fc.property(fc.array(anyPair, { maxLength: 12 }), fc.nat(12), (pairs, cut) => {
      const objects = pairs.flatMap(({ name, shadow: { ownerUid, ...shadow }, isOwn, captor }) =>
        pair(name, { ...shadow, ...(isOwn ? {} : { ownerUid }) }, captor),
      );
      const opened = openClusterWorld();
      opened.applyObjects(objects.slice(0, cut));
      opened.applyObjects(objects.slice(cut));
      for (const [place, services] of listeners(opened)) {
        expect(services, place).toHaveLength(1);
        const port = Number(place.split(" ")[1]);
        expect(port).toBeGreaterThanOrEqual(10_000);
        expect(port).toBeLessThanOrEqual(29_999);
      }
      for (const { key, waypoint, waypoints: all } of opened.model.services.list()) {
        if (waypoint !== undefined) expect(all, key).toContain(waypoint);
      }
    }),
    { numRuns: 300 },
  );
});
