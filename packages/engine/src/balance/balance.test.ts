import { seededRng } from "@waystone/base/rng";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { pickLeastRequest } from "./p2c.ts";
import { cumulativeWeights, pickWeighted } from "./weighted.ts";

const endpoint = (active: number): { active: number } => ({ active });

test("no endpoint gives none, and one gives itself, even when it just failed", () => {
  const only = endpoint(3);
  expect(pickLeastRequest([], seededRng(1))).toBeUndefined();
  expect(pickLeastRequest([only], seededRng(1))).toBe(only);
  expect(pickLeastRequest([only], seededRng(1), only)).toBe(only);
});

test("of two endpoints the less loaded one is always picked", () => {
  const idle = endpoint(0);
  const busy = endpoint(9);
  const rng = seededRng(2);
  for (let i = 0; i < 200; i++) expect(pickLeastRequest([busy, idle], rng)).toBe(idle);
});

test("of two the one that failed is not picked again", () => {
  const failed = endpoint(0);
  const other = endpoint(9);
  const rng = seededRng(3);
  for (let i = 0; i < 200; i++) expect(pickLeastRequest([failed, other], rng, failed)).toBe(other);
});

test("an excluded endpoint is never picked where there is another", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(), fc.integer(), (count, at, seed) => {
      const endpoints = Array.from({ length: count }, (_, i) => endpoint(i));
      const excluded = endpoints[at % count]!;
      expect(pickLeastRequest(endpoints, seededRng(seed), excluded)).not.toBe(excluded);
    }),
  );
});

test("an excluded endpoint that has left makes no difference", () => {
  const endpoints = [endpoint(0), endpoint(0)];
  expect(endpoints).toContain(pickLeastRequest(endpoints, seededRng(4), endpoint(0)));
});

test("equally loaded endpoints share evenly", () => {
  const endpoints = Array.from({ length: 5 }, () => ({ active: 0, picks: 0 }));
  const rng = seededRng(5);
  for (let i = 0; i < 50_000; i++) pickLeastRequest(endpoints, rng)!.picks++;
  for (const { picks } of endpoints) expect(Math.abs(picks - 10_000)).toBeLessThan(500);
});

test("the most loaded of all is never picked", () => {
  const endpoints = [endpoint(1), endpoint(7), endpoint(2)];
  const rng = seededRng(6);
  for (let i = 0; i < 500; i++) expect(pickLeastRequest(endpoints, rng)!.active).not.toBe(7);
});

test("weights are shares, a fresh pick each time", () => {
  const sums = cumulativeWeights([70, 30, 0]);
  const picks = [0, 0, 0];
  const rng = seededRng(7);
  for (let i = 0; i < 20_000; i++) picks[pickWeighted(sums, rng)]!++;
  expect(Math.abs(picks[0]! / 20_000 - 0.7)).toBeLessThan(0.02);
  expect(picks[2]).toBe(0);
});

test("nothing is picked where all weights are 0 or there are none", () => {
  expect(pickWeighted([], seededRng(1))).toBe(-1);
  expect(pickWeighted([0, 0], seededRng(1))).toBe(-1);
});

test("a weight of 0 is never picked, even at the ends of chance", () => {
  expect(pickWeighted(cumulativeWeights([0, 5, 0, 0]), { next: () => 1 })).toBe(1);
  const chances = [0, 0.5, 1 - 2 ** -53, 1];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 16 }), (weights) => {
      for (const chance of chances) {
        const index = pickWeighted(cumulativeWeights(weights), { next: () => chance });
        if (index < 0) expect(weights.every((weight) => weight === 0)).toBe(true);
        else expect(weights[index]).toBeGreaterThan(0);
      }
    }),
  );
});
