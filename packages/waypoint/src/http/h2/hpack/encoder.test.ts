import { seededRng } from "@waystone/base/rng";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { decodeFields, type FieldPair, tableOf } from "../testdata/decode-fields.ts";
import { HpackDecoder } from "./decoder.ts";
import { blockOverhead, fieldRoom, HpackEncoder } from "./encoder.ts";
import { writeInteger } from "./write-primitives.ts";

const never = Number.POSITIVE_INFINITY;

function encode(
  encoder: HpackEncoder,
  fields: readonly FieldPair[],
  sensitive: readonly string[] = [],
): Buffer {
  const room = fields.reduce(
    (sum, [name, value]) => sum + fieldRoom(name.length, value.length),
    blockOverhead,
  );
  const out = Buffer.alloc(room);
  let at = encoder.begin(out, 0);
  for (const [name, value] of fields) at = encoder.field(out, at, name, value, sensitive.includes(name));
  expect(at).toBeLessThanOrEqual(room);
  return out.subarray(0, at);
}

describe("integers (RFC 7541 C.1)", () => {
  test.for([
    ["10 in five bits", 0x1f, 10, "0a"],
    ["1337 in five bits", 0x1f, 1337, "1f9a0a"],
    ["42 in eight bits", 0xff, 42, "2a"],
  ] as const)("%s", ([, mask, value, expected]) => {
    const out = Buffer.alloc(8);
    expect(out.subarray(0, writeInteger(out, 0, 0, mask, value)).toString("hex")).toBe(expected);
  });
});

describe("what is indexed", () => {
  test("a field that comes again is one byte", () => {
    const encoder = new HpackEncoder(4096, never);
    const fields: FieldPair[] = [["content-type", "text/plain"]];
    expect(encode(encoder, fields).length).toBe(12);
    expect(encode(encoder, fields).toString("hex")).toBe("be");
  });

  test("values that the table has pushed out are forgotten, and what is written stays right", () => {
    const encoder = new HpackEncoder(4096, never);
    const decoder = new HpackDecoder(4096);
    for (let i = 0; i < 2000; i++) {
      const fields: FieldPair[] = [
        [`x-${i % 150}`, `${i} ${"v".repeat(1500)}`],
        ["x-same", "same"],
        [`x-${"long".repeat(20)}`, `${i}`],
      ];
      expect(decodeFields(decoder, encode(encoder, fields)).fields).toEqual(fields);
      expect(encoder.rememberedChars).toBeLessThanOrEqual(32 * 1024);
    }
    // What comes again is still indexed.
    encode(encoder, [["x-same", "same"]]);
    expect(encode(encoder, [["x-same", "same"]]).length).toBe(1);
  });

  test("the status, method and scheme that the static table has are one byte", () => {
    const encoder = new HpackEncoder(4096, never);
    const out = Buffer.alloc(64);
    expect(encoder.status(out, 0, 200)).toBe(1);
    expect(encoder.method(out, 1, "POST")).toBe(2);
    expect(encoder.scheme(out, 2)).toBe(3);
    expect(out.subarray(0, 3).toString("hex")).toBe("888386");
    const end = encoder.status(out, 3, 418);
    expect(decodeFields(new HpackDecoder(4096), out.subarray(3, end)).fields).toEqual([[":status", "418"]]);
  });

  test.for(["authorization", "cookie", "set-cookie", "proxy-authorization"])(
    "%s never is, here or further on (RFC 7541 7.1.3)",
    (name) => {
      const encoder = new HpackEncoder(4096, never);
      const decoder = new HpackDecoder(4096);
      for (let i = 0; i < 3; i++) {
        expect(decodeFields(decoder, encode(encoder, [[name, "secret"]])).neverIndexed).toEqual([name]);
      }
      expect(tableOf(decoder)).toEqual([]);
    },
  );

  test("what came as never indexed goes on as such (RFC 7541 6.2.3)", () => {
    const block = encode(new HpackEncoder(4096, never), [["x-token", "secret"]], ["x-token"]);
    expect(decodeFields(new HpackDecoder(4096), block).neverIndexed).toEqual(["x-token"]);
  });

  test("a name whose values keep changing is left out after some tries, and what is stable stays in", () => {
    const encoder = new HpackEncoder(4096, never);
    const decoder = new HpackDecoder(4096);
    for (let i = 0; i < 60; i++) {
      decodeFields(
        decoder,
        encode(encoder, [
          ["x-trace", `value-${i}`],
          ["server", "stable"],
        ]),
      );
    }
    const traces = tableOf(decoder).filter(([name]) => name === "x-trace");
    expect(traces.length).toBe(8);
    expect(encode(encoder, [["server", "stable"]]).length).toBe(1);
  });

  test("several values of one name are all remembered", () => {
    const encoder = new HpackEncoder(4096, never);
    const paths = ["/a", "/b", "/c", "/d"];
    for (const path of paths) encode(encoder, [[":path", path]]);
    for (const path of paths) expect(encode(encoder, [[":path", path]]).length).toBe(1);
  });

  test("strings are Huffman coded from the length asked for, where they get shorter by it", () => {
    const encoder = new HpackEncoder(0, 16);
    const plain = encode(new HpackEncoder(0, never), [["x-long", "a".repeat(64)]]);
    const coded = encode(encoder, [["x-long", "a".repeat(64)]]);
    expect(coded.length).toBeLessThan(plain.length);
    expect(decodeFields(new HpackDecoder(4096), coded).fields).toEqual([["x-long", "a".repeat(64)]]);
    const longer = "\u00ff".repeat(16);
    expect(decodeFields(new HpackDecoder(4096), encode(encoder, [["y", longer]])).fields).toEqual([
      ["y", longer],
    ]);
  });
});

