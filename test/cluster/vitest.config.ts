/** The suites that need a real cluster, or make one: run by `npm run test:cluster`, never by `npm test`. */
import { defineConfig } from "vitest/config";
import { setupFiles } from "../setup-files.ts";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    setupFiles,
    pool: "threads",
    // The cluster and its clients share the machine: one file at a time keeps the figures meaningful.
    maxWorkers: 1,
    fileParallelism: false,
    // A test waits for conditions, each with a limit of its own: these only end what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
