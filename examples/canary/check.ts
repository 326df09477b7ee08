/** The canary's rules: who asks for it gets it, of all others one in ten does. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask, askMany, tally } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const web = "http://127.20.0.10:8080";

const canary: Example = {
  name: "canary",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "stable", host: "127.20.1.1", port: 9080 },
    { name: "canary", host: "127.20.1.2", port: 9080 },
  ],
  checks: [
    {
      rule: "a request with x-canary: true goes to the canary",
      async holds() {
        const answers = await askMany(20, web, { headers: { "x-canary": "true" } });
        assert.deepEqual(tally(answers), { canary: 20 });
      },
    },
    {
      rule: "of all others, about one in ten does",
      async holds() {
        const counts = tally(await askMany(400, web));
        assert.equal((counts["stable"] ?? 0) + (counts["canary"] ?? 0), 400, JSON.stringify(counts));
        // Five standard deviations of 400 draws at 0.1: once in millions of runs by chance.
        const share = counts["canary"] ?? 0;
        assert.ok(share >= 10 && share <= 70, `${share} of 400 went to the canary`);
      },
    },
    {
      rule: "another value of the header is no request for the canary",
      async holds() {
        const counts = tally(await askMany(60, web, { headers: { "x-canary": "false" } }));
        assert.ok((counts["stable"] ?? 0) > 30, JSON.stringify(counts));
      },
    },
    {
      rule: "a version can be called by itself, too",
      async holds() {
        assert.equal((await ask("http://127.20.0.12:8080")).seen?.name, "canary");
      },
    },
  ],
};

export default canary;

if (import.meta.main) await checkAndExit([canary]);
