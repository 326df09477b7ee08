import { expect, test } from "vitest";
import { Readiness } from "./readiness.ts";

test("is ready where nothing blocks it", async () => {
  const readiness = new Readiness();
  expect([readiness.isReady, readiness.waitingFor]).toEqual([true, []]);
  await readiness.whenReady();
});

test("is ready when the last task is done, and names those that are not", () => {
  const readiness = new Readiness();
  const first = readiness.block("first snapshot");
  const second = readiness.block("ports");
  expect([readiness.isReady, readiness.waitingFor]).toEqual([false, ["first snapshot", "ports"]]);
  first();
  first();
  expect([readiness.isReady, readiness.waitingFor]).toEqual([false, ["ports"]]);
  second();
  expect([readiness.isReady, readiness.waitingFor]).toEqual([true, []]);
});

test("two tasks of one name are two tasks", () => {
  const readiness = new Readiness();
  const first = readiness.block("worker");
  readiness.block("worker");
  first();
  first();
  expect(readiness.waitingFor).toEqual(["worker"]);
});

test("can be blocked again: a shutdown is a task that is never done", () => {
  const readiness = new Readiness();
  readiness.block("start")();
  readiness.block("shutting down");
  expect([readiness.isReady, readiness.waitingFor]).toEqual([false, ["shutting down"]]);
});

test("listeners hear of changes, not of tasks", () => {
  const readiness = new Readiness();
  const told: boolean[] = [];
  const stop = readiness.onChange((isReady) => told.push(isReady));
  const first = readiness.block("a");
  const second = readiness.block("b");
  first();
  second();
  stop();
  readiness.block("c");
  expect(told).toEqual([false, true]);
});

test("whenReady waits for the task, and each waiter is let go", async () => {
  const readiness = new Readiness();
  const done = readiness.block("a");
  const order: string[] = [];
  const waiting = Promise.all(["one", "two"].map((who) => readiness.whenReady().then(() => order.push(who))));
  order.push("before");
  done();
  await waiting;
  expect(order).toEqual(["before", "one", "two"]);
});
