import { expect, test } from "vitest";
import { processorTimeOf, starvationOf } from "./processor-time.ts";

test.for([
  ["a processor of its own", { ranNs: 30, waitedNs: 5 }, 1],
  ["as long waited as run", { ranNs: 30, waitedNs: 25 }, 2],
  ["nothing known", { ranNs: 10, waitedNs: 5 }, 1],
] as const)("%s", ([, after, starvation]) => {
  expect(starvationOf({ ranNs: 10, waitedNs: 5 }, after)).toBe(starvation);
});

test("nothing is known of a process that is gone", () => {
  expect(processorTimeOf(undefined)).toEqual({ ranNs: 0, waitedNs: 0 });
});
