/** Whom TLS is spoken with, and what happens where the certificate is another's or cannot be judged. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask, askMany, tally } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const backendTls: Example = {
  name: "backend-tls",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "one", host: "127.20.11.1", port: 9443, habit: "https" },
    { name: "two", host: "127.20.11.2", port: 9443, habit: "https" },
  ],
  checks: [
    {
      rule: "clients speak plain HTTP, and backends hear TLS",
      async holds() {
        const answers = await askMany(40, "http://127.20.0.110:8080/shoes");
        assert.deepEqual(Object.keys(tally(answers)).toSorted(), ["one", "two"]);
        assert.ok(answers.every(({ seen }) => seen?.headers["x-tls-server-name"] === "prices.shop.example"));
      },
    },
    {
      rule: "a certificate for another name gets no request: 503",
      async holds({ backend }) {
        const before = backend("one").seen.length + backend("two").seen.length;
        const { status, body } = await ask("http://127.20.0.111:8080/shoes");
        assert.deepEqual([status, body], [503, "upstream TLS handshake failure\n"]);
        assert.equal(backend("one").seen.length + backend("two").seen.length, before);
      },
    },
    {
      rule: "a policy that cannot be carried out shuts its backend: 500",
      async holds() {
        const { status, body } = await ask("http://127.20.0.112:8080/shoes");
        assert.deepEqual([status, body], [500, "the policy for TLS to the backend cannot be carried out\n"]);
      },
    },
  ],
};

export default backendTls;

if (import.meta.main) await checkAndExit([backendTls]);
