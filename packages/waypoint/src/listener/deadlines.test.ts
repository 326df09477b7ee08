/** Deadlines of very many connections: none is early, none is late by more than two ticks. */
import { ManualClock } from "@waystone/testkit/manual-clock";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { Deadline, Deadlines } from "./deadlines.ts";

const step = fc.oneof(
  fc.record({
    type: fc.constant("set" as const),
    index: fc.nat(4),
    ms: fc.constantFrom(0, 1, 20, 35, 100, 250),
  }),
  fc.record({ type: fc.constant("clear" as const), index: fc.nat(4) }),
  fc.record({ type: fc.constant("wait" as const), ms: fc.nat(60) }),
);

test("a deadline fires once, within 40 ms after its last setting's time, unless it was turned off", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = new ManualClock();
      const deadlines = new Deadlines(clock);
      const due: (number | undefined)[] = [undefined, undefined, undefined, undefined, undefined];
      const all = due.map(
        (_, index) =>
          new Deadline(() => {
            expect(due[index]).toBeDefined();
            expect(clock.now() - due[index]!).toBeGreaterThanOrEqual(0);
            expect(clock.now() - due[index]!).toBeLessThanOrEqual(40);
            due[index] = undefined;
          }),
      );
      for (const each of steps) {
        if (each.type === "wait") clock.advance(each.ms);
        else if (each.type === "clear") {
          deadlines.clear(all[each.index]!);
          due[each.index] = undefined;
        } else {
          deadlines.set(all[each.index]!, each.ms);
          due[each.index] = each.ms === 0 ? undefined : clock.now() + each.ms;
        }
        for (const at of due) expect(at === undefined || clock.now() - at <= 40).toBe(true);
      }
      clock.advance(300);
      expect(due.every((at) => at === undefined)).toBe(true);
      deadlines.close();
      expect(clock.pending).toBe(0);
    }),
  );
});

test("without a deadline nothing ticks, and the next one is on time again", () => {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  const fired: number[] = [];
  const deadline = new Deadline(() => fired.push(clock.now()));
  expect(clock.pending).toBe(0);
  deadlines.set(deadline, 100);
  clock.advance(1000);
  expect(clock.pending).toBe(0);
  deadlines.set(deadline, 100);
  clock.advance(50);
  deadlines.clear(deadline);
  clock.advance(50);
  expect(clock.pending).toBe(0);
  deadlines.set(deadline, 100);
  clock.advance(200);
  expect(fired).toEqual([120, 1220]);
});

test("a deadline may be set again, and others cleared, while one fires", () => {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  let fired = 0;
  const other = new Deadline(() => expect.unreachable());
  const again: Deadline = new Deadline(() => {
    fired++;
    deadlines.clear(other);
    deadlines.set(again, 100);
  });
  deadlines.set(again, 100);
  deadlines.set(other, 100);
  clock.advance(1000);
  expect(fired).toBeGreaterThanOrEqual(7);
  expect(fired).toBeLessThanOrEqual(10);
});

test("what one that fires sets of another duration is on time too", () => {
  const clock = new ManualClock();
  const deadlines = new Deadlines(clock);
  let fired = 0;
  const later = new Deadline(() => fired++);
  const first = new Deadline(() => deadlines.set(later, 50));
  deadlines.set(later, 50);
  deadlines.clear(later);
  deadlines.set(first, 100);
  clock.advance(130);
  expect(fired).toBe(0);
  clock.advance(70);
  expect([fired, clock.pending]).toEqual([1, 0]);
  deadlines.close();
});

test("a mistake of ours in one of them costs whose it is; the others of the tick come, and the next ones", () => {
  const clock = new ManualClock();
  const faults: unknown[] = [];
  const mistake = new RangeError("a mistake of ours");
  const deadlines = new Deadlines(clock, (error) => faults.push(error));
  const happened: string[] = [];
  const wrong = (): Deadline =>
    new Deadline(
      () => {
        throw mistake;
      },
      { destroy: () => happened.push("cut") },
    );
  const good = (name: string): Deadline => new Deadline(() => happened.push(name));
  for (const one of [good("before"), wrong(), good("after")]) deadlines.set(one, 100);
  clock.advance(200);
  expect([happened, faults]).toEqual([["before", "cut", "after"], [mistake]]);
  for (const one of [wrong(), good("next")]) deadlines.set(one, 100);
  deadlines.expireEarly(100, 0);
  expect([happened.slice(3), faults.length]).toEqual([["cut", "next"], 2]);
  deadlines.close();
});
