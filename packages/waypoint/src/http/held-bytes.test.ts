/** Memory of unfinished messages is counted as it is taken and given back, whatever way a connection goes. */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { HeadBuffer } from "./h1/head-buffer.ts";
import { HeldBytes } from "./held-bytes.ts";

test("what buffers hold is what is counted; once all have given it back nothing is", () => {
  const step = fc.record({
    which: fc.nat(3),
    length: fc.integer({ min: 0, max: 5000 }),
    takes: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const held = new HeldBytes(10_000);
      const buffers = Array.from({ length: 4 }, () => new HeadBuffer(held));
      for (const { which, length, takes } of steps) {
        if (takes) buffers[which]!.take();
        else buffers[which]!.add(Buffer.alloc(length), 0, length);
        const kept = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
        expect(held.held).toBeGreaterThanOrEqual(kept);
        // Doubling, and 512 for each that holds anything.
        expect(held.held).toBeLessThanOrEqual(2 * kept + 4 * 512);
        expect(held.isOver).toBe(held.held > 10_000);
      }
      for (const buffer of buffers) buffer.take();
      expect(held.held).toBe(0);
    }),
  );
});

test("memory that was given back is lent again to whoever needs as much, up to a bound; nobody shares it", () => {
  const held = new HeldBytes(1 << 20);
  const first = held.take(40_000);
  const second = held.take(40_000);
  expect(second.buffer).not.toBe(first.buffer);
  held.give(first);
  expect(held.take(50_000).buffer).not.toBe(first.buffer);
  expect(held.take(9_000).buffer).toBe(first.buffer);
  expect(held.take(9_000).buffer).not.toBe(first.buffer);
  expect(held.held).toBe(40_000 + 50_000 + 40_000 + 9_000);
});

test("[D02] what is kept for the next is bounded: neither many, nor small nor huge ones", () => {
  const held = new HeldBytes(1 << 30);
  const isKept = (bytes: number): boolean => {
    const memory = held.take(bytes);
    held.give(memory);
    const again = held.take(bytes);
    held.give(again);
    return again.buffer === memory.buffer;
  };
  expect([512, 16 * 1024, 256 * 1024, 64 * 1024].map(isKept)).toEqual([false, false, false, true]);
  const many = Array.from({ length: 100 }, () => held.take(64 * 1024));
  for (const memory of many) held.give(memory);
  const given = new Set(many.map(({ buffer }) => buffer));
  const lentAgain = many.map(() => held.take(64 * 1024)).filter(({ buffer }) => given.has(buffer));
  expect(lentAgain).toHaveLength(16);
});
