/** The suites that need a real cluster, or make one: run by `npm run test:cluster`, never by `npm test`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    pool: "threads",
    // The cluster and its clients share the machine: one file at a time keeps the figures meaningful.
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
