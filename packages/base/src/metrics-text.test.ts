import { expect, test } from "vitest";
import { MetricsRegistry } from "./metrics.ts";
import { renderMetrics } from "./metrics-text.ts";

function render(fill: (registry: MetricsRegistry) => void): string {
  const registry = new MetricsRegistry();
  fill(registry);
  return renderMetrics(registry.collect());
}

test("families come sorted by name, each with help, type and its samples", () => {
  const text = render((registry) => {
    registry.gauge("waystone_routes", "Routes served.").set(3);
    registry
      .counter("istio_requests_total", "Requests.", { reporter: "waypoint", response_code: "200" })
      .add(5);
    registry
      .counter("istio_requests_total", "Requests.", { reporter: "waypoint", response_code: "503" })
      .add(1);
  });
  expect(text).toMatchInlineSnapshot(`
    "# HELP istio_requests_total Requests.
    # TYPE istio_requests_total counter
    istio_requests_total{reporter="waypoint",response_code="200"} 5
    istio_requests_total{reporter="waypoint",response_code="503"} 1
    # HELP waystone_routes Routes served.
    # TYPE waystone_routes gauge
    waystone_routes 3
    "
  `);
});

test("histogram buckets are cumulative, end with +Inf, and are followed by sum and count", () => {
  const text = render((registry) => {
    const histogram = registry.histogram("d", "Duration.", [0.5, 10], { a: "1" });
    for (const value of [0.1, 0.2, 5, 50]) histogram.record(value);
  });
  expect(text).toMatchInlineSnapshot(`
    "# HELP d Duration.
    # TYPE d histogram
    d_bucket{a="1",le="0.5"} 2
    d_bucket{a="1",le="10"} 3
    d_bucket{a="1",le="+Inf"} 4
    d_sum{a="1"} 55.3
    d_count{a="1"} 4
    "
  `);
});

test("backslash and line feed are escaped in help, and the quote too in labels", () => {
  const text = render((registry) => registry.counter("c", 'a\\b\n"c"', { path: 'x\\y\n"z"' }).add(1));
  expect(text.split("\n")).toEqual([
    '# HELP c a\\\\b\\n"c"',
    "# TYPE c counter",
    'c{path="x\\\\y\\n\\"z\\""} 1',
    "",
  ]);
});

test.for<[number, string]>([
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [Number.NaN, "NaN"],
  [1.5, "1.5"],
  [1e21, "1e+21"],
])("the value %d is written %s", ([value, expected]) => {
  expect(render((registry) => registry.gauge("g", "h").set(value))).toContain(`g ${expected}\n`);
});

test("nothing is the empty text", () => {
  expect(renderMetrics([])).toBe("");
});
