/** Who may call the API, what nobody may call, and that a shadowed policy changes nothing. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { ask } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const api = "http://127.20.0.90:8080";
const frontend = { localAddress: "127.20.9.10" };
const batch = { localAddress: "127.20.9.11" };
const nobody = { localAddress: "127.20.9.12" };

const command = path.resolve(import.meta.dirname, "../../packages/cli/bin/waystone");
const waystone = (...words: string[]) => promisify(execFile)(command, words);

const authorization: Example = {
  name: "authorization",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [{ name: "api", host: "127.20.9.1", port: 9080 }],
  checks: [
    {
      rule: "only the frontend may call the API",
      async holds() {
        assert.equal((await ask(`${api}/orders`, frontend)).seen?.name, "api");
        const { status, body } = await ask(`${api}/orders`, batch);
        assert.deepEqual([status, body], [403, "RBAC: access denied\n"]);
        assert.equal((await ask(`${api}/orders`, nobody)).status, 403);
      },
    },
    {
      rule: "nobody may call what is under /admin, however it is spelled",
      async holds({ backend }) {
        for (const target of ["/admin", "/admin/users", "/%61dmin", "/admin/./users"]) {
          assert.equal((await ask(`${api}${target}`, frontend)).status, 403, target);
        }
        assert.ok(backend("api").seen.every((request) => !request.path.includes("admin")));
      },
    },
    {
      rule: "a shadowed policy denies nothing",
      async holds() {
        assert.equal((await ask(`${api}/orders`, { ...frontend, method: "POST", body: "x" })).status, 200);
      },
    },
    {
      rule: "the tables of tests say the same",
      async holds() {
        const { stdout } = await waystone("policy", "test", path.join(import.meta.dirname, "tests"));
        assert.match(stdout, /^5 passed, 0 failed$/m);
      },
    },
  ],
};

export default authorization;

if (import.meta.main) await checkAndExit([authorization]);
