import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { nextEvent, until, within } from "./within.ts";

test("within gives the value of a promise that keeps its deadline", async () => {
  await expect(within(Promise.resolve(7), "seven")).resolves.toBe(7);
});

test("within fails with the name of what never came", async () => {
  await expect(within(new Promise(() => {}), "the answer", 5)).rejects.toThrow(
    "waited 5 ms in vain for the answer",
  );
});

test("within passes on the promise's own failure", async () => {
  await expect(within(Promise.reject(new Error("refused")), "x")).rejects.toThrow("refused");
});

test("nextEvent gives the event's arguments and leaves no listener behind", async () => {
  const emitter = new EventEmitter();
  const next = nextEvent(emitter, "go");
  emitter.emit("go", 1, "two");
  expect(await next).toEqual([1, "two"]);
  expect(emitter.listenerCount("go") + emitter.listenerCount("error")).toBe(0);
});

test("nextEvent fails when the emitter reports an error first", async () => {
  const emitter = new EventEmitter();
  const next = nextEvent(emitter, "go");
  emitter.emit("error", new Error("broken"));
  await expect(next).rejects.toThrow("broken");
});

test("until asks again until the condition holds, and names it when it never does", async () => {
  let asked = 0;
  await until(() => ++asked === 3, "asked three times");
  expect(asked).toBe(3);
  await expect(until(() => false, "pigs fly", 5)).rejects.toThrow("until pigs fly");
});
