import { expect, test } from "vitest";
import { ManualClock } from "./manual-clock.ts";

test("time stands still until it is moved", () => {
  const clock = new ManualClock(1000);
  expect([clock.now(), clock.wallMs()]).toEqual([0, 1000]);
  clock.advance(250);
  expect([clock.now(), clock.wallMs()]).toEqual([250, 1250]);
});

test("a timer fires when its time has come, once, and sees that time", () => {
  const clock = new ManualClock();
  const fired: number[] = [];
  clock.after(100, () => fired.push(clock.now()));
  clock.advance(99);
  expect([fired, clock.pending]).toEqual([[], 1]);
  clock.advance(1000);
  expect([fired, clock.pending, clock.now()]).toEqual([[100], 0, 1099]);
});

test("timers fire in the order of their time, then of their making", () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  clock.after(20, () => fired.push("late"));
  clock.after(10, () => fired.push("first"));
  clock.after(10, () => fired.push("second"));
  clock.after(-5, () => fired.push("overdue"));
  clock.advance(20);
  expect(fired).toEqual(["overdue", "first", "second", "late"]);
});

test("a timer that a timer makes fires in the same move if it falls within it", () => {
  const clock = new ManualClock();
  const fired: number[] = [];
  clock.after(10, () => clock.after(10, () => fired.push(clock.now())));
  clock.advance(19);
  expect(fired).toEqual([]);
  clock.advance(1);
  expect(fired).toEqual([20]);
});

test("a repeated timer fires at each period until it is cancelled, also by itself", () => {
  const clock = new ManualClock();
  const fired: number[] = [];
  const timer = clock.every(10, () => {
    fired.push(clock.now());
    if (fired.length === 3) timer.cancel();
  });
  clock.advance(100);
  timer.cancel();
  expect([fired, clock.pending]).toEqual([[10, 20, 30], 0]);
});

test("a period of nothing is a millisecond", () => {
  const clock = new ManualClock();
  let count = 0;
  clock.every(0, () => count++);
  clock.advance(5);
  expect(count).toBe(5);
});

test("a cancelled timer never fires", () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  const second = clock.after(10, () => fired.push("second"));
  clock.after(5, () => second.cancel());
  clock.advance(100);
  expect(fired).toEqual([]);
});

test("advanceAsync lets promises settle after each step", async () => {
  const clock = new ManualClock();
  const seen: number[] = [];
  const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.after(ms, resolve));
  const work = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await wait(10);
      seen.push(clock.now());
    }
  };
  const done = work();
  await clock.advanceAsync(30, 10);
  await done;
  expect(seen).toEqual([10, 20, 30]);
});
