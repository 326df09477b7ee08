/** Seeded noise against both sides of the codec (issue 5). Many more: `npm run fuzz -- --what codec`, where a seed can be named. */
import { expect, test } from "vitest";
import { fuzzConnection, fuzzTally } from "./testdata/fuzz-connection.ts";

const cases = 3000;

test(`${cases} connections full of noise`, async () => {
  for (let seed = 1; seed <= cases; seed++) {
    try {
      fuzzConnection(seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
    // Sockets say that they are closed in a later turn.
    if (seed % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  // Nothing of them stays.
  expect(process.memoryUsage().heapUsed).toBeLessThan(512 * 1024 * 1024);
  // The noise gets somewhere.
  expect(fuzzTally.served).toBeGreaterThan(cases / 3);
  expect(fuzzTally.whole).toBeGreaterThan(cases / 10);
  expect(fuzzTally.answered).toBeGreaterThan(cases / 40);
});
