/** Who shows a token is let in, and nobody else; what the API hears of it; and what its claims are good for. */
import assert from "node:assert/strict";
import path from "node:path";
import { type Answer, ask, type Question } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";
import { makeToken, type TokenWish } from "./token.ts";

const api = "http://127.20.0.120:8080/orders";

async function askAs(subject: string, wish: TokenWish = {}, more: Question = {}): Promise<Answer> {
  const headers = { ...more.headers, authorization: `Bearer ${makeToken(subject, wish)}` };
  return await ask(api, { ...more, headers });
}

const jwt: Example = {
  name: "jwt",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [{ name: "api", host: "127.20.14.1", port: 9080 }],
  checks: [
    {
      rule: "who shows a token of the issuer is let in, and nobody else",
      async holds() {
        assert.equal((await askAs("alice")).status, 200);
        const none = await ask(api);
        assert.deepEqual([none.status, none.headers["www-authenticate"]], [401, "Bearer"]);
        assert.equal((await askAs("alice", { audience: "other" })).status, 401);
        assert.equal((await askAs("alice", { lasts: -3600 })).status, 401);
        assert.equal((await ask(api, { headers: { authorization: "Bearer a.b.c" } })).status, 401);
      },
    },
    {
      rule: "the API hears who asks, from nobody but the policy, and not the token",
      async holds() {
        const { seen } = await askAs("alice", {}, { headers: { "x-user": "root" } });
        assert.equal(seen?.headers["x-user"], "alice");
        assert.equal(seen?.headers["authorization"], undefined);
      },
    },
    {
      rule: "only administrators may write",
      async holds() {
        const post = { method: "POST", body: "x" };
        assert.equal((await askAs("alice", {}, post)).status, 403);
        assert.equal((await askAs("root", { roles: ["user", "admin"] }, post)).status, 200);
      },
    },
  ],
};

export default jwt;

if (import.meta.main) await checkAndExit([jwt]);
