import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { eos, huffmanCode } from "./huffman-code.ts";
import { decodedRoom, decodeHuffman } from "./huffman-decode.ts";
import { huffmanLength, writeHuffman } from "./huffman-encode.ts";

function encode(text: string): Buffer {
  const out = Buffer.alloc(text.length * 4 + 8);
  return out.subarray(0, writeHuffman(out, 0, text));
}

function decode(bytes: Buffer): string | undefined {
  const out = Buffer.alloc(decodedRoom(bytes.length));
  const length = decodeHuffman(bytes, 0, bytes.length, out);
  return length < 0 ? undefined : out.latin1Slice(0, length);
}

describe("the code (RFC 7541 Appendix B)", () => {
  test.for([
    [0x00, 0x1ff8, 13],
    [0x01, 0x7fffd8, 23],
    [0x0a, 0x3ffffffc, 30],
    [0x20, 0x14, 6],
    [0x2f, 0x18, 6],
    [0x30, 0x0, 5],
    [0x3a, 0x5c, 7],
    [0x58, 0xfc, 8],
    [0x5c, 0x7fff0, 19],
    [0x61, 0x3, 5],
    [0x7a, 0x7b, 7],
    [0x7e, 0x1ffd, 13],
    [0x80, 0xfffe6, 20],
    [0xa9, 0x3fffdd, 22],
    [0xff, 0x3ffffee, 26],
    [eos, 0x3fffffff, 30],
  ] as const)("of symbol %i is as printed", ([symbol, code, length]) => {
    expect([huffmanCode.codes[symbol], huffmanCode.lengths[symbol]]).toEqual([code, length]);
  });

  test("fills the tree: no two codes begin alike and none is left over", () => {
    expect(huffmanCode.lengths.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
  });
});

describe("strings (RFC 7541 Appendix C.4 and C.6)", () => {
  test.for([
    ["www.example.com", "f1e3c2e5f23a6ba0ab90f4ff"],
    ["no-cache", "a8eb10649cbf"],
    ["custom-key", "25a849e95ba97d7f"],
    ["custom-value", "25a849e95bb8e8b4bf"],
    ["302", "6402"],
    ["307", "640eff"],
    ["private", "aec3771a4b"],
    ["Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff"],
    ["https://www.example.com", "9d29ad171863c78f0b97c8e9ae82ae43d3"],
    ["gzip", "9bd9ab"],
    [
      "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
      "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
    ],
  ] as const)("%s", ([text, hex]) => {
    expect(encode(text).toString("hex")).toBe(hex);
    expect(huffmanLength(text)).toBe(hex.length / 2);
    expect(decode(Buffer.from(hex, "hex"))).toBe(text);
  });
});

describe("what is no Huffman code (RFC 7541 5.2)", () => {
  test.for([
    ["EOS", "ffffffff"],
    ["padding of a whole byte", "1fff"],
    ["padding of zeros", "a8eb10649cb8"],
    ["padding of eight bits without a symbol", "ff"],
  ] as const)("%s", ([, hex]) => {
    expect(decode(Buffer.from(hex, "hex"))).toBeUndefined();
  });

  test("nothing at all is the empty string", () => {
    expect(decode(Buffer.alloc(0))).toBe("");
  });
});

test("any bytes come back as they were", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = Buffer.from(bytes).toString("latin1");
      expect(decode(encode(text))).toBe(text);
      expect(encode(text).length).toBe(huffmanLength(text));
    }),
  );
});
