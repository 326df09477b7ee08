/** The suites that need other implementations' programs: run by `npm run test:peers`, never by `npm test`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["suite/**/*.test.ts"],
    pool: "threads",
    // Client, waypoint and endpoint are three processes already.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
