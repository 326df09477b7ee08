/** Whoever brings the token back stays with one endpoint; whoever does not is anybody's. */
import assert from "node:assert/strict";
import path from "node:path";
import { type Answer, ask, askMany, tally } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const basket = "http://127.20.0.110:8080";

function cookieOf({ headers }: Answer): string {
  const line = headers["set-cookie"]?.[0] ?? "";
  assert.match(line, /^basket=[A-Za-z0-9_-]+; Path=\/; Max-Age=86400; HttpOnly; SameSite=Strict$/);
  return line.split(";")[0] ?? "";
}

const sessionPersistence: Example = {
  name: "session-persistence",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [1, 2, 3].map((at) => ({ name: `basket-${at}`, host: `127.20.11.${at}`, port: 9080 })),
  checks: [
    {
      rule: "a browser that brings its cookie back stays with the endpoint that it began with",
      async holds() {
        const first = await ask(`${basket}/basket`);
        const cookie = cookieOf(first);
        const answers = await askMany(50, `${basket}/basket`, { headers: { cookie } });
        assert.deepEqual(tally(answers), { [first.seen?.name ?? ""]: 50 });
        assert.ok(answers.every(({ headers }) => headers["set-cookie"] === undefined));
      },
    },
    {
      rule: "clients without a cookie are spread",
      async holds() {
        const counts = tally(await askMany(90, `${basket}/basket`));
        assert.equal(Object.keys(counts).length, 3, JSON.stringify(counts));
      },
    },
    {
      rule: "a cookie that somebody made up is as none",
      async holds() {
        const forged = { cookie: "basket=1AAAAAAAAAAAAAAAAA; other=1" };
        cookieOf(await ask(`${basket}/basket`, { headers: forged }));
      },
    },
    {
      rule: "a script that brings the header back stays with its endpoint, too",
      async holds() {
        const first = await ask(`${basket}/api/basket`);
        const token = String(first.headers["x-basket"]);
        assert.match(token, /^1[A-Za-z0-9_-]+$/);
        const answers = await askMany(50, `${basket}/api/basket`, { headers: { "x-basket": token } });
        assert.deepEqual(tally(answers), { [first.seen?.name ?? ""]: 50 });
      },
    },
  ],
};

export default sessionPersistence;

if (import.meta.main) await checkAndExit([sessionPersistence]);
