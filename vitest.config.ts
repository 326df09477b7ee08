import { defineConfig } from "vitest/config";
import { setupFiles } from "./test/setup-files.ts";

export default defineConfig({
  test: {
    setupFiles,
    include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts", "test/**/*.test.ts"],
    // The cluster's suite needs a cluster: npm run test:cluster. The peers' needs their programs: npm run test:peers.
    exclude: ["test/cluster/{suite,lifecycle}/**", "test/peers/suite/**", "**/node_modules/**"],
    pool: "threads",
    // Real sockets and worker threads: two files at a time is what two cores can do.
    maxWorkers: 2,
    // A test waits for conditions, each with a limit of its own: this one only ends what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
