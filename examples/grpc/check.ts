/** Where calls go, and what is said of those that go nowhere. */
import assert from "node:assert/strict";
import path from "node:path";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";
import { PricesClient } from "./prices-client.ts";

async function withClient<T>(use: (client: PricesClient) => Promise<T>): Promise<T> {
  const client = new PricesClient("127.20.0.60:8080");
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

const quote = "/shop.Prices/Quote";

const grpc: Example = {
  name: "grpc",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "one", host: "127.20.6.1", port: 9080, habit: "grpc" },
    { name: "two", host: "127.20.6.2", port: 9080, habit: "grpc" },
    { name: "next", host: "127.20.6.3", port: 9080, habit: "grpc" },
  ],
  checks: [
    {
      rule: "calls of one connection are shared by the endpoints",
      async holds() {
        const replies = await withClient(
          async (client) =>
            await Promise.all(Array.from({ length: 100 }, async () => await client.call(quote, "shoes"))),
        );
        const counts = new Map<string, number>();
        for (const reply of replies) counts.set(reply, (counts.get(reply) ?? 0) + 1);
        assert.deepEqual([...counts.keys()].toSorted(), ["one: shoes at 42", "two: shoes at 42"]);
        assert.ok(Math.min(...counts.values()) >= 20, JSON.stringify([...counts]));
      },
    },
    {
      rule: "metadata are headers to match",
      async holds() {
        const reply = await withClient(
          async (client) => await client.call(quote, "hats", { metadata: { "x-next": "true" } }),
        );
        assert.equal(reply, "next: hats at 42");
      },
    },
    {
      rule: "a stream comes message by message",
      async holds() {
        const messages = await withClient(async (client) => await client.watch("socks"));
        assert.deepEqual(
          messages.map((message) => message.replace(/^(one|two): /, "")),
          [1, 2, 3, 4, 5].map((price) => `socks at ${price}`),
        );
      },
    },
    {
      rule: "what no rule matches is UNIMPLEMENTED",
      async holds() {
        const reply = await withClient(async (client) => await client.call("/shop.Orders/Place", "x"));
        assert.equal(reply, "12: no route matches");
      },
    },
    {
      rule: "a deadline holds",
      async holds() {
        const reply = await withClient(
          async (client) => await client.call("/shop.Prices/Slow", "x", { timeoutMs: 300 }),
        );
        assert.match(reply, /^4: /);
      },
    },
  ],
};

export default grpc;

if (import.meta.main) await checkAndExit([grpc]);