describe("the size of the peer's table", () => {
  test("is followed, and said at the beginning of the next block (RFC 7541 4.2)", () => {
    const encoder = new HpackEncoder(4096, never);
    const decoder = new HpackDecoder(4096);
    decodeFields(decoder, encode(encoder, [["a", "b"]]));
    encoder.setPeerLimit(0);
    decodeFields(decoder, encode(encoder, [["c", "d"]]));
    expect(tableOf(decoder)).toEqual([]);
    encoder.setPeerLimit(4096);
    decodeFields(decoder, encode(encoder, [["e", "f"]]));
    expect(tableOf(decoder)).toEqual([["e", "f"]]);
  });

  test("down and up again between two blocks are both said: the smaller first", () => {
    const encoder = new HpackEncoder(4096, never);
    encode(encoder, [["a", "b"]]);
    encoder.setPeerLimit(0);
    encoder.setPeerLimit(100);
    expect(encode(encoder, []).toString("hex")).toBe("203f45");
  });

  test("is never used beyond our own bound", () => {
    const encoder = new HpackEncoder(4096, never);
    encoder.setPeerLimit(1 << 30);
    expect(encode(encoder, []).length).toBe(0);
  });
});

test("whatever is encoded comes back, block after block, under any table sizes", () => {
  const rng = seededRng(7);
  const name = fc.constantFrom("a", "b-c", "cookie", ":path", "content-type", "x-request-id", "te", "date");
  const value = fc.oneof(
    fc.constantFrom("", "1", "text/plain"),
    fc.string({ unit: "binary-ascii", maxLength: 200 }),
  );
  const blocks = fc.array(fc.array(fc.tuple(name, value), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(blocks, fc.constantFrom(never, 8), (all, huffmanFrom) => {
      const encoder = new HpackEncoder(4096, huffmanFrom);
      const decoder = new HpackDecoder(4096);
      for (const fields of all) {
        if (rng.next() < 0.2) encoder.setPeerLimit(Math.floor(rng.next() * 5000));
        expect(decodeFields(decoder, encode(encoder, fields)).fields).toEqual(fields);
      }
    }),
    { numRuns: 200 },
  );
});
