/** A slope is a slope. */
import { expect, test } from "vitest";
import { slopePerMinute } from "./process-figures.ts";

test.for<[string, number[], number]>([
  ["what grows by 1 each second grows by 60 a minute", [5, 6, 7, 8], 60],
  ["what stays does not grow", [3, 3, 3], 0],
  ["one value says nothing", [7], 0],
])("%s", ([, values, expected]) => {
  expect(slopePerMinute(values, 1000)).toBeCloseTo(expected);
});
