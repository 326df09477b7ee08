import { expect, test } from "vitest";
import { framingOf } from "./framing.ts";
import { scanBlock } from "./testdata/scan-head.ts";

const read = (...lines: readonly string[]): string => {
  const framing = framingOf(scanBlock(lines.map((line) => `${line}\r\n`).join("")));
  return framing.type === "length" ? String(framing.bytes) : framing.type;
};

test.for([
  [["Host: a"], "none"],
  [["Content-Length: 0"], "0"],
  [["Content-Length: 5"], "5"],
  [["CONTENT-LENGTH:5"], "5"],
  [["Content-Length: 999999999999999"], "999999999999999"],
  [["Transfer-Encoding: chunked"], "chunked"],
  [["transfer-encoding:\tCHUNKED "], "chunked"],
  [["Transfer-Encoding: gzip"], "unknown-coding"],
] as const)("%j frames a body as %s", ([lines, expected]) => {
  expect(read(...lines)).toBe(expected);
});

test.for([
  "",
  "+5",
  "-1",
  "0x5",
  "1_0",
  "1 0",
  "5Z",
  "05",
  "00",
  "5,5",
  "5.0",
  "5e0",
  "\xb2",
  "1000000000000000",
  "Infinity",
])("a length of %j is bad", (value) => {
  expect(read(`Content-Length: ${value}`)).toBe("bad");
});

test.for([
  "",
  "chunked, chunked",
  "gzip, chunked",
  "chunked, gzip",
  "identity",
  "xchunked",
  "chunkedx",
  "chunked;q=1",
  '"chunked"',
  "\xa0chunked",
  "chunked,",
])("a coding of %j is bad", (value) => {
  expect(read(`Transfer-Encoding: ${value}`)).toBe("bad");
});

test.for([
  ["Content-Length: 5", "Content-Length: 5"],
  ["Content-Length: 5", "A: b", "content-length: 6"],
  ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
  ["Content-Length: 0", "Transfer-Encoding: chunked"],
  ["Transfer-Encoding: gzip", "Content-Length: 5"],
  ["Content-Length: x", "Transfer-Encoding: chunked"],
])("%j together are bad", (lines) => {
  expect(read(...lines)).toBe("bad");
});
