import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";
import { RetryBudget } from "./retry-budget.ts";

const none = { minRetries: 0, minRetriesIntervalMs: 1_000 };
const twenty = { percent: 20, intervalMs: 10_000 };

test("under a storm of failures an upstream sees 1.2 times its clients' requests", () => {
  for (const free of [none, { minRetries: 10, minRetriesIntervalMs: 1_000 }]) {
    const budget = new RetryBudget({ ...twenty, ...free });
    let sent = 0;
    for (let request = 0; request < 20_000; request++) {
      const nowMs = request;
      budget.recordRequest(nowMs);
      sent++;
      for (let retry = 0; retry < 3 && budget.takeRetry(nowMs); retry++) sent++;
    }
    expect(sent / 20_000).toBeGreaterThan(1.19);
    expect(sent / 20_000).toBeLessThanOrEqual(1.201);
  }
});

test("a quiet Service may retry: so many retries are free in each of their intervals", () => {
  const budget = new RetryBudget({ ...twenty, minRetries: 4, minRetriesIntervalMs: 60_000 });
  budget.recordRequest(0);
  const takenAt = (nowMs: number): number =>
    Array.from({ length: 12 }, () => budget.takeRetry(nowMs)).filter(Boolean).length;
  expect([takenAt(0), takenAt(1), takenAt(30_000), takenAt(90_000), takenAt(3_600_000)]).toEqual([
    4, 0, 2, 4, 4,
  ]);
});

test("0 percent and no free retries: none at all", () => {
  const budget = new RetryBudget({ percent: 0, intervalMs: 1_000, ...none });
  for (let i = 0; i < 100; i++) budget.recordRequest(i);
  expect(budget.takeRetry(100)).toBe(false);
});

test("what is older than the interval is forgotten", () => {
  const budget = new RetryBudget({ percent: 100, intervalMs: 2_000, ...none });
  budget.recordRequest(500);
  expect(budget.takeRetry(1_500)).toBe(true);
  expect(budget.takeRetry(1_500)).toBe(false);
  budget.recordRequest(2_600);
  budget.recordRequest(100_000);
  expect(budget.takeRetry(100_000)).toBe(true);
  expect(budget.takeRetry(101_899)).toBe(false);
  expect(budget.takeRetry(200_000)).toBe(false);
});

test("at no time are there more retries in an interval than the budget says", () => {
  const steps = fc.array(fc.tuple(fc.nat(1_500), fc.boolean()), { maxLength: 200, size: "max" });
  fc.assert(
    fc.property(steps, (moves) => {
      const budget = new RetryBudget({ percent: 50, intervalMs: 3_000, ...none });
      const requests: number[] = [];
      const retries: number[] = [];
      let now = 0;
      const slotOf = (at: number): number => Math.floor(at / 150);
      for (const [pause, isRetry] of moves) {
        now += pause;
        if (!isRetry) {
          budget.recordRequest(now);
          requests.push(now);
        } else if (budget.takeRetry(now)) retries.push(now);
        const within = (times: number[]): number =>
          times.filter((at) => slotOf(at) > slotOf(now) - 20).length;
        if (isRetry && retries.at(-1) === now)
          expect(within(retries)).toBeLessThanOrEqual(within(requests) * 0.5);
      }
    }),
  );
});

const noon = Date.UTC(2026, 0, 1, 12);
test.for([
  [["120"], 120_000, "seconds"],
  [["0"], 0, "no seconds"],
  [["Thu, 01 Jan 2026 12:00:30 GMT"], 30_000, "a date"],
  [["Thu, 01 Jan 2026 11:00:00 GMT"], 0, "a date that is past"],
  [["tomorrow"], 0, "something else"],
  [["-1"], 0, "a negative number"],
  [["1.5"], 0, "a fraction"],
  [["5", "9"], 0, "two values"],
  [[], 0, "no value"],
] as const)("Retry-After %j means %d ms: %s (RFC 9110 10.2.3)", ([values, expected]) => {
  expect(retryAfterMs(values, noon)).toBe(expected);
});
