/** Who shows a key or a password that is known gets in, as whom, and to what. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const api = "http://127.20.0.96:8080/orders";
const acme = { "x-api-key": "acme-key-of-the-example" };
const beta = { "x-api-key": "beta-key-of-the-example" };
const alice = { authorization: `Basic ${Buffer.from("alice:open sesame").toString("base64")}` };
const wrong = { authorization: `Basic ${Buffer.from("alice:sesame").toString("base64")}` };

const apiKeys: Example = {
  name: "api-keys",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [{ name: "api", host: "127.20.9.51", port: 9085 }],
  checks: [
    {
      rule: "nobody gets in without a key or a password that is known",
      async holds({ backend }) {
        const nothing = await ask(api);
        assert.equal(nothing.status, 401);
        assert.match(
          String(nothing.headers["www-authenticate"]),
          /Basic realm="restricted", charset="UTF-8"/,
        );
        assert.equal((await ask(api, { headers: { "x-api-key": "another" } })).status, 401);
        assert.equal((await ask(api, { headers: wrong })).status, 401);
        assert.equal(backend("api").seen.length, 0);
      },
    },
    {
      rule: "the endpoint hears who it is, and not by what; nobody says it in another's name",
      async holds() {
        const { status, seen } = await ask(api, { headers: { ...acme, "x-partner": "beta" } });
        assert.deepEqual(
          [status, seen?.headers["x-partner"], seen?.headers["x-api-key"]],
          [200, "acme", undefined],
        );
        const staff = await ask(api, { headers: alice });
        const { headers } = staff.seen ?? {};
        assert.deepEqual(
          [staff.status, headers?.["x-user"], headers?.["authorization"]],
          [200, "alice", undefined],
        );
      },
    },
    {
      rule: "a partner may what is granted to him",
      async holds() {
        const order = { method: "POST", body: "x" };
        assert.equal((await ask(api, { headers: beta })).status, 200);
        assert.equal((await ask(api, { ...order, headers: beta })).status, 403);
        assert.equal((await ask(api, { ...order, headers: acme })).status, 200);
        assert.equal((await ask(api, { ...order, headers: alice })).status, 200);
      },
    },
  ],
};

export default apiKeys;

if (import.meta.main) await checkAndExit([apiKeys]);
