import net from "node:net";
import { readRequest } from "@waystone/testkit/read-message";
import { nextEvent, until } from "@waystone/testkit/within";
import * as fc from "@waystone/testkit/fast-check";
import { afterEach, expect, test } from "vitest";
import { copyLimit, MessageWriter } from "./message-writer.ts";

const opened: { destroy(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.destroy();
});

interface Pair {
  readonly writer: MessageWriter;
  readonly socket: net.Socket;
  readonly peer: net.Socket;
  readonly received: () => Buffer;
}

async function openPair(): Promise<Pair> {
  const server = net.createServer();
  server.listen(0, "127.0.0.1");
  await nextEvent(server, "listening");
  const accepted = nextEvent(server, "connection");
  const socket = net.connect({
    port: (server.address() as net.AddressInfo).port,
    host: "127.0.0.1",
    noDelay: true,
  });
  const [peer] = (await accepted) as [net.Socket];
  server.close();
  opened.push(socket, peer);
  const chunks: Buffer[] = [];
  peer.on("data", (chunk: Buffer) => chunks.push(chunk));
  return { writer: new MessageWriter(socket), socket, peer, received: () => Buffer.concat(chunks) };
}

async function expectReceived(pair: Pair, expected: string): Promise<void> {
  await until(() => pair.received().length >= expected.length, `${expected.length} bytes`);
  expect(pair.received().toString("latin1")).toBe(expected);
}

const head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";

test("small pieces are gathered and go out with their head in one write", async () => {
  const pair = await openPair();
  pair.writer.begin(head, "chunked", 0);
  expect(pair.writer.data(Buffer.from("ab"))).toBe("done");
  expect(pair.writer.data(Buffer.alloc(0))).toBe("done");
  expect(pair.writer.data(Buffer.from("\xff", "latin1"))).toBe("done");
  expect(pair.socket.bytesWritten).toBe(0);
  expect(pair.writer.end("A: b\r\n")).toBe(true);
  await expectReceived(pair, `${head}2\r\nab\r\n1\r\n\xff\r\n0\r\nA: b\r\n\r\n`);
});

test("an empty piece never becomes the last chunk", async () => {
  const pair = await openPair();
  pair.writer.begin(head, "chunked", 0);
  pair.writer.data(Buffer.alloc(0));
  pair.writer.data(Buffer.from("x"));
  pair.writer.end("");
  await expectReceived(pair, `${head}1\r\nx\r\n0\r\n\r\n`);
});

test("a body never goes over its declared length, and one that stays below is no end", async () => {
  const pair = await openPair();
  pair.writer.begin("head", "length", 5);
  pair.writer.data(Buffer.from("abc"));
  expect(pair.writer.end("")).toBe(false);
  expect(() => pair.writer.data(Buffer.from("def"))).toThrow(RangeError);
});

test("where there is no body, pieces are swallowed (answers to HEAD)", async () => {
  const pair = await openPair();
  pair.writer.begin("one\r\n", "none", 0);
  expect(pair.writer.data(Buffer.from("body"))).toBe("done");
  pair.writer.end("");
  pair.writer.begin("two\r\n", "none", 0);
  pair.writer.end("");
  await expectReceived(pair, "one\r\ntwo\r\n");
});

test("a peer that does not read makes it full, and the bytes wait in order", async () => {
  const pair = await openPair();
  pair.peer.pause();
  pair.writer.begin("", "raw", 0);
  const piece = Buffer.alloc(64 * 1024, "x");
  let sent = 0;
  // The kernel takes some megabytes before it says no.
  for (let taken = "done"; taken !== "full" && sent < 64 << 20; sent += piece.length)
    taken = pair.writer.data(piece);
  expect(sent).toBeLessThan(64 << 20);
  expect(pair.writer.data(Buffer.from("end"))).not.toBe("done");
  pair.writer.flush();
  pair.peer.resume();
  await until(() => pair.received().length === sent + 3, "everything arrives");
  expect(pair.received().subarray(sent).toString()).toBe("end");
});

test("a piece that waits behind others is copied where it is less than most of a read: its memory is free again", async () => {
  const pair = await openPair();
  pair.peer.pause();
  pair.writer.begin("", "raw", 0);
  let sent = 0;
  const large = Buffer.alloc(1 << 20, "x");
  for (; sent < 64 << 20 && pair.socket.writableLength === 0; sent += large.length) pair.writer.data(large);
  const lent = Buffer.alloc(16_384, "a");
  expect(pair.writer.data(lent)).toBe("full");
  lent.fill("b");
  pair.peer.resume();
  await until(() => pair.received().length === sent + lent.length, "everything arrives");
  expect(pair.received().subarray(sent).equals(Buffer.alloc(lent.length, "a"))).toBe(true);
});

test("of one read no piece is copied behind another that waits: its memory is held by that one already", async () => {
  const pair = await openPair();
  pair.peer.pause();
  pair.writer.begin("", "raw", 0);
  const lent = Buffer.alloc((1 << 20) + 32_768, "a");
  let sent = 0;
  for (; sent < 64 << 20 && pair.socket.writableLength === 0; sent += 1 << 20)
    pair.writer.data(lent.subarray(0, 1 << 20));
  const [same, next] = [lent.subarray(1 << 20, -16_384), lent.subarray(-16_384)];
  expect(pair.writer.data(same)).toBe("full");
  pair.writer.flush();
  expect(pair.writer.data(next)).toBe("full");
  // Only what was not copied shows it.
  same.fill("b");
  next.fill("b");
  pair.peer.resume();
  await until(() => pair.received().length === sent + 32_768, "everything arrives");
  const tail = pair.received().subarray(sent).toString("latin1");
  expect(tail).toBe("b".repeat(16_384) + "a".repeat(16_384));
});

test("what is written reads back as the same bodies, whatever their pieces and framing", async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.uint8Array({ minLength: copyLimit - 2, maxLength: copyLimit + 2, size: "max" }),
  );
  const message = fc.record({ pieces: fc.array(piece, { maxLength: 6 }), chunked: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 4 }), async (messages) => {
      const pair = await openPair();
      for (const { pieces, chunked } of messages) {
        const length = pieces.reduce((sum, each) => sum + each.length, 0);
        const framing = chunked ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
        pair.writer.begin(`POST / HTTP/1.1\r\n${framing}\r\n\r\n`, chunked ? "chunked" : "length", length);
        for (const each of pieces) pair.writer.data(Buffer.from(each));
        pair.writer.end("");
      }
      pair.socket.end();
      await nextEvent(pair.peer, "end");
      let at = 0;
      for (const { pieces } of messages) {
        const read = readRequest(pair.received(), at)!;
        expect(read.body.equals(Buffer.concat(pieces))).toBe(true);
        at += read.raw.length;
      }
      expect(at).toBe(pair.received().length);
      pair.socket.destroy();
      pair.peer.destroy();
    }),
    { numRuns: 30 },
  );
});
