/** What a client sees of backends that fail, hang or are gone. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask, askMany, tally } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const api = "http://127.20.0.50:8080";

const retriesAndTimeouts: Example = {
  name: "retries-and-timeouts",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "api", host: "127.20.5.1", port: 9080 },
    { name: "flaky", host: "127.20.5.2", port: 9080, habit: "flaky" },
    { name: "slow", host: "127.20.5.3", port: 9080, habit: "slow" },
  ],
  checks: [
    {
      rule: "a backend that fails once is asked again, and the client sees 200",
      async holds({ backend }) {
        const { status } = await ask(`${api}/flaky/once`);
        assert.equal(status, 200);
        assert.equal(backend("flaky").seen.filter(({ path: asked }) => asked === "/flaky/once").length, 2);
      },
    },
    {
      rule: "without the route's retry, its failure is the client's",
      async holds() {
        assert.equal((await ask("http://127.20.0.51:8080/plain")).status, 503);
      },
    },
    {
      rule: "a slow backend is waited for half a second: 504",
      async holds() {
        const start = performance.now();
        const { status } = await ask(`${api}/slow`);
        const tookMs = performance.now() - start;
        assert.equal(status, 504);
        // The backend would answer after a minute; a machine that is busy takes its time for the half second.
        assert.ok(tookMs >= 490 && tookMs < 30_000, `it took ${Math.round(tookMs)} ms`);
      },
    },
    {
      rule: "of two endpoints of which one is dead, the other one answers every request",
      async holds() {
        assert.deepEqual(tally(await askMany(100, `${api}/fine`)), { api: 100 });
      },
    },
  ],
};

export default retriesAndTimeouts;

if (import.meta.main) await checkAndExit([retriesAndTimeouts]);
