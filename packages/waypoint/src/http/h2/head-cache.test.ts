import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { HeadCache } from "./head-cache.ts";
import { HpackDecoder } from "./hpack/decoder.ts";
import { decodeFields, type FieldPair, tableOf } from "./testdata/decode-fields.ts";

const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
const name = fc.constantFrom("a", "bb", "content-type");
const value = fc.constantFrom("1", "22", "x".repeat(60));

/** Pieces of header blocks (RFC 7541 6): those that put something into the table, refer to it, or do neither. */
const field = fc.oneof(
  fc.tuple(name, value).map(([n, v]) => Buffer.concat([Buffer.from([0x40]), text(n), text(v)])),
  fc.tuple(name, value).map(([n, v]) => Buffer.concat([Buffer.from([0x00]), text(n), text(v)])),
  fc.constantFrom(2, 3, 8).map((index) => Buffer.from([0x80 | index])),
  // The newest entries of the dynamic table, where it has them.
  fc.constantFrom(62, 63).map((index) => Buffer.from([0x80 | index])),
  value.map((v) => Buffer.concat([Buffer.from([0x40 | 62]), text(v)])),
);
const resize = fc.constantFrom(Buffer.alloc(0), Buffer.alloc(0), Buffer.from([0x3f, 0x45]));
const block = fc
  .tuple(resize, fc.array(field, { minLength: 1, maxLength: 3 }))
  .map(([first, fields]) => Buffer.concat([first, ...fields]));

test("a head that is found is the one its block would be decoded to, and leaves the same table (RFC 7541 2.3.2)", () => {
  const blocks = fc
    .array(block, { minLength: 1, maxLength: 4 })
    .chain((pool) => fc.array(fc.constantFrom(...pool), { maxLength: 30 }));
  fc.assert(
    fc.property(blocks, (sequence) => {
      const plain = new HpackDecoder(256);
      const cached = new HpackDecoder(256);
      const cache = new HeadCache<readonly FieldPair[]>(cached);
      for (const bytes of sequence) {
        let expected: readonly FieldPair[];
        try {
          expected = decodeFields(plain, bytes).fields;
        } catch {
          return; // An index that no table has: the connection ends.
        }
        let head = cache.find(bytes, 0, bytes.length, true);
        if (head === undefined) {
          head = decodeFields(cached, bytes).fields;
          cache.keep(bytes, 0, bytes.length, true, head, 100);
        }
        expect(head).toEqual(expected);
        expect(tableOf(cached)).toEqual(tableOf(plain));
        expect(cached.table.size).toBe(plain.table.size);
      }
    }),
    { numRuns: 500 },
  );
});

test("a block that says everything itself is found however often the table changes", () => {
  const decoder = new HpackDecoder(4096);
  const cache = new HeadCache<string>(decoder);
  const bytes = Buffer.concat([Buffer.from([0x88, 0x40]), text("server"), text("nginx")]);
  let decoded = 0;
  for (let i = 0; i < 1000; i++) {
    if (cache.find(bytes, 0, bytes.length, false) !== undefined) continue;
    decodeFields(decoder, bytes);
    cache.keep(bytes, 0, bytes.length, false, "head", 20);
    decoded++;
  }
  expect(decoded).toBe(1);
  expect(decoder.table.count).toBeGreaterThan(50);
});

test("[D03] heads are kept by their text, however short the blocks are that stand for them", () => {
  const decoder = new HpackDecoder(4096);
  const cache = new HeadCache<string>(decoder);
  decodeFields(decoder, Buffer.concat([Buffer.from([0x40]), text("name"), text("value")]));
  const found = (bytes: Buffer): boolean => cache.find(bytes, 0, bytes.length, true) !== undefined;
  // Each says the newest entry of the table so often; or a field of its own.
  const referring = Array.from({ length: 16 }, (_, more) => Buffer.alloc(more + 1, 0x80 | 62));
  const own = Array.from({ length: 16 }, (_, more) =>
    Buffer.concat([Buffer.from([0]), text("own"), text(`${more}`)]),
  );
  for (const [blocks, length] of [
    [referring, 2048],
    [own, 2048],
  ] as const) {
    for (const bytes of blocks) {
      if (found(bytes)) continue;
      decodeFields(decoder, bytes);
      cache.keep(bytes, 0, bytes.length, true, "head", length);
    }
    expect(blocks.filter(found).length).toBe(4);
  }
  const long = Buffer.from([0x82]);
  decodeFields(decoder, long);
  cache.keep(long, 0, long.length, true, "head", 2049);
  expect(found(long)).toBe(false);
});
