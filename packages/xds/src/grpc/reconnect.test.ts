import { seededRng } from "@waystone/base/rng";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createBackoff } from "./reconnect.ts";

test("delays double up to the bound, each between half and all of its step, and begin anew after a success", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 100, max: 20_000 }),
      (seed, minMs, maxMs) => {
        const backoff = createBackoff({ minMs, maxMs }, seededRng(seed));
        for (let round = 0; round < 2; round++) {
          for (let i = 0; i < 20; i++) {
            const step = Math.min(maxMs, minMs * 2 ** i);
            const delay = backoff.nextDelayMs();
            expect(delay).toBeGreaterThanOrEqual(step / 2);
            expect(delay).toBeLessThanOrEqual(step);
          }
          backoff.reset();
        }
      },
    ),
  );
});
