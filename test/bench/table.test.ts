import { expect, test } from "vitest";
import type { Scenario } from "./scenarios/scenario.ts";
import { percentile } from "./statistics.ts";
import { buildFigures, formatTable } from "./table.ts";

const scenario: Scenario = {
  name: "s",
  title: "a scenario",
  routes: 1,
  form: "run",
  metrics: [
    { key: "cpu", title: "CPU", digits: 1 },
    { key: "p99", title: "added p99", digits: 1, overDirect: true },
  ],
  measure: async () => ({}),
};

test("a figure is the median over the rounds, a latency what is added over direct in the same round, a ratio that of rounds", () => {
  const results = new Map([
    [
      "s",
      new Map([
        [
          "waystone",
          [
            { cpu: 9, p99: 3 },
            { cpu: 20, p99: 50 },
            { cpu: 10, p99: 4 },
          ],
        ],
        [
          "haproxy",
          [
            { cpu: 8, p99: 2 },
            { cpu: 16, p99: 49 },
            { cpu: 8, p99: 2 },
          ],
        ],
        ["envoy", [{ cpu: 18, p99: 5 }]],
        ["direct", [{ p99: 1 }, { p99: 48 }, { p99: 1 }]],
      ]),
    ],
  ]);
  const peers = ["waystone", "haproxy", "envoy", "direct"];
  const figures = buildFigures([scenario], peers, results);
  expect(figures.map((figure) => figure.values)).toEqual([
    { waystone: 10, haproxy: 8, envoy: 18 },
    { waystone: 2, haproxy: 1, envoy: 4, direct: 1 },
  ]);
  expect(formatTable([scenario], peers, figures)).toMatchInlineSnapshot(`
    "| scenario   | figure    | waystone | haproxy | envoy | direct |             /haproxy | /envoy |
    |------------|-----------|---------:|--------:|------:|-------:|---------------------:|-------:|
    | a scenario | CPU       |     10.0 |     8.0 |  18.0 |      - | 1.25x (1.13 to 1.25) |  0.50x |
    | a scenario | added p99 |      2.0 |     1.0 |   4.0 |    1.0 | 2.00x (2.00 to 3.00) |  0.50x |"
  `);
});

test("a percentile is a value that occurs", () => {
  expect(percentile([1, 2, 3, 4], 50)).toBe(2);
  expect(percentile([1, 2, 3, 4], 99)).toBe(4);
  expect(percentile([], 50)).toBeNaN();
});
