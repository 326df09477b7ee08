import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import { HeaderBlock } from "../header-block.ts";
import { Known } from "../known-headers.ts";
import { HeadScanner } from "./head-scanner.ts";
import { cutsOf, scanHead, wideLimits } from "./testdata/scan-head.ts";

const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");
const everyByte = (bytes: Buffer): number[] => Array.from(bytes, (_, at) => at + 1);

test("a head is its start line and its lines, in order, case kept, values without their blanks", () => {
  const head = "GET /a b\r\nHost: x\r\nA:\t b c \t\r\nempty:\r\nEMPTY: \t \r\na:b\xe9\r\n\r\n";
  expect(scanHead(bytesOf(`${head}body`))).toEqual({
    result: "done",
    startLine: "GET /a b",
    lines: [
      ["Host", "x", Known.host],
      ["A", "b c", 0],
      ["empty", "", 0],
      ["EMPTY", "", 0],
      ["a", "b\xe9", 0],
    ],
    headEnd: head.length,
    problem: "",
  });
});

test("a head may have no header lines", () => {
  expect(scanHead(bytesOf("X\r\n\r\n"))).toMatchObject({ result: "done", startLine: "X", lines: [] });
});

describe("what is wrong is named", () => {
  test.for([
    ["GET /\nA: b\r\n\r\n", "a start line ended by a bare LF"],
    ["GET\0/\r\n\r\n", "a control character in the start line"],
    ["GET /\rX\r\n\r\n", "a CR that no LF follows"],
    ["X\r\nA: b\n\r\n", "a header line ended by a bare LF"],
    ["X\r\nA: b\rc\r\n\r\n", "a CR that no LF follows"],
    ["X\r\nA: \x01\r\n\r\n", "a control character in a header value"],
    ["X\r\n: b\r\n\r\n", "a header line without a name"],
    ["X\r\nA b: c\r\n\r\n", "white space in or after a header name"],
    ["X\r\nA\t: c\r\n\r\n", "white space in or after a header name"],
    ["X\r\nA: b\r\n c\r\n\r\n", "a folded header line"],
    ["X\r\nA\r\n\r\n", "a header line without a colon"],
    ["X\r\nA\n\r\n", "a line ended by a bare LF"],
    ["X\r\n\n", "a line ended by a bare LF"],
    ["X\r\nA(: c\r\n\r\n", "a character that header names cannot have"],
    ["X\r\n\r\r\n", "a CR that no LF follows"],
  ] as const)("%j is bad: %s", ([text, problem]) => {
    expect(scanHead(bytesOf(text))).toMatchObject({ result: "bad", problem });
  });

  test.for([
    "",
    "G",
    "GET /\r",
    "GET /\r\n",
    "X\r\nA",
    "X\r\nA:",
    "X\r\nA: b\r",
    "X\r\nA: b\r\n",
    "X\r\nA: b\r\n\r",
  ])("%j may yet become a head", (text) => {
    expect(scanHead(bytesOf(text)).result).toBe("more");
    expect(scanHead(bytesOf(text), everyByte(bytesOf(text))).result).toBe("more");
  });

  test("a control character is refused before its line ends: a line need not come to its end to be wrong", () => {
    const bytes = bytesOf("X\r\nA: b\0");
    expect(scanHead(bytes, everyByte(bytes)).result).toBe("bad");
  });
});

describe("limits are exact, and the same for whole and trickled heads", () => {
  const start = "GET / HTTP/1.1\r\n";
  const fill = (length: number): Buffer =>
    bytesOf(`${start}A: ${"x".repeat(length - start.length - 7)}\r\n\r\n`);
  test.for([
    [100, "done"],
    [101, "too-large"],
  ] as const)("a head of %i bytes where 100 are allowed: %s", ([length, result]) => {
    const limits = { ...wideLimits, headerBytes: 100 };
    expect(fill(length).length).toBe(length);
    expect(scanHead(fill(length), [], limits).result).toBe(result);
    expect(scanHead(fill(length), everyByte(fill(length)), limits).result).toBe(result);
  });

  test.for([
    [20, "done"],
    [21, "start-line-too-long"],
  ] as const)("a start line of %i bytes where 20 are allowed: %s", ([length, result]) => {
    const limits = { ...wideLimits, startLineBytes: 20 };
    const bytes = bytesOf(`${"x".repeat(length)}\r\n\r\n`);
    expect(scanHead(bytes, [], limits).result).toBe(result);
    expect(scanHead(bytes, everyByte(bytes), limits).result).toBe(result);
  });

  test.for([
    [5, "done"],
    [6, "too-large"],
  ] as const)("%i header lines where 5 are allowed: %s", ([count, result]) => {
    const limits = { ...wideLimits, headerCount: 5 };
    const bytes = bytesOf(`${start}${"A: b\r\n".repeat(count)}\r\n`);
    expect(scanHead(bytes, [], limits).result).toBe(result);
    expect(scanHead(bytes, everyByte(bytes), limits).result).toBe(result);
  });

  test("a line without an end is refused at the limit, not kept for ever", () => {
    const limits = { ...wideLimits, headerBytes: 1000 };
    const endless = bytesOf(`${start}A: ${"x".repeat(1000)}`);
    expect(scanHead(endless, everyByte(endless), limits).result).toBe("too-large");
  });
});

/** Fragments that make right and wrong heads about equally likely. */
const fragment = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("A: b\r\n", "host: x\r\n", "Content-Length:5 \r\n", "x:\r\n") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "\r",
      "\n",
      "\r\n",
      " ",
      "\t",
      ":",
      "\0",
      "A",
      "\xa0",
      "A b: c\r\n",
      "\r\n x\r\n",
    ),
  },
);

test("any chunking of the same bytes gives the same result", () => {
  const head = fc
    .array(fragment, { maxLength: 8 })
    .map((parts) => `GET / HTTP/1.1\r\n${parts.join("")}\r\n\r\n`);
  fc.assert(
    fc.property(
      head.chain((text) => fc.tuple(fc.constant(bytesOf(text)), cutsOf(text.length))),
      ([bytes, cuts]) => {
        // Of two faults the one that is met first is named, and that may be another one.
        expect({ ...scanHead(bytes, cuts), problem: "" }).toEqual({ ...scanHead(bytes), problem: "" });
      },
    ),
    { numRuns: 2000 },
  );
});

test("a head of 64 KiB that comes byte by byte is read a few times, not once for every byte", () => {
  const bytes = bytesOf(`GET / HTTP/1.1\r\nA: ${"x".repeat(60_000)}\r\n${"B: c\r\n".repeat(500)}\r\n`);
  let reads = 0;
  const counted = new Proxy(bytes, {
    get(target, key) {
      reads++;
      return Reflect.get(target, key) as unknown;
    },
  });
  const scanner = new HeadScanner(wideLimits, new HeaderBlock());
  const results = new Set(everyByte(bytes).map((end) => scanner.scan(counted, 0, end)));
  expect([...results]).toEqual(["more", "done"]);
  expect(reads).toBeLessThan(bytes.length * 8);
});
