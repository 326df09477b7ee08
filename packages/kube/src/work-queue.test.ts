import { seededRng } from "@waystone/base/rng";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import { openWorkQueue } from "./work-queue.ts";

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function setup(
  work: (key: string) => Promise<void>,
  concurrency = 8,
  goesFirst: (key: string) => boolean = () => false,
) {
  const clock = new ManualClock();
  const failures: string[] = [];
  const queue = openWorkQueue({
    work,
    clock,
    rng: seededRng(1),
    concurrency,
    goesFirst,
    onFailure: (key, thrown, count) => failures.push(`${key} ${String(thrown)} ${count}`),
  });
  return { clock, failures, queue };
}

describe("a work queue", () => {
  test("works once on a key that was added many times while it waited", async () => {
    const done: string[] = [];
    const { queue } = setup(async (key) => void done.push(key), 1);
    for (const key of ["a", "b", "b", "a", "b"]) queue.add(key);
    await turns();
    expect(done).toEqual(["a", "b", "a"]);
  });

  test("works again on a key that was added while it was worked on, and never on one key twice at a time", async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const { queue } = setup(async () => {
      most = Math.max(most, ++running);
      runs++;
      await gate.promise;
      running--;
    });
    queue.add("a");
    await turns();
    queue.add("a");
    queue.add("a");
    gate.resolve();
    await turns();
    expect({ most, runs }).toEqual({ most: 1, runs: 2 });
  });

  test("tries again after a failure, and a success makes the next failure the first", async () => {
    let fail = 2;
    const { queue, clock, failures } = setup(async () => {
      if (fail-- > 0) throw new Error("no");
    });
    queue.add("a");
    await turns();
    for (let step = 0; step < 2; step++) {
      clock.advance(31_000);
      await turns();
    }
    fail = 1;
    queue.add("a");
    await turns();
    expect(failures).toEqual(["a Error: no 1", "a Error: no 2", "a Error: no 1"]);
  });

  test("works on no more keys at a time than it may", async () => {
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const { queue } = setup(async () => {
      most = Math.max(most, ++running);
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.push(resolve);
      await promise;
      running--;
    }, 2);
    for (const key of ["a", "b", "c", "d"]) queue.add(key);
    for (let step = 0; step < 4; step++) {
      await turns();
      gates.shift()?.();
    }
    await turns();
    expect({ most, running }).toEqual({ most: 2, running: 0 });
  });

  test("works on keys that go first before those that came earlier, also when they come again", async () => {
    const done: string[] = [];
    const { queue } = setup(
      async (key) => {
        done.push(key);
        if (key === "Gateway/a" && done.length === 2) queue.add(key);
      },
      1,
      (key) => key.startsWith("Gateway/"),
    );
    for (const key of ["a", "b", "c", "Gateway/a"]) queue.add(key);
    await turns();
    expect(done).toEqual(["a", "Gateway/a", "Gateway/a", "b", "c"]);
  });

  test("once closed it takes nothing more and has waited for what was under way", async () => {
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const { queue, clock } = setup(async (key) => {
      await gate.promise;
      done.push(key);
    }, 1);
    queue.add("a");
    queue.add("b");
    queue.addAfter("c", 10);
    await turns();
    const closed = queue.close();
    gate.resolve();
    await closed;
    queue.add("d");
    clock.advance(100);
    await turns();
    expect(done).toEqual(["a"]);
  });
});
