/** Where clients are sent, and that nobody else hears of it. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";

const shop = "http://127.20.0.30:8080";

const redirect: Example = {
  name: "redirect",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [{ name: "shop", host: "127.20.3.1", port: 9080 }],
  checks: [
    {
      rule: "the old path leads to the new one, with the rest of the path and the query",
      async holds({ backend }) {
        const before = backend("shop").seen.length;
        const { status, headers } = await ask(`${shop}/catalogue/shoes?size=42`);
        assert.equal(status, 301);
        assert.equal(headers.location, "http://127.20.0.30:8080/products/shoes?size=42");
        assert.equal(backend("shop").seen.length, before, "the backend was asked");
      },
    },
    {
      rule: "another scheme comes with its own port",
      async holds() {
        const { status, headers } = await ask(`${shop}/pay/42`);
        assert.deepEqual([status, headers.location], [302, "https://pay.example.com/pay/42"]);
      },
    },
    {
      rule: "who follows the redirect arrives",
      async holds() {
        const { headers } = await ask(`${shop}/catalogue/shoes`);
        const { seen } = await ask(headers.location ?? "");
        assert.deepEqual([seen?.name, seen?.path], ["shop", "/products/shoes"]);
      },
    },
  ],
};

export default redirect;

if (import.meta.main) await checkAndExit([redirect]);
