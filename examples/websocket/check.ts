/** Where tunnels go, and that what passes through them is what was said. */
import assert from "node:assert/strict";
import { connect } from "node:http2";
import path from "node:path";
import { checkAndExit } from "../harness/check-example.ts";
import type { Example } from "../harness/example.ts";
import { readFrame, writeFrame } from "../harness/websocket-backend.ts";
import { ChatClient } from "./chat-client.ts";

const address = "127.20.0.80:8080";

async function hear(room: string, text: string): Promise<string> {
  const client = await ChatClient.open(address, room);
  const heard = await client.say(text);
  await client.leave();
  return heard;
}

/** The same over HTTP/2: extended CONNECT, and frames by hand. */
async function hearOverHttp2(room: string, text: string): Promise<string> {
  const session = connect(`http://${address}`);
  try {
    await new Promise((resolve, reject) => {
      session.once("remoteSettings", resolve);
      session.once("error", reject);
    });
    const stream = session.request(
      { ":method": "CONNECT", ":protocol": "websocket", ":path": room, "sec-websocket-version": "13" },
      { endStream: false },
    );
    stream.setTimeout(30_000, () => stream.destroy(new Error("no message within 30 s")));
    stream.write(writeFrame(1, Buffer.from(text), Buffer.from([1, 2, 3, 4])));
    let bytes = Buffer.alloc(0);
    for await (const piece of stream) {
      bytes = Buffer.concat([bytes, piece as Buffer]);
      const frame = readFrame(bytes);
      if (frame !== undefined) return frame.payload.toString();
    }
    throw new Error("the tunnel ended without a message");
  } finally {
    session.destroy();
  }
}

const websocket: Example = {
  name: "websocket",
  manifests: path.join(import.meta.dirname, "manifests"),
  backends: [
    { name: "one", host: "127.20.8.1", port: 9080, habit: "websocket" },
    { name: "two", host: "127.20.8.2", port: 9080, habit: "websocket" },
    { name: "vip", host: "127.20.8.3", port: 9080, habit: "websocket" },
  ],
  checks: [
    {
      rule: "a message comes back",
      async holds() {
        assert.match(await hear("/lobby", "hello"), /^(one|two) heard hello$/);
      },
    },
    {
      rule: "open tunnels are shared by the endpoints",
      async holds() {
        const clients: ChatClient[] = [];
        for (let i = 0; i < 10; i++) clients.push(await ChatClient.open(address, "/lobby"));
        const replies = await Promise.all(clients.map(async (client) => await client.say("hi")));
        await Promise.all(clients.map(async (client) => await client.leave()));
        assert.deepEqual([...new Set(replies)].toSorted(), ["one heard hi", "two heard hi"]);
      },
    },
    {
      rule: "a tunnel is routed as the GET that opens it",
      async holds() {
        assert.equal(await hear("/vip/suite", "hello"), "vip heard hello");
      },
    },
    {
      rule: "a message of 200,000 characters is whole",
      async holds() {
        const text = "waystone ".repeat(22_223);
        assert.ok((await hear("/vip", text)) === `vip heard ${text}`);
      },
    },
    {
      rule: "the code of a goodbye passes",
      async holds() {
        const client = await ChatClient.open(address, "/lobby");
        assert.equal(await client.leave(4321), 4321);
      },
    },
    {
      rule: "HTTP/2's CONNECT reaches the same backends",
      async holds() {
        assert.equal(await hearOverHttp2("/vip", "hello"), "vip heard hello");
      },
    },
  ],
};

export default websocket;

if (import.meta.main) await checkAndExit([websocket]);
