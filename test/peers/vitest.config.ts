/** The suites that need other implementations' programs: run by `npm run test:peers`, never by `npm test`. */
import { defineConfig } from "vitest/config";
import { setupFiles } from "../setup-files.ts";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    setupFiles,
    include: ["suite/**/*.test.ts"],
    pool: "threads",
    // Client, waypoint and endpoint are three processes already.
    maxWorkers: 1,
    fileParallelism: false,
    // Longer than each wait within a test, which says what it waits for.
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
