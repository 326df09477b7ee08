/** What a worker makes of its memory, with figures that a test says and time that it owns (reference D11). */
import { ManualClock } from "@waystone/testkit/manual-clock";
import { until } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { defaultSettings } from "../settings.ts";
import { openMemorySource, type MemorySource } from "./memory-use.ts";
import { MemoryWatch } from "./memory-watch.ts";

/** Of `live` memory, with `garbage` that a collection throws away. */
class Memory implements MemorySource {
  live = 0;
  garbage = 0;
  buffers = 0;
  collections = 0;
  youngCollections = 0;
  read = () => ({ heap: this.live + this.garbage, buffers: this.buffers });
  collect(): void {
    this.collections += 1;
    this.garbage = 0;
  }
  collectYoung(): void {
    this.youngCollections += 1;
  }
}

function openWatch() {
  const clock = new ManualClock();
  const memory = new Memory();
  const levels: string[] = [];
  const watch = new MemoryWatch({
    clock,
    settings: defaultSettings.overload,
    source: memory,
    onLevel: (level) => levels.push(level),
    onUse: () => {},
  });
  return { clock, memory, levels, watch };
}

test("a heap full of what nobody holds is collected, and nobody is turned away", () => {
  const { clock, memory, levels } = openWatch();
  memory.live = 0.5;
  memory.garbage = 0.49;
  clock.advance(100);
  expect([memory.collections, levels]).toEqual([1, []]);
});

test("memory that is really in use is a level at the next look, and is left when it has gone", () => {
  const { clock, memory, levels } = openWatch();
  memory.live = 0.91;
  clock.advance(100);
  expect(levels).toEqual(["shedding"]);
  memory.live = 0.96;
  clock.advance(1000);
  expect(levels).toEqual(["shedding", "refusing"]);
  memory.live = 0.3;
  clock.advance(100);
  expect(levels).toEqual(["shedding", "refusing", "none"]);
});

test("buffers count as the heap does", () => {
  const { clock, memory, levels } = openWatch();
  memory.buffers = 0.92;
  clock.advance(100);
  expect(levels).toEqual(["shedding"]);
});

test("collections are a second apart, and a quarter of one when the end is near", () => {
  const { clock, memory } = openWatch();
  memory.live = 0.91;
  clock.advance(10_000);
  expect(memory.collections).toBeLessThanOrEqual(10);
  const before = memory.collections;
  memory.live = 0.99;
  clock.advance(10_000);
  expect(memory.collections - before).toBeGreaterThanOrEqual(20);
  expect(memory.collections - before).toBeLessThanOrEqual(40);
});

test("[D11] what is dropped between two collections is thrown away at each look, only near the limit", () => {
  const { clock, memory } = openWatch();
  memory.buffers = 0.84;
  clock.advance(1000);
  expect(memory.youngCollections).toBe(0);
  memory.buffers = 0.86;
  clock.advance(1000);
  expect([memory.collections, memory.youngCollections]).toEqual([1, 19]);
});

test("a level does not flap around its mark", () => {
  const { clock, memory, levels } = openWatch();
  for (let i = 0; i < 100; i++) {
    memory.live = i % 2 === 0 ? 0.905 : 0.895;
    clock.advance(1000);
  }
  expect(levels).toEqual(["shedding"]);
});

test("it stops looking when it is closed", () => {
  const { clock, memory, watch } = openWatch();
  watch.close();
  memory.live = 1;
  clock.advance(1000);
  expect([memory.collections, clock.pending]).toEqual([0, 0]);
});

test.for(["collect", "collectYoung"] as const)(
  "V8's own figures: buffers that are dropped are gone after %s",
  async (collect) => {
    const source = openMemorySource({ heapBytes: 1e9, bufferBytes: 100e6 });
    // With those of a test before in the count, V8 collects while these are made: what it moves then is young no more.
    source.collect();
    await until(() => source.read().buffers < 0.1, "none is left of others");
    const before = source.read();
    expect(before.heap).toBeGreaterThan(0);
    expect(fillAndRead(source).buffers - before.buffers).toBeGreaterThan(0.4);
    source[collect]();
    // V8 gives the bytes of dead buffers back on a thread of its own.
    await until(() => source.read().buffers - before.buffers < 0.1, "they are gone");
  },
);

/** In a frame of its own, so that nothing holds the buffers afterwards. */
function fillAndRead(source: MemorySource) {
  const kept = Array.from({ length: 50 }, () => Buffer.alloc(1_000_000));
  const use = source.read();
  kept.length = 0;
  return use;
}
