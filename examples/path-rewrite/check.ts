/** What the backends see after a rewrite: path, query and host. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const site = "http://127.20.0.20:8080";

const pathRewrite: Example = {
  name: "path-rewrite",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "site", host: "127.20.2.1", port: 9080 },
    { name: "reviews", host: "127.20.2.2", port: 9080 },
  ],
  checks: [
    {
      rule: "the matched prefix is replaced, the rest and the query stay",
      async holds() {
        const { seen } = await ask(`${site}/reviews/7?sort=new`);
        assert.deepEqual([seen?.name, seen?.path], ["reviews", "/v2/7?sort=new"]);
      },
    },
    {
      rule: "the prefix alone becomes the new prefix alone",
      async holds() {
        assert.equal((await ask(`${site}/reviews`)).seen?.path, "/v2");
      },
    },
    {
      rule: "a prefix ends at a slash: /reviewsmore is another path",
      async holds() {
        const { seen } = await ask(`${site}/reviewsmore`);
        assert.deepEqual([seen?.name, seen?.path], ["site", "/reviewsmore"]);
      },
    },
    {
      rule: "the backend sees the host name of the rewrite",
      async holds() {
        assert.equal((await ask(`${site}/reviews/7`)).seen?.headers["host"], "reviews.rewrite.internal");
      },
    },
    {
      rule: "a full path is replaced in full",
      async holds() {
        const { seen } = await ask(`${site}/about.html?lang=en`);
        assert.deepEqual([seen?.name, seen?.path], ["site", "/about?lang=en"]);
      },
    },
    {
      rule: "everything else arrives as it was sent",
      async holds() {
        const { seen } = await ask(`${site}/a%20b/c?d=%2F`);
        assert.deepEqual([seen?.path, seen?.headers["host"]], ["/a%20b/c?d=%2F", "127.20.0.20:8080"]);
      },
    },
  ],
};

export default pathRewrite;

if (import.meta.main) await checkAndExit([pathRewrite]);
