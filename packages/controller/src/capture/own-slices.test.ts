/** Our own EndpointSlices where there are many endpoints, several slices, and two families. */
import type { EndpointSlice } from "@waystone/api/kubernetes/core";
import { describe, expect, test } from "vitest";
import { buildOwnSlices, compareSlices } from "./own-slices.ts";
import { admin, elsewhere, front, http, slice, view, waypointPod } from "./testing/capture-fixtures.ts";

const dual = front({
  ports: [http, admin],
  spec: { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "RequireDualStack" },
});
const pods = Array.from({ length: 120 }, (_, at) =>
  waypointPod(at, { waypoint: elsewhere, addresses: [`198.18.9.${at}`, `fd00::9:${at.toString(16)}`] }),
);
const ports = [
  { name: "http", port: 8080 },
  { name: "admin", port: 8081 },
];
const shadowSlices = [
  ...[0, 1].map((net) => {
    const addresses = Array.from({ length: 130 }, (_, at) => `198.18.${net}.${at}`);
    return slice("cart-shadow", addresses, ports, `v4-${net}`);
  }),
  slice("cart-shadow", ["fd00::1"], ports, "v6-0"),
];
const wish = { waypoint: elsewhere, ports: new Map([[80, 10_001]]), direct: [admin] };
const build = (change = {}): readonly EndpointSlice[] =>
  buildOwnSlices(view({ front: dual, shadowSlices, waypointPods: pods, ...change }), wish);

const addresses = (slices: readonly EndpointSlice[], port: string, type: string): readonly string[] =>
  slices
    .filter((each) => each.addressType === type && each.ports?.some(({ name }) => name === port))
    .flatMap(({ endpoints }) => endpoints ?? [])
    .flatMap((endpoint) => endpoint.addresses);

describe("own slices", () => {
  test("hold at most a hundred endpoints each, and together every one once, in its own family", () => {
    const slices = build();
    expect(Math.max(...slices.map(({ endpoints }) => endpoints?.length ?? 0))).toBeLessThanOrEqual(100);
    for (const type of ["IPv4", "IPv6"]) {
      const captured = addresses(slices, "http", type);
      expect(new Set(captured).size).toBe(120);
      expect(captured).toHaveLength(120);
    }
    expect(new Set(addresses(slices, "admin", "IPv4")).size).toBe(260);
    expect(addresses(slices, "admin", "IPv6")).toEqual(["fd00::1"]);
  });

  test("lead a captured port to the waypoint alone, and a direct one to the pods alone", () => {
    const slices = build();
    expect(addresses(slices, "http", "IPv4").every((address) => address.startsWith("198.18.9."))).toBe(true);
    expect(addresses(slices, "admin", "IPv4").some((address) => address.startsWith("198.18.9."))).toBe(false);
  });

  test("have names of their own, the same every time: what was written is not written again", () => {
    const slices = build();
    expect(new Set(slices.map(({ metadata }) => metadata.name)).size).toBe(slices.length);
    expect(compareSlices(slices, build())).toEqual({ writes: [], deletes: [] });
  });

  test("shrink with what they are made of: what is empty by then goes", () => {
    const { writes, deletes } = compareSlices(build(), build({ waypointPods: pods.slice(0, 20) }));
    expect(writes.map(({ addressType }) => addressType)).toEqual(["IPv4", "IPv6"]);
    expect(deletes.map(({ addressType }) => addressType)).toEqual(["IPv4", "IPv6"]);
  });
});
