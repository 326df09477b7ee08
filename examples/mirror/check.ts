/** Who gets a copy, of what, and that the client never notices. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask, askMany, tally } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";
import { eventually } from "../harness/eventually.ts";

const orders = "http://127.20.0.40:8080";

const mirror: Example = {
  name: "mirror",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "orders", host: "127.20.4.1", port: 9080 },
    { name: "orders-next", host: "127.20.4.2", port: 9080 },
  ],
  checks: [
    {
      rule: "a write is answered by the present version and copied to the next one, with its body",
      async holds({ backend }) {
        const { seen } = await ask(`${orders}/orders`, { method: "POST", body: '{"item": 7}' });
        assert.deepEqual([seen?.name, seen?.bodyBytes], ["orders", 11]);
        const next = backend("orders-next");
        await eventually(() => next.seen.some(({ method }) => method === "POST"), "the copy arrives");
        const copy = next.seen.find(({ method }) => method === "POST");
        assert.deepEqual([copy?.path, copy?.bodyBytes], ["/orders", 11]);
      },
    },
    {
      rule: "of the reads, about a quarter is copied",
      async holds({ backend }) {
        const answers = await askMany(200, `${orders}/orders/7`);
        assert.deepEqual(tally(answers), { orders: 200 });
        const copies = (): number =>
          backend("orders-next").seen.filter(({ method }) => method === "GET").length;
        // Five standard deviations of 200 draws at 0.25 on either side.
        await eventually(() => copies() >= 20, "copies arrive");
        assert.ok(copies() <= 80, `${copies()} of 200 were copied`);
      },
    },
    {
      rule: "when the next version is gone, clients notice nothing",
      async holds({ backend }) {
        await backend("orders-next").close();
        const answers = await askMany(50, `${orders}/orders`, { method: "PUT", body: "x" });
        assert.deepEqual(tally(answers), { orders: 50 });
      },
    },
  ],
};

export default mirror;

if (import.meta.main) await checkAndExit([mirror]);
