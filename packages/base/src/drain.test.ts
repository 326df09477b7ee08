import { ManualClock } from "@waystone/testkit/manual-clock";
import { expect, test } from "vitest";
import { Drain } from "./drain.ts";

function open(): { clock: ManualClock; drain: Drain } {
  const clock = new ManualClock();
  return { clock, drain: new Drain({ clock }) };
}

test("nothing is drained before it begins, held or not", () => {
  const { drain, clock } = open();
  drain.hold("request")();
  clock.advance(1e9);
  expect([drain.isDraining, drain.leftMs, clock.pending]).toEqual([false, undefined, 0]);
});

test("is done at once where nobody holds it", async () => {
  const { drain, clock } = open();
  expect(await drain.begin(1000)).toEqual({ isComplete: true, waiting: new Map() });
  expect([drain.isDraining, clock.pending]).toEqual([true, 0]);
});

test("is done when the last lets go, also of holds taken while draining", async () => {
  const { drain, clock } = open();
  const first = drain.hold("request");
  const done = drain.begin(1000);
  const second = drain.hold("connection");
  first();
  expect(drain.waiting).toEqual(new Map([["connection", 1]]));
  clock.advance(999);
  second();
  expect(await done).toEqual({ isComplete: true, waiting: new Map() });
  expect(clock.pending).toBe(0);
});

test("letting go twice counts once", () => {
  const { drain } = open();
  const first = drain.hold("request");
  drain.hold("request");
  first();
  first();
  expect(drain.waiting).toEqual(new Map([["request", 1]]));
});

test("is done at the deadline, and says who was still waited for", async () => {
  const { drain, clock } = open();
  drain.hold("request");
  drain.hold("request");
  const letGo = drain.hold("tunnel");
  const done = drain.begin(1000);
  clock.advance(400);
  expect(drain.leftMs).toBe(600);
  clock.advance(600);
  expect(await done).toEqual({
    isComplete: false,
    waiting: new Map([
      ["request", 2],
      ["tunnel", 1],
    ]),
  });
  letGo();
  expect([drain.leftMs, (await drain.done).isComplete]).toEqual([0, false]);
});

test("beginning again brings the deadline nearer and never further", async () => {
  const { drain, clock } = open();
  drain.hold("request");
  void drain.begin(1000);
  void drain.begin(5000);
  expect(drain.leftMs).toBe(1000);
  const done = drain.begin(10);
  clock.advance(10);
  expect((await done).isComplete).toBe(false);
  void drain.begin(1);
  expect(clock.pending).toBe(0);
});

test("listeners hear of the beginning once, late ones at once, stopped ones never", () => {
  const { drain } = open();
  const told: string[] = [];
  const listener = (): void => void told.push("twice given");
  drain.onBegin(listener);
  drain.onBegin(listener)();
  drain.onBegin(() => told.push(`draining ${drain.isDraining}`));
  void drain.begin(1000);
  void drain.begin(1000);
  drain.onBegin(() => told.push("late"));
  expect(told).toEqual(["twice given", "draining true", "late"]);
});
