import { describe, expect, test } from "vitest";
import { ResponseHead, unknownLength } from "../message.ts";
import { HeadScanner } from "./head-scanner.ts";
import { keepAliveSeconds, parseResponseHead } from "./response-head.ts";
import { scanBlock, wideLimits } from "./testdata/scan-head.ts";

function read(text: string, method = "GET"): object | string {
  const head = new ResponseHead();
  const bytes = Buffer.from(`x${text}\r\n`, "latin1");
  const scanner = new HeadScanner(wideLimits, head.headers);
  if (scanner.scan(bytes, 1, bytes.length) !== "done") throw new Error(scanner.problem);
  head.headers.text = bytes.toString("latin1", 1, scanner.headEnd);
  const parsed = parseResponseHead(bytes, 1, 1 + scanner.startLineEnd, head, method);
  if (typeof parsed === "string") return parsed;
  const { status, reason, bodyLength } = head;
  return { status, reason, bodyLength, ...parsed };
}

describe("where the body of an answer ends, and whether its connection can serve another", () => {
  test.for([
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "GET", "length", 5, true],
    ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "GET", "none", 0, true],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", "GET", "chunked", unknownLength, true],
    ["HTTP/1.1 200 OK\r\n", "GET", "until-close", unknownLength, false],
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n", "GET", "length", 5, false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 5\r\n", "GET", "length", 5, false],
    ["HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n", "GET", "length", 5, true],
    ["HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n", "GET", "until-close", unknownLength, false],
    ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "HEAD", "none", 5, true],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", "HEAD", "none", unknownLength, true],
    ["HTTP/1.1 200 OK\r\n", "HEAD", "none", unknownLength, true],
    ["HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n", "GET", "none", 5, true],
    ["HTTP/1.1 204 No Content\r\n", "GET", "none", 0, true],
    ["HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n", "GET", "none", 0, true],
    ["HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n", "GET", "none", 0, false],
    ["HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n", "GET", "none", 0, false],
    ["HTTP/1.1 100 Continue\r\n", "GET", "none", 0, true],
    ["HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n", "GET", "none", 0, true],
  ] as const)("%j to %s: %s of %i bytes, reusable: %s", ([text, method, framing, bodyLength, reusable]) => {
    expect(read(text, method)).toMatchObject({ framing, bodyLength, reusable });
  });

  test.for([
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 05\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n",
    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n",
    "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nTransfer-Encoding: chunked\r\n",
    "HTTP/1.1 200 OK\r\nConnection: content-length\r\n",
  ])("%j leaves a doubt, even where no body is expected", (text) => {
    expect(read(text)).toBeTypeOf("string");
    expect(read(text, "HEAD")).toBeTypeOf("string");
  });
});

describe("status lines", () => {
  test.for([
    ["HTTP/1.1 200 OK", 200, "OK"],
    ["HTTP/1.1 200 Fine, thanks \xe9", 200, "Fine, thanks \xe9"],
    ["HTTP/1.1 404 Not Found", 404, "Not Found"],
    ["HTTP/1.1 200 ", 200, ""],
    ["HTTP/1.1 200", 200, ""],
    ["HTTP/1.0 599 x", 599, "x"],
  ] as const)("%j is %i %j", ([line, status, reason]) => {
    expect(read(`${line}\r\n`)).toMatchObject({ status, reason });
  });

  test.for([
    "HTTP/1.1 20",
    "HTTP/1.1 2000 x",
    "HTTP/1.1 20x OK",
    "HTTP/1.1 099 x",
    "HTTP/1.1 600 x",
    "HTTP/1.1  200 OK",
    "HTTP/1.1\t200 OK",
    "HTTP/1.1 200\tOK",
    "HTTP/2.0 200 OK",
    "HTTP/1.2 200 OK",
    "http/1.1 200 OK",
    "ICY 200 OK here",
    "200 OK and more",
    " HTTP/1.1 200 OK",
  ])("%j is none", (line) => {
    expect(read(`${line}\r\n`)).toBeTypeOf("string");
  });
});

test.for([
  ["timeout=5", 5],
  ["timeout=5, max=100", 5],
  ["max=100, Timeout=7", 7],
  ["timeout=0", 0],
  ["xtimeout=5", undefined],
  ["timeout=", undefined],
  ["timeout=5s", undefined],
  ["timeout=99999999999", undefined],
] as const)("Keep-Alive: %s keeps an idle connection %s seconds", ([value, seconds]) => {
  expect(keepAliveSeconds(scanBlock(`Keep-Alive: ${value}\r\n`))).toBe(seconds);
});
