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
