import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { FrameOutput } from "../http/h2/frame-output.ts";
import { WriteTurn } from "../http/h2/write-turn.ts";
import { rethrow } from "./connection-faults.ts";
import { isKnownNode } from "./known-node.ts";
import { DirectWriter } from "./direct-writer.ts";

const open: (net.Socket | net.Server)[] = [];

afterEach(() => {
  for (const one of open.splice(0)) {
    if ("destroy" in one) one.destroy();
    else one.close();
  }
});

async function openPair(): Promise<{ writing: net.Socket; reading: net.Socket }> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const writing = net.connect((server.address() as net.AddressInfo).port, "127.0.0.1");
  const connected = once(writing, "connect");
  const [reading] = (await once(server, "connection")) as [net.Socket];
  await connected;
  open.push(server, writing, reading);
  return { writing, reading };
}

async function receive(reading: net.Socket): Promise<{ readonly bytes: number; readonly digest: string }> {
  const received = createHash("sha256");
  let bytes = 0;
  for await (const chunk of reading) {
    received.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, digest: received.digest("hex") };
}

test("the Node whose internals are used is the one that the lock file brings", () => {
  const root = JSON.parse(readFileSync("package.json", "utf8")) as {
    optionalDependencies: Record<string, string>;
  };
  expect(new Set(Object.values(root.optionalDependencies))).toEqual(new Set(["26.10.0"]));
  expect(isKnownNode).toBe(true);
});

test("text that the kernel takes at once never enters the stream's queue", async () => {
  const { writing, reading } = await openPair();
  const writer = new DirectWriter(writing);
  writer.write("HTTP/1.1 200 OK\r\n");
  expect(writing.writableLength).toBe(0);
  expect(writer.isPending).toBe(false);
  const [bytes] = (await once(reading, "data")) as [Buffer];
  expect(bytes.toString("latin1")).toBe("HTTP/1.1 200 OK\r\n");
});

test("with a reader that does not read, direct and queued writes arrive whole and in order, and the queue is seen", async () => {
  const { writing, reading } = await openPair();
  reading.pause();
  const writer = new DirectWriter(writing);
  const sent = createHash("sha256");
  let bytes = 0;
  let sawPending = false;
  for (let i = 0; i < 4000; i++) {
    const text = `${i}:${"\xff".repeat(i % 7000)}\n`;
    sent.update(text, "latin1");
    bytes += text.length;
    writer.write(text);
    sawPending ||= writer.isPending;
  }
  expect(sawPending).toBe(true);
  expect(writing.writableLength).toBeGreaterThan(0);
  writing.end();
  expect(await receive(reading)).toEqual({ bytes, digest: sent.digest("hex") });
});

test("the end waits for a direct write that libuv still holds", async () => {
  const { writing, reading } = await openPair();
  reading.pause();
  const writer = new DirectWriter(writing);
  let bytes = 0;
  for (let i = 0; i < 4000 && !writer.isPending; i++) {
    writer.write("x".repeat(16_000));
    bytes += 16_000;
  }
  expect(writer.isPending).toBe(true);
  writing.destroySoon();
  let count = 0;
  for await (const chunk of reading) count += (chunk as Buffer).length;
  expect(count).toBe(bytes);
});

test("a write to a peer that is gone closes the socket", async () => {
  const { writing, reading } = await openPair();
  writing.on("error", () => {});
  reading.resetAndDestroy();
  const writer = new DirectWriter(writing);
  while (!writing.destroyed) {
    writer.write("x");
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(writing.destroyed).toBe(true);
  writer.write("after the end, quietly");
});

test("frames whose writer does not wait are not written over before a slow reader has them", async () => {
  const { writing, reading } = await openPair();
  reading.pause();
  const turn = new WriteTurn(rethrow);
  const output = new FrameOutput(writing, turn);
  const sent = createHash("sha256");
  let bytes = 0;
  for (let i = 0; i < 4000; i++) {
    const length = 1 + (i % 3000);
    output.reserve(length);
    output.bytes.fill(i, output.end, output.end + length);
    sent.update(output.bytes.subarray(output.end, output.end + length));
    output.end += length;
    bytes += length;
    if (i % 3 === 0) turn.flushAll();
    // Who gets the same memory writes other bytes there.
    if (i % 5 === 0) turn.give(turn.take().fill(255));
  }
  output.close();
  expect(writing.writableLength).toBeGreaterThan(0);
  writing.end();
  expect(await receive(reading)).toEqual({ bytes, digest: sent.digest("hex") });
});
