import { cpuMsOf } from "@waystone/testkit/cpu-time";
import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { JsonLines, LineTooLong } from "./json-lines.ts";

function read(chunks: readonly Uint8Array[], limitBytes = 1000): readonly string[] {
  const lines = new JsonLines({ limitBytes });
  return chunks.flatMap((chunk) => [...lines.push(chunk)]);
}

describe("lines", () => {
  test("are the same however the bytes are cut, also within a character", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => JSON.stringify(text));
    fc.assert(
      fc.property(
        fc.array(line),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (lines, sizes) => {
          const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(""), "utf8");
          const chunks: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = sizes[turn % sizes.length]!;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(read(chunks)).toEqual(lines);
        },
      ),
    );
  });

  test("are told apart from what is still to come", () => {
    const lines = new JsonLines({ limitBytes: 100 });
    expect([...lines.push(Buffer.from('{"a":1}\n{"b"'))]).toEqual(['{"a":1}']);
    expect(lines.pendingBytes).toBe(4);
    expect([...lines.push(Buffer.from(":2}\r\n\n"))]).toEqual(['{"b":2}']);
    expect(lines.pendingBytes).toBe(0);
  });

  test("are not held beyond the limit, in one chunk or in many", () => {
    expect(() => read([Buffer.alloc(1001, "a")])).toThrow(LineTooLong);
    expect(() => read(Array.from({ length: 11 }, () => Buffer.alloc(100, "a")))).toThrow(LineTooLong);
  });

  test("cost what they are long: 8 MiB in chunks of 1 KiB take no second", () => {
    const lines = new JsonLines({ limitBytes: 16 * 1024 * 1024 });
    const chunk = Buffer.alloc(1024, "a");
    const cost = cpuMsOf(() => {
      for (let at = 0; at < 8 * 1024; at++) expect([...lines.push(chunk)].length).toBe(0);
      expect([...lines.push(Buffer.from("\n"))][0]?.length).toBe(8 * 1024 * 1024);
    });
    expect(cost).toBeLessThan(1000);
  });
});
