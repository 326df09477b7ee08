/** Whom a worker takes: in all, of one source, and of what its descriptors allow (reference D10). */
import { MetricsRegistry } from "@waystone/base/metrics";
import { expect, test } from "vitest";
import { ConnectionLimits } from "./connection-limits.ts";

function openLimits(connections: number, connectionsPerSource: number, descriptors = Infinity) {
  const metrics = new MetricsRegistry();
  const limits = new ConnectionLimits({ connections, connectionsPerSource, descriptors, metrics });
  const refused = (): unknown =>
    metrics
      .collect()
      .flatMap(({ samples }) => samples.map(({ labels, value }) => `${labels["reason"]} ${value}`));
  return { limits, refused };
}

test("so many in all; a place that is given back is free again", () => {
  const { limits, refused } = openLimits(2, 10);
  expect([limits.take("a", false), limits.take("b", false), limits.take("c", false)]).toEqual([
    undefined,
    undefined,
    "limit",
  ]);
  limits.give("a");
  expect(limits.take("c", false)).toBeUndefined();
  expect(refused()).toEqual(["limit 1"]);
});

test("so many of one source, whatever others have", () => {
  const { limits } = openLimits(100, 2);
  expect(["a", "a", "a", "b"].map((source) => limits.take(source, false))).toEqual([
    undefined,
    undefined,
    "source",
    undefined,
  ]);
  limits.give("a");
  expect(limits.take("a", false)).toBeUndefined();
});

test("two descriptors for each: one towards its endpoint", () => {
  const { limits } = openLimits(100, 100, 5);
  expect([1, 2, 3].map(() => limits.take("a", false))).toEqual([undefined, undefined, "descriptors"]);
});

test("nobody while new connections are refused for want of memory", () => {
  const { limits, refused } = openLimits(100, 100);
  expect(limits.take("a", true)).toBe("overload");
  expect(refused()).toEqual(["overload 1"]);
});
