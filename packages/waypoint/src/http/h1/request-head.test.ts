import { describe, expect, test } from "vitest";
import { noBody, RequestHead, unknownLength } from "../message.ts";
import { HeadScanner } from "./head-scanner.ts";
import { parseRequestHead } from "./request-head.ts";
import { wideLimits } from "./testdata/scan-head.ts";

type Read = Partial<RequestHead> & {
  readonly close?: boolean;
  readonly kind?: string;
  readonly problem?: string;
};

/** On a head that served another request before, as they all do. */
function read(text: string, targetLimit = 8192): Read {
  const head = new RequestHead();
  const scanner = new HeadScanner(wideLimits, head.headers);
  const parse = (request: string): object => {
    const bytes = Buffer.from(`x${request}\r\n`, "latin1");
    scanner.reset();
    const result = scanner.scan(bytes, 1, bytes.length);
    if (result !== "done") throw new Error(`${result}: ${scanner.problem}`);
    head.headers.text = bytes.toString("latin1", 1, scanner.headEnd);
    return parseRequestHead(bytes, 1, 1 + scanner.startLineEnd, head, targetLimit);
  };
  parse(
    "POST /before HTTP/1.0\r\nHost: before\r\nContent-Length: 9\r\nTE: trailers\r\nConnection: x-before\r\n",
  );
  parse(
    "GET /ws HTTP/1.1\r\nHost: before\r\nConnection: upgrade\r\nUpgrade: websocket\r\nExpect: 100-continue\r\n",
  );
  const parsed = parse(text);
  const { headers: _, ...said } = head;
  return { ...said, ...parsed };
}

const plain: Read = {
  method: "GET",
  target: "/",
  authority: "a",
  version: "HTTP/1.1",
  bodyLength: noBody,
  expectsContinue: false,
  acceptsTrailers: false,
  upgrade: "",
  connectionNames: undefined,
  close: false,
};

describe("what a head says", () => {
  test.for([
    ["GET / HTTP/1.1\r\nHost: a\r\n", {}],
    ["OPTIONS * HTTP/1.1\r\nHost: a:80\r\n", { method: "OPTIONS", target: "*", authority: "a:80" }],
    ["GET / HTTP/1.0\r\nHost: a\r\n", { version: "HTTP/1.0", close: true }],
    ["GET / HTTP/1.0\r\n", { version: "HTTP/1.0", authority: "", close: true }],
    ["GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n", { version: "HTTP/1.0", close: true }],
    ["GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", { close: true }],
    ["PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n", { method: "PUT", bodyLength: 7 }],
    ["PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n", { method: "PUT", bodyLength: 0 }],
    [
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n",
      { method: "PUT", bodyLength: unknownLength },
    ],
    ["GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n", { acceptsTrailers: true }],
    ["GET / HTTP/1.1\r\nHost: a\r\nTE: gzip;q=1, TRAILERS\r\n", { acceptsTrailers: true }],
    ["GET / HTTP/1.1\r\nHost: a\r\nTE: xtrailers\r\n", {}],
    ["GET / HTTP/1.1\r\nHost: a\r\nConnection: X-A\r\n", { connectionNames: new Set(["x-a"]) }],
  ] as const)("%j", ([text, expected]) => {
    expect(read(text)).toEqual({ ...plain, ...expected });
  });

  test("100-continue is expected with a body alone, and never by HTTP/1.0", () => {
    const expects = (version: string, lines: string): boolean | undefined =>
      read(`POST / ${version}\r\nHost: a\r\nExpect: 100-Continue\r\n${lines}`).expectsContinue;
    expect(expects("HTTP/1.1", "Content-Length: 5\r\n")).toBe(true);
    expect(expects("HTTP/1.1", "Transfer-Encoding: chunked\r\n")).toBe(true);
    expect(expects("HTTP/1.1", "Content-Length: 0\r\n")).toBe(false);
    expect(expects("HTTP/1.1", "")).toBe(false);
    expect(expects("HTTP/1.0", "Content-Length: 5\r\n")).toBe(false);
  });

  test.for([
    ["GET", "HTTP/1.1", "Connection: upgrade\r\nUpgrade: WebSocket\r\n", "websocket"],
    ["GET", "HTTP/1.1", "Upgrade: websocket\r\n", ""],
    ["GET", "HTTP/1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n", ""],
    ["POST", "HTTP/1.1", "Connection: upgrade\r\nUpgrade: websocket\r\n", ""],
    ["GET", "HTTP/1.1", "Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n", ""],
    ["GET", "HTTP/1.1", "Connection: upgrade\r\nUpgrade: h2c\r\n", ""],
    ["GET", "HTTP/1.1", "Connection: upgrade\r\nUpgrade: websocket, h2c\r\n", ""],
    ["GET", "HTTP/1.1", "Connection: upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n", ""],
    ["GET", "HTTP/1.1", "Connection: upgrade\r\n", ""],
  ] as const)("%s %s with %j upgrades to %j", ([method, version, lines, upgrade]) => {
    expect(read(`${method} / ${version}\r\nHost: a\r\n${lines}`).upgrade).toBe(upgrade);
  });
});

describe("what is refused, and with which answer", () => {
  test.for([
    ["GET / HTTP/1.1\r\n", "bad-request"],
    ["GET / HTTP/1.1\r\nHost:\r\n", "bad-request"],
    ["GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n", "bad-request"],
    ["GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n", "bad-request"],
    ["GET / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\n", "bad-request"],
    ["GET / HTTP/1.1\r\nHost: a\r\nConnection: host\r\n", "bad-request"],
    ["GET / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n", "bad-request"],
    ["GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n", "unsupported-coding"],
    ["GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n", "bad-request"],
    ["GET / HTTP/2.0\r\nHost: a\r\n", "unsupported-version"],
    ["GET / HTTP/1.2\r\nHost: a\r\n", "bad-request"],
    ["GET / http/1.1\r\nHost: a\r\n", "bad-request"],
    ["GET /\r\nHost: a\r\n", "bad-request"],
    ["GET  / HTTP/1.1\r\nHost: a\r\n", "bad-request"],
    ["GET /\xe9 HTTP/1.1\r\nHost: a\r\n", "bad-request"],
    ["GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n", "expectation-failed"],
    ["GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, x\r\n", "expectation-failed"],
    ["GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nExpect: x\r\n", "expectation-failed"],
  ] as const)("%j is %s", ([text, kind]) => {
    expect(read(text)).toMatchObject({ kind });
  });

  test("a target at its limit passes, one byte more does not", () => {
    expect(read(`GET /${"a".repeat(99)} HTTP/1.1\r\nHost: a\r\n`, 100)).not.toHaveProperty("kind");
    expect(read(`GET /${"a".repeat(100)} HTTP/1.1\r\nHost: a\r\n`, 100)).toMatchObject({
      kind: "target-too-long",
    });
  });

  test("a method has 64 characters at most", () => {
    expect(read(`${"G".repeat(64)} / HTTP/1.1\r\nHost: a\r\n`)).not.toHaveProperty("kind");
    expect(read(`${"G".repeat(65)} / HTTP/1.1\r\nHost: a\r\n`)).toMatchObject({ kind: "bad-request" });
  });

  test("the log of a request line that is none does not show the request before", () => {
    expect(read("(GET) / HTTP/1.1\r\nHost: a\r\n")).toMatchObject({ method: "", target: "", authority: "" });
    expect(read("GET \xe9 HTTP/1.1\r\nHost: a\r\n")).toMatchObject({
      method: "GET",
      target: "",
      authority: "",
    });
  });
});
