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
