/** Large messages and long streams of gRPC cost the waypoint no memory of their size (reference R09), measured in its own process. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { ServerHttp2Stream } from "node:http2";
import { freePort } from "@waystone/testkit/free-port";
import { within } from "@waystone/testkit/within";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FromPlaneProcess, ToPlaneProcess } from "../testing/plane-process.ts";
import { type Http2Endpoint, openEndpoint, useHttp2Peers } from "../testing/http2-peers.ts";

const peers = useHttp2Peers();
const mebibyte = 1024 * 1024;
/** Of 100 MB or more that pass: far more than V8 and malloc keep by their moods, far less than what was sent. */
const flatMebibytes = 56;
const call = {
  ":method": "POST",
  ":path": "/test.Echo/Chat",
  "content-type": "application/grpc",
  te: "trailers",
};

let child: ChildProcess;
let port: number;
let endpoint: Http2Endpoint;
let received = 0;

beforeAll(async () => {
  endpoint = await openEndpoint((stream: ServerHttp2Stream) => {
    stream.respond({ "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.on("data", (bytes: Buffer) => (received += bytes.length));
    stream.pipe(stream);
  });
  child = fork(new URL("../testing/plane-process.ts", import.meta.url));
  port = await freePort();
  child.send({ type: "open", port, endpoint: endpoint.key, protocol: "grpc" } satisfies ToPlaneProcess);
  await once(child, "message");
});

afterAll(async () => {
  child.kill();
  await endpoint.close();
});

async function measure(): Promise<number> {
  const answer = once(child, "message");
  child.send({ type: "measure" } satisfies ToPlaneProcess);
  const [message] = (await answer) as [FromPlaneProcess];
  return message.type === "measured" ? message.rssBytes : 0;
}

/** Echoes `count` messages of so many bytes on one stream; gives back how much was echoed. */
async function chat(count: number, bytes: number): Promise<number> {
  const stream = peers.client(port).request(call);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes, 1);
  const piece = Buffer.alloc(Math.min(bytes, mebibyte), "x");
  let echoed = 0;
  stream.on("data", (received: Buffer) => (echoed += received.length));
  const closed = new Promise((resolve) => stream.once("close", resolve));
  const write = async (part: Buffer): Promise<void> => {
    if (!stream.write(part)) await once(stream, "drain");
  };
  for (let i = 0; i < count; i++) {
    await write(prefix);
    // A session of Node's takes no 100 MB at once.
    for (let left = bytes; left > 0; left -= piece.length) await write(piece.subarray(0, left));
  }
  stream.end();
  await within(closed, "the stream's end", 100_000);
  return echoed;
}

test("[R09] a message of 100 MB is echoed with flat memory", async () => {
  await chat(1, 20 * mebibyte);
  const before = await measure();
  expect(await chat(1, 100_000_000)).toBe(100_000_005);
  expect(((await measure()) - before) / mebibyte).toBeLessThan(flatMebibytes);
}, 120_000);

test("[R09] and so is a stream of 100,000 messages", async () => {
  await chat(10_000, 1000);
  const before = await measure();
  expect(await chat(100_000, 1000)).toBe(100_000 * 1005);
  expect(((await measure()) - before) / mebibyte).toBeLessThan(flatMebibytes);
}, 120_000);

test("[D09] an endpoint that echoes to a client that does not read is paused, and memory is bounded", async () => {
  const before = await measure();
  const seen = received;
  const stream = peers.client(port).request(call);
  stream.on("error", () => {});
  const piece = Buffer.alloc(mebibyte);
  let written = 0;
  const write = (): void => {
    while (written < 256) {
      written++;
      if (!stream.write(piece)) return void stream.once("drain", write);
    }
  };
  write();
  // Nothing moves any more once all windows and buffers on the way are full.
  for (let last = -1; last !== received; ) {
    last = received;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect((received - seen) / mebibyte).toBeLessThan(32);
  expect(((await measure()) - before) / mebibyte).toBeLessThan(flatMebibytes);
  stream.close(8);
}, 120_000);
