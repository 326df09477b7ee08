/** What is kept is what was given, at the price of its bytes (reference D07). */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { KeptBytes } from "./kept-bytes.ts";

test("pieces of any size come back in order, and what was handed out does not change", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 60 }), (given) => {
      const kept = new KeptBytes();
      let seen: { readonly piece: Buffer; readonly was: Buffer }[] = [];
      for (const bytes of given) {
        kept.push(Buffer.from(bytes));
        seen = [...seen, ...kept.pieces.map((piece) => ({ piece, was: Buffer.from(piece) }))].slice(-50);
      }
      expect(Buffer.concat(kept.pieces).equals(Buffer.concat(given))).toBe(true);
      expect(kept.length).toBe(Buffer.concat(given).length);
      for (const { piece, was } of seen) expect(piece.equals(was)).toBe(true);
    }),
  );
});

test("[D07] 64 KiB that come byte by byte are a few pieces, not one for each byte", () => {
  const kept = new KeptBytes();
  for (let i = 0; i < 65_536; i++) kept.push(Buffer.from([i & 255]));
  expect(kept.pieces.length).toBeLessThanOrEqual(6);
  const memory = kept.pieces.reduce((sum, piece) => sum + piece.buffer.byteLength, 0);
  expect(memory).toBeLessThanOrEqual(65_536 + 16 * 1024);
});

test("after it is cleared nothing is left", () => {
  const kept = new KeptBytes();
  kept.push(Buffer.from("a"));
  kept.clear();
  kept.push(Buffer.from("b"));
  expect([kept.length, Buffer.concat(kept.pieces).toString()]).toEqual([1, "b"]);
});

test("small bodies that were given back lend their memory to the next, and those that are kept to nobody", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.uint8Array({ minLength: 1, maxLength: 1500 }))), (given) => {
      const kept = Array.from({ length: 6 }, () => new KeptBytes());
      const expected = kept.map(() => Buffer.alloc(0));
      for (const [at, bytes] of given) {
        if (bytes[0]! < 64) {
          kept[at]!.giveBack();
          expected[at] = Buffer.alloc(0);
        } else {
          kept[at]!.push(Buffer.from(bytes));
          expected[at] = Buffer.concat([expected[at]!, bytes]);
        }
        for (const [i, each] of kept.entries())
          expect(Buffer.concat(each.pieces).equals(expected[i]!)).toBe(true);
      }
    }),
  );
  const [first, second] = [new KeptBytes(), new KeptBytes()];
  first.push(Buffer.from("a"));
  const memory = first.pieces[0]!.buffer;
  first.giveBack();
  second.push(Buffer.from("b"));
  expect(second.pieces[0]!.buffer).toBe(memory);
});
