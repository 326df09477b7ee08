import { describe, expect, test } from "vitest";
import { ConnectionError, ErrorCode } from "../connection-error.ts";
import { decodeFields, type FieldPair, tableOf } from "../testdata/decode-fields.ts";
import { hex } from "../testdata/hex.ts";
import { HpackDecoder } from "./decoder.ts";

interface Example {
  readonly block: string;
  readonly fields: readonly FieldPair[];
  readonly table: readonly FieldPair[];
  readonly size: number;
}

const firstRequest: readonly FieldPair[] = [
  [":method", "GET"],
  [":scheme", "http"],
  [":path", "/"],
  [":authority", "www.example.com"],
];
const secondRequest: readonly FieldPair[] = [...firstRequest, ["cache-control", "no-cache"]];
const thirdRequest: readonly FieldPair[] = [
  [":method", "GET"],
  [":scheme", "https"],
  [":path", "/index.html"],
  [":authority", "www.example.com"],
  ["custom-key", "custom-value"],
];
const requestTables: readonly (readonly FieldPair[])[] = [
  [[":authority", "www.example.com"]],
  [
    ["cache-control", "no-cache"],
    [":authority", "www.example.com"],
  ],
  [
    ["custom-key", "custom-value"],
    ["cache-control", "no-cache"],
    [":authority", "www.example.com"],
  ],
];

function requests(...blocks: readonly string[]): readonly Example[] {
  const fields = [firstRequest, secondRequest, thirdRequest];
  const sizes = [57, 110, 164];
  return blocks.map((block, i) => ({ block, fields: fields[i]!, table: requestTables[i]!, size: sizes[i]! }));
}

const date = "Mon, 21 Oct 2013 20:13:21 GMT";
const laterDate = "Mon, 21 Oct 2013 20:13:22 GMT";
const location = "https://www.example.com";
const cookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

function responses(...blocks: readonly string[]): readonly Example[] {
  const answer = (status: string, at: string): FieldPair[] => [
    [":status", status],
    ["cache-control", "private"],
    ["date", at],
    ["location", location],
  ];
  const third: readonly FieldPair[] = [
    ...answer("200", laterDate),
    ["content-encoding", "gzip"],
    ["set-cookie", cookie],
  ];
  const tables: readonly (readonly FieldPair[])[] = [
    [
      ["location", location],
      ["date", date],
      ["cache-control", "private"],
      [":status", "302"],
    ],
    [
      [":status", "307"],
      ["location", location],
      ["date", date],
      ["cache-control", "private"],
    ],
    [
      ["set-cookie", cookie],
      ["content-encoding", "gzip"],
      ["date", laterDate],
    ],
  ];
  const fields = [answer("302", date), answer("307", date), third];
  const sizes = [222, 222, 215];
  return blocks.map((block, i) => ({ block, fields: fields[i]!, table: tables[i]!, size: sizes[i]! }));
}

describe("the examples of RFC 7541 Appendix C", () => {
  test.for([
    [
      "C.2.1 literal with indexing",
      "400a637573746f6d2d6b65790d637573746f6d2d686561646572",
      "custom-key",
      "custom-header",
      55,
    ],
    ["C.2.2 literal without indexing", "040c2f73616d706c652f70617468", ":path", "/sample/path", 0],
    ["C.2.3 literal never indexed", "100870617373776f726406736563726574", "password", "secret", 0],
    ["C.2.4 indexed", "82", ":method", "GET", 0],
  ] as const)("%s", ([, block, name, value, size]) => {
    const decoder = new HpackDecoder(4096);
    const { fields, neverIndexed } = decodeFields(decoder, hex(block));
    expect(fields).toEqual([[name, value]]);
    expect(neverIndexed).toEqual(name === "password" ? ["password"] : []);
    expect(decoder.table.size).toBe(size);
  });

  test.for([
    [
      "C.3 requests without Huffman coding",
      4096,
      requests(
        "828684410f7777772e6578616d706c652e636f6d",
        "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
      ),
    ],
    [
      "C.4 requests with Huffman coding",
      4096,
      requests(
        "828684418cf1e3c2e5f23a6ba0ab90f4ff",
        "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
      ),
    ],
    [
      "C.5 responses without Huffman coding, in a table of 256 bytes",
      256,
      responses(
        `4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54
         6e1768747470733a2f2f7777772e6578616d706c652e636f6d`,
        "4803333037c1c0bf",
        `88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d
         4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b20766572
         73696f6e3d31`,
      ),
    ],
    [
      "C.6 responses with Huffman coding, in a table of 256 bytes",
      256,
      responses(
        `488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b
         97c8e9ae82ae43d3`,
        "4883640effc1c0bf",
        `88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdf
         cd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007`,
      ),
    ],
  ] as const)("%s", ([, tableSize, examples]) => {
    const decoder = new HpackDecoder(tableSize);
    for (const { block, fields, table, size } of examples) {
      expect(decodeFields(decoder, hex(block)).fields).toEqual(fields);
      expect(tableOf(decoder)).toEqual(table);
      expect(decoder.table.size).toBe(size);
    }
  });
});

