/** What a Service that is down gets to see of retries. */
import assert from "node:assert/strict";
import path from "node:path";
import { ask, askMany } from "../harness/ask.ts";
import { checkAndExit } from "../harness/check-example.ts";
import { eventually } from "../harness/eventually.ts";
import type { Example } from "../harness/example.ts";

const orders = "http://127.20.0.115:8080/orders";
const spent = "the backend's retry budget is spent\n";

const retryBudget: Example = {
  name: "retry-budget",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [{ name: "orders", host: "127.20.12.1", port: 9080, habit: "down" }],
  checks: [
    {
      rule: "what would be one retry too many is answered with 503",
      async holds() {
        await eventually(async () => (await ask(orders)).body === spent, "the budget is spent");
        assert.equal((await ask(orders)).status, 503);
      },
    },
    {
      rule: "in an outage the Service gets a fifth more than its clients send, and not four times as much",
      async holds({ backend }) {
        const { seen } = backend("orders");
        const before = seen.length;
        await askMany(400, orders);
        const times = (seen.length - before) / 400;
        // Each worker has one free retry, and some requests from before to draw on.
        assert.ok(times > 1.1 && times < 1.3, `it got ${times} times as much`);
      },
    },
  ],
};

export default retryBudget;

if (import.meta.main) await checkAndExit([retryBudget]);
