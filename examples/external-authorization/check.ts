/** An authorizer decides: who may go on and as whom, what the client hears of a refusal, and what holds when nobody answers. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const api = "http://127.20.0.120:8080";
const reports = "http://127.20.0.122:8080";
const as = (name: string) => ({ authorization: `Bearer ${name}` });

const externalAuthorization: Example = {
  name: "external-authorization",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "api", host: "127.20.13.1", port: 9080 },
    { name: "opa", host: "127.20.13.2", port: 9191, habit: "authorizer" },
  ],
  checks: [
    {
      rule: "a yes lets the request through, with the headers that the authorizer wants",
      async holds() {
        const headers = { ...as("ann"), "x-user": "root" };
        const { status, seen, headers: answered } = await ask(`${api}/orders`, { headers });
        assert.deepEqual(
          [status, seen?.headers["x-user"], answered["x-decided-by"]],
          [200, "ann", "authorizer"],
        );
        assert.equal(seen?.headers["authorization"], undefined);
      },
    },
    {
      rule: "a no is the client's answer, and reaches no backend",
      async holds({ backend }) {
        const before = backend("api").seen.length;
        const { status, body, headers } = await ask(`${api}/orders`);
        assert.deepEqual([status, body, headers["www-authenticate"]], [401, "who are you?\n", "Bearer"]);
        assert.equal((await ask(`${api}/orders/1`, { method: "DELETE", headers: as("ann") })).status, 403);
        assert.equal(backend("api").seen.length, before);
      },
    },
    {
      rule: "the body is shown to it, and passed on whole",
      async holds() {
        const post = (body: string) => ask(`${api}/orders`, { method: "POST", headers: as("ann"), body });
        assert.equal((await post("one, please")).seen?.bodyBytes, 11);
        assert.equal((await post("one for free")).status, 422);
        assert.equal((await post("x".repeat(5000))).status, 413);
      },
    },
    {
      rule: "what no rule matches is not asked about",
      async holds({ backend }) {
        const before = backend("opa").seen.length;
        assert.equal((await ask(`${api}/healthz`)).status, 200);
        assert.equal(backend("opa").seen.length, before);
      },
    },
    {
      rule: "DENY comes after it, and sees the header that it set",
      async holds() {
        const { status, body } = await ask(`${api}/orders`, { headers: as("mallory") });
        assert.deepEqual([status, body], [403, "RBAC: access denied\n"]);
      },
    },
    {
      rule: "a route's own filter has the same authorizer asked, about its rule alone",
      async holds({ backend }) {
        const before = backend("opa").seen.length;
        assert.equal((await ask(`${reports}/public`)).status, 200);
        assert.equal(backend("opa").seen.length, before);
        assert.equal((await ask(`${reports}/private`)).status, 401);
        const { status, seen } = await ask(`${reports}/private`, { headers: as("ann") });
        assert.deepEqual([status, seen?.headers["x-user"]], [200, "ann"]);
      },
    },
    {
      // The last one, as nobody answers after it.
      rule: "without the authorizer nobody gets through, and what it is not asked about does",
      async holds({ backend }) {
        await backend("opa").close();
        assert.equal((await ask(`${api}/orders`, { headers: as("ann") })).status, 403);
        assert.equal((await ask(`${api}/healthz`)).status, 200);
      },
    },
  ],
};

export default externalAuthorization;

if (import.meta.main) await checkAndExit([externalAuthorization]);
