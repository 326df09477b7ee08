/** Connections, not requests, are shared by weight; and a server may speak first. */
import assert from "node:assert/strict";
import path from "node:path";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";
import { dialTcp } from "../harness/line-client.ts";

const host = "127.20.0.95";
const port = 2525;

async function greeting(): Promise<string> {
  const client = dialTcp(host, port);
  try {
    return await client.line();
  } finally {
    client.socket.destroy();
  }
}

const tcpSplit: Example = {
  name: "tcp-split",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "mail", host: "127.20.9.11", port: 9025, habit: "tcp" },
    { name: "mail-next", host: "127.20.9.12", port: 9025, habit: "tcp" },
  ],
  checks: [
    {
      rule: "a server that speaks first is heard by a client that has said nothing",
      async holds() {
        assert.match(await greeting(), /^hello from mail/);
      },
    },
    {
      rule: "about one connection in four goes to the next version",
      async holds() {
        let next = 0;
        for (let i = 0; i < 200; i++) if ((await greeting()) === "hello from mail-next") next++;
        // Five standard deviations of 200 draws at 0.25: once in millions of runs by chance.
        assert.ok(next >= 20 && next <= 81, `${next} of 200`);
      },
    },
    {
      rule: "a connection stays where it went",
      async holds() {
        const client = dialTcp(host, port);
        await client.line();
        for (let i = 0; i < 20; i++) assert.equal(await client.say(`line ${i}`), `line ${i}`);
        client.socket.destroy();
      },
    },
    {
      rule: "each half of a connection ends by itself",
      async holds() {
        const client = dialTcp(host, port);
        await client.line();
        client.socket.end("last words\n");
        assert.equal(await client.line(), "last words");
        assert.equal(await client.ended(), "");
      },
    },
  ],
};

export default tcpSplit;

if (import.meta.main) await checkAndExit([tcpSplit]);
