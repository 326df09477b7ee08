import { describe, expect, test } from "vitest";
import { Histogram, mergeFamilies, MetricsRegistry } from "./metrics.ts";

describe("histograms", () => {
  test.for<[number, number[]]>([
    [0, [1, 0, 0, 0]],
    [1, [1, 0, 0, 0]],
    [1.001, [0, 1, 0, 0]],
    [10, [0, 1, 0, 0]],
    [100, [0, 0, 1, 0]],
    [101, [0, 0, 0, 1]],
    [Infinity, [0, 0, 0, 1]],
  ])("%d falls in the first bucket whose bound is not below it", ([value, counts]) => {
    const histogram = new Histogram([1, 10, 100]);
    histogram.record(value);
    expect([[...histogram.counts], histogram.sum]).toEqual([counts, value]);
  });
});

describe("a registry", () => {
  test("gives the same series for the same labels, in whatever order", () => {
    const registry = new MetricsRegistry();
    const one = registry.counter("requests", "help", { a: "1", b: "2" });
    expect(registry.counter("requests", "help", { b: "2", a: "1" })).toBe(one);
    expect(registry.counter("requests", "help", { a: "1", b: "3" })).not.toBe(one);
    expect(registry.counter("requests", "help")).not.toBe(one);
  });

  test("does not mix up labels that look alike when joined", () => {
    const registry = new MetricsRegistry();
    const one = registry.gauge("g", "help", { a: '1","b":"2' });
    expect(registry.gauge("g", "help", { a: "1", b: "2" })).not.toBe(one);
  });

  test("collects plain data that survives a structured clone", () => {
    const registry = new MetricsRegistry();
    registry.counter("c", "counts", { a: "1" }).add(2);
    registry.gauge("g", "gauges").set(5);
    registry.gauge("g", "gauges").add(-2);
    registry.histogram("h", "histograms", [1, 2]).record(1.5);
    const collected = registry.collect();
    expect(collected).toEqual([
      { name: "c", help: "counts", type: "counter", samples: [{ labels: { a: "1" }, value: 2 }] },
      { name: "g", help: "gauges", type: "gauge", samples: [{ labels: {}, value: 3 }] },
      {
        name: "h",
        help: "histograms",
        type: "histogram",
        bounds: [1, 2],
        samples: [{ labels: {}, counts: [0, 1, 0], sum: 1.5 }],
      },
    ]);
    expect(structuredClone(collected)).toEqual(collected);
  });

  test("forgets a dropped series, and begins anew when it is bound again", () => {
    const registry = new MetricsRegistry();
    registry.counter("c", "help", { a: "1" }).add(1);
    registry.counter("c", "help", { a: "2" }).add(1);
    registry.drop("c", { a: "1" });
    registry.drop("unknown", {});
    expect(registry.collect()[0]?.samples).toEqual([{ labels: { a: "2" }, value: 1 }]);
    expect(registry.counter("c", "help", { a: "1" }).value).toBe(0);
  });

  test("refuses a name with another type, or with other buckets", () => {
    const registry = new MetricsRegistry();
    registry.counter("c", "help");
    registry.histogram("h", "help", [1, 2]);
    expect(() => registry.gauge("c", "help")).toThrow("metric c is a counter, not a gauge");
    expect(() => registry.histogram("h", "help", [1, 3], { a: "1" })).toThrow(
      "metric h has the buckets 1, 2",
    );
    expect(registry.histogram("h", "help", [1, 2])).toBeInstanceOf(Histogram);
  });
});

test("merging adds up series of the same name and labels, and keeps the others", () => {
  const [one, two] = [new MetricsRegistry(), new MetricsRegistry()];
  one.counter("c", "help", { a: "1", b: "2" }).add(1);
  two.counter("c", "help", { b: "2", a: "1" }).add(2);
  two.counter("c", "help", { a: "other" }).add(4);
  one.histogram("h", "help", [1]).record(0.5);
  two.histogram("h", "help", [1]).record(2);
  two.gauge("g", "help").set(7);
  expect(mergeFamilies([one.collect(), two.collect()])).toEqual([
    {
      name: "c",
      help: "help",
      type: "counter",
      samples: [
        { labels: { a: "1", b: "2" }, value: 3 },
        { labels: { a: "other" }, value: 4 },
      ],
    },
    {
      name: "h",
      help: "help",
      type: "histogram",
      bounds: [1],
      samples: [{ labels: {}, counts: [1, 1], sum: 2.5 }],
    },
    { name: "g", help: "help", type: "gauge", samples: [{ labels: {}, value: 7 }] },
  ]);
  expect(mergeFamilies([])).toEqual([]);
});
