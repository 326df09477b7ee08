/** The clock of the machine. What rests on time is tested with a ManualClock. */
import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";

test("now never goes back, wallMs is the time of day", () => {
  const first = systemClock.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(first);
  expect(Math.abs(systemClock.wallMs() - new Date().getTime())).toBeLessThan(1000);
});

test("after runs once, and a timer that has fired may be cancelled", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = systemClock.after(1, () => resolve("fired"));
  expect(await promise).toBe("fired");
  timer.cancel();
});

test("a wait of months does not end at once", async () => {
  const ran: string[] = [];
  const timers = [
    systemClock.after(2 ** 32, () => ran.push("after")),
    systemClock.every(2 ** 32, () => ran.push("every")),
  ];
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(ran).toEqual([]);
  for (const timer of timers) timer.cancel();
});

test("every runs until it is cancelled; a cancelled timer never runs", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ran: string[] = [];
  const cancelled = systemClock.after(1, () => ran.push("cancelled"));
  const repeated = systemClock.every(1, () => {
    ran.push("repeated");
    if (ran.length < 3) return;
    repeated.cancel();
    resolve();
  });
  cancelled.cancel();
  await promise;
  expect(ran).toEqual(["repeated", "repeated", "repeated"]);
});

test("timers do not keep the process alive", () => {
  const timeouts = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timeouts();
  const timers = [systemClock.after(1e6, () => {}), systemClock.every(1e6, () => {})];
  expect(timeouts()).toBe(before);
  for (const timer of timers) timer.cancel();
});
