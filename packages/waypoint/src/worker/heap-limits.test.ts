import { expect, test } from "vitest";
import { heapLimits } from "./heap-limits.ts";

const mebibyte = 1024 * 1024;

test.for([
  {
    limitMb: 128,
    workers: 1,
    old: 64,
    young: 24,
    rule: "a small container still gets a heap that can hold a configuration",
  },
  { limitMb: 512, workers: 1, old: 312, young: 24, rule: "a quarter stays for what is not heap" },
  { limitMb: 512, workers: 4, old: 78, young: 24, rule: "workers share" },
  { limitMb: 65_536, workers: 2, old: 2048, young: 24, rule: "no heap grows until its pauses hurt" },
])("$rule: $limitMb MB for $workers workers", ({ limitMb, workers, old, young }) => {
  expect(heapLimits(limitMb * mebibyte, workers)).toEqual({
    maxOldGenerationSizeMb: old,
    maxYoungGenerationSizeMb: young,
  });
});
