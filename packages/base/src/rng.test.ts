import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { seededRng, systemRng, type Rng } from "./rng.ts";

function take(rng: Rng, count: number): number[] {
  return Array.from({ length: count }, () => rng.next());
}

test("a seed gives the same sequence each time, and another seed another", () => {
  expect(take(seededRng(42), 20)).toEqual(take(seededRng(42), 20));
  expect(take(seededRng(42), 20)).not.toEqual(take(seededRng(43), 20));
});

test("every value is at least 0 and less than 1, whatever the seed", () => {
  fc.assert(
    fc.property(fc.double(), (seed) => {
      for (const value of [...take(seededRng(seed), 50), systemRng.next()]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }
    }),
  );
});

test("values are spread evenly over ten tenths", () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const value of take(seededRng(7), 100_000)) counts[Math.floor(value * 10)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});
