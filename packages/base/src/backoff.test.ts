import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { Backoff, type BackoffOptions, type Jitter } from "./backoff.ts";
import { type Rng, seededRng } from "./rng.ts";

const always = (value: number): Rng => ({ next: () => value });
const options: BackoffOptions = { minMs: 100, maxMs: 1000, jitter: "none", rng: always(0.5) };

function waits(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => backoff.nextMs());
}

test("without jitter waits double up to the maximum", () => {
  expect(waits(new Backoff(options), 6)).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test("the factor may be another, also 1", () => {
  expect(waits(new Backoff({ ...options, factor: 3 }), 4)).toEqual([100, 300, 900, 1000]);
  expect(waits(new Backoff({ ...options, factor: 1 }), 3)).toEqual([100, 100, 100]);
});

test("full jitter takes its share of the exponential", () => {
  expect(waits(new Backoff({ ...options, jitter: "full" }), 5)).toEqual([50, 100, 200, 400, 500]);
});

test("decorrelated jitter starts from the wait before and never goes below the minimum", () => {
  expect(waits(new Backoff({ ...options, jitter: "decorrelated" }), 3)).toEqual([200, 350, 575]);
  expect(waits(new Backoff({ ...options, jitter: "decorrelated", rng: always(0) }), 3)).toEqual([
    100, 100, 100,
  ]);
});

test("a success makes the next failure the first again", () => {
  for (const jitter of ["none", "full", "decorrelated"] as const) {
    const backoff = new Backoff({ ...options, jitter });
    const first = backoff.nextMs();
    waits(backoff, 3);
    expect(backoff.failures).toBe(4);
    backoff.reset();
    expect([backoff.failures, backoff.nextMs()]).toEqual([0, first]);
  }
});

test.for<[string, Partial<BackoffOptions>]>([
  ["minMs is 0", { minMs: 0 }],
  ["minMs is -1", { minMs: -1 }],
  ["minMs is NaN", { minMs: Number.NaN }],
  ["maxMs is 99", { maxMs: 99 }],
  ["maxMs is Infinity", { maxMs: Infinity }],
  ["factor is 0.5", { factor: 0.5 }],
  ["factor is NaN", { factor: Number.NaN }],
])("is not made where %s", ([reason, wrong]) => {
  expect(() => new Backoff({ ...options, ...wrong })).toThrow(`backoff: ${reason}`);
});

test("waits stay within their bounds, whatever chance says and however many failures", () => {
  const jitters = fc.constantFrom<Jitter[]>("none", "full", "decorrelated");
  const bounds = fc.tuple(
    fc.double({ min: 0.001, max: 1e6, noNaN: true }),
    fc.double({ min: 1, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(
      jitters,
      bounds,
      fc.double({ min: 1, max: 100, noNaN: true }),
      fc.integer(),
      (jitter, [minMs, times], factor, seed) => {
        const maxMs = minMs * times;
        const backoff = new Backoff({ minMs, maxMs, factor, jitter, rng: seededRng(seed) });
        for (const ms of waits(backoff, 200)) {
          expect(ms).toBeGreaterThanOrEqual(jitter === "full" ? 0 : minMs);
          expect(ms).toBeLessThanOrEqual(maxMs);
        }
      },
    ),
    { numRuns: 50 },
  );
});
