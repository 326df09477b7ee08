import fc from "fast-check";
import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";
import { RetryBudget } from "./retry-budget.ts";

test("under a storm of failures an upstream sees 1.2 times its clients' requests (R11)", () => {
  const budget = new RetryBudget({ percent: 20, intervalSeconds: 10, minPerSecond: 0 });
  let sent = 0;
  for (let request = 0; request < 20_000; request++) {
    const nowMs = request;
    budget.recordRequest(nowMs);
    sent++;
    for (let retry = 0; retry < 3 && budget.takeRetry(nowMs); retry++) sent++;
  }
  expect(sent / 20_000).toBeGreaterThan(1.19);
  expect(sent / 20_000).toBeLessThanOrEqual(1.2);
});

test("a quiet Service may retry: some retries per second are free", () => {
  const budget = new RetryBudget({ percent: 20, intervalSeconds: 10, minPerSecond: 1 });
  budget.recordRequest(0);
  const taken = Array.from({ length: 12 }, () => budget.takeRetry(0));
  expect(taken.filter(Boolean)).toHaveLength(10);
});

test("what is older than the interval is forgotten", () => {
  const budget = new RetryBudget({ percent: 100, intervalSeconds: 2, minPerSecond: 0 });
  budget.recordRequest(500);
  expect(budget.takeRetry(1500)).toBe(true);
  expect(budget.takeRetry(1500)).toBe(false);
  budget.recordRequest(2500);
  budget.recordRequest(100_000);
  expect(budget.takeRetry(100_000)).toBe(true);
  expect(budget.takeRetry(101_999)).toBe(false);
});

test("at no time are there more retries in an interval than the budget says", () => {
  const steps = fc.array(fc.tuple(fc.nat(1500), fc.boolean()), { maxLength: 200, size: "max" });
  fc.assert(
    fc.property(steps, (moves) => {
      const budget = new RetryBudget({ percent: 50, intervalSeconds: 3, minPerSecond: 1 });
      const requests: number[] = [];
      const retries: number[] = [];
      let now = 0;
      for (const [pause, isRetry] of moves) {
        now += pause;
        if (!isRetry) {
          budget.recordRequest(now);
          requests.push(now);
        } else if (budget.takeRetry(now)) retries.push(now);
        const within = (times: number[]) =>
          times.filter((at) => Math.floor(at / 1000) > Math.floor(now / 1000) - 3).length;
        if (isRetry && retries.at(-1) === now)
          expect(within(retries)).toBeLessThanOrEqual(within(requests) * 0.5 + 3);
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
