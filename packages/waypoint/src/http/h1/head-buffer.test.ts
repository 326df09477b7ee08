import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { HeadBuffer } from "./head-buffer.ts";

test("it holds what was added, in order, however it was cut", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 20 });
  fc.assert(
    fc.property(pieces, (added) => {
      const buffer = new HeadBuffer();
      for (const piece of added) buffer.add(Buffer.from(piece), 0, piece.length);
      const all = Buffer.concat(added);
      expect(buffer.length).toBe(all.length);
      expect(buffer.view().equals(all)).toBe(true);
      expect(buffer.take().equals(all)).toBe(true);
      expect(buffer.length).toBe(0);
    }),
  );
});

test("it copies: the bytes that were lent may change at once", () => {
  const buffer = new HeadBuffer();
  const lent = Buffer.from("xabcx");
  buffer.add(lent, 1, 4);
  lent.fill(0);
  expect(buffer.view().toString()).toBe("abc");
});

test("what was taken stays as it is when more is added", () => {
  const buffer = new HeadBuffer();
  buffer.add(Buffer.from("first"), 0, 5);
  const taken = buffer.take();
  buffer.add(Buffer.from("second"), 0, 6);
  expect([taken.toString(), buffer.view().toString()]).toEqual(["first", "second"]);
});