describe("integers (RFC 7541 C.1, as table size updates of five bits)", () => {
  test.for([
    ["C.1.1", "2a", 10],
    ["C.1.2", "3f9a0a", 1337],
  ] as const)("%s", ([, block, size]) => {
    const decoder = new HpackDecoder(1337);
    decodeFields(decoder, hex(`${block} 4001610162`));
    expect(decoder.table.size).toBe(size === 10 ? 0 : 34);
  });
});

describe("a block that cannot be is COMPRESSION_ERROR", () => {
  test.for([
    ["index 0", "80"],
    ["an index past the static table while the dynamic one is empty", "be"],
    ["a name index that no table has", "7e0161"],
    ["an index of many bytes", "ffffffff7f"],
    ["an integer that never ends", "ff80808080808001"],
    ["an integer that its block cuts short", "ff80"],
    ["a string longer than its block", "4001610561"],
    ["a string that is not there", "400161"],
    ["a Huffman string with EOS", "400161 84ffffffff"],
    ["a Huffman string padded with a byte", "400161 821fff"],
    ["a table size over the one allowed", "3fe21f"],
    ["a table size update after a field", "8220"],
  ] as const)("%s", ([, block]) => {
    const decoder = new HpackDecoder(4096);
    let thrown: unknown;
    try {
      decodeFields(decoder, hex(block));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConnectionError);
    expect((thrown as ConnectionError).code).toBe(ErrorCode.compressionError);
  });
});

describe("the dynamic table (RFC 7541 4)", () => {
  test("two size updates before the fields: the smaller one evicts, the second rules", () => {
    const decoder = new HpackDecoder(4096);
    decodeFields(decoder, hex("4001610162"));
    decodeFields(decoder, hex("20 3fe11f 82"));
    expect(tableOf(decoder)).toEqual([]);
    decodeFields(decoder, hex("4001610162"));
    expect(tableOf(decoder)).toEqual([["a", "b"]]);
  });

  test("an entry larger than the table empties it and is no error", () => {
    const decoder = new HpackDecoder(64);
    decodeFields(decoder, hex("4001610162"));
    const long = "78".repeat(40);
    expect(decodeFields(decoder, hex(`400163 28${long}`)).fields).toEqual([["c", "x".repeat(40)]]);
    expect(tableOf(decoder)).toEqual([]);
  });

  test("a name can be that of an entry which its own addition evicts", () => {
    const decoder = new HpackDecoder(34);
    decodeFields(decoder, hex("4001610162"));
    expect(decodeFields(decoder, hex("7e0163")).fields).toEqual([["a", "c"]]);
    expect(tableOf(decoder)).toEqual([["a", "c"]]);
  });

  test("its version changes with every entry and size, not with fields that leave it alone", () => {
    const decoder = new HpackDecoder(4096);
    const { version } = decoder.table;
    decodeFields(decoder, hex("82 0401 61"));
    expect(decoder.table.version).toBe(version);
    decodeFields(decoder, hex("4001610162"));
    expect(decoder.table.version).not.toBe(version);
  });
});

test("[D03] of a long block nothing is held on to but what the table has room for", () => {
  const decoder = new HpackDecoder(4096);
  // Literals with indexing, "a: " each: four bytes on the wire, an object in memory.
  const block = Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.from([0x40, 0x01, 0x61, 0x00])));
  decoder.decode(block, 0, block.length, { onField() {} });
  expect([decoder.added.length, decoder.isSelfContained]).toEqual([0, false]);
  expect(decoder.table.size).toBeLessThanOrEqual(4096);
});
