import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { frameMessage, MessageReader } from "./message-reader.ts";

test("messages come out as they went in, however the stream is cut", () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 });
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sent, sizes) => {
      const stream = Buffer.concat(sent.map(frameMessage));
      const reader = new MessageReader(50);
      const received: Uint8Array[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        received.push(...reader.push(stream.subarray(at, at + size)));
        at += size;
      }
      expect(received.map((bytes) => [...bytes])).toEqual(sent.map((bytes) => [...bytes]));
    }),
  );
});

test("a message beyond the limit is refused by its length, before it has come", () => {
  const reader = new MessageReader(10);
  const start = frameMessage(new Uint8Array(11)).subarray(0, 5);
  expect(() => [...reader.push(start)]).toThrow("a message of 11 bytes came; 10 is the limit");
});

test("a compressed message is refused: none was asked for", () => {
  const framed = frameMessage(new Uint8Array(1));
  framed[0] = 1;
  expect(() => [...new MessageReader(10).push(framed)]).toThrow(/compressed/);
});
