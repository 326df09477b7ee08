import { expect, test } from "vitest";
import { figuresOf } from "./spell.ts";

test("of several spells the p99 is that of all their requests, and the starvation that of the worst", () => {
  const quick = Array.from({ length: 98 }, () => 1);
  const before = { latenciesMs: [...quick, 7], failed: 0, starvation: 1 };
  const after = { latenciesMs: [...quick, ...quick], failed: 1, starvation: 2 };
  expect(figuresOf(before, after)).toEqual({ p50Ms: 1, p99Ms: 1, answered: 295, failed: 1, starvation: 2 });
  expect(figuresOf(before).p99Ms).toBe(7);
});
