import { compileHeaderModifier, type HeaderModifier } from "@waystone/engine/headers/header-modifier";
import { Problems } from "@waystone/engine/route/problems";
import { describe, expect, test } from "vitest";
import { Known } from "../known-headers.ts";
import { ResponseHead, unknownLength } from "../message.ts";
import type { OutgoingRequest, OutgoingResponse } from "../outgoing.ts";
import { droppedTable, plainDropped } from "../dropped-headers.ts";
import {
  serializeInformational,
  serializeRequestHead,
  serializeResponseHead,
  serializeTrailers,
} from "./serialize-head.ts";
import { scanBlock } from "./testdata/scan-head.ts";

const request = (more: Partial<OutgoingRequest> & { readonly lines?: string } = {}): string =>
  serializeRequestHead({
    method: "GET",
    target: "/",
    authority: "a",
    block: scanBlock(more.lines ?? ""),
    dropped: droppedTable(Known.host, Known.expect),
    connectionNames: undefined,
    modifiers: [],
    added: "",
    bodyLength: 0,
    expectsContinue: false,
    acceptsTrailers: false,
    forwarded: undefined,
    upgrade: "",
    ...more,
  });

const response = (more: Partial<OutgoingResponse> & { readonly lines?: string } = {}): OutgoingResponse => ({
  status: 200,
  reason: "OK",
  block: scanBlock(more.lines ?? ""),
  dropped: plainDropped,
  connectionNames: undefined,
  modifiers: [],
  added: "",
  bodyLength: 0,
  close: false,
  upgrade: "",
  ...more,
});

function modifier(input: Parameters<typeof compileHeaderModifier>[0]): HeaderModifier {
  return compileHeaderModifier(input, "filter", new Problems());
}

describe("requests", () => {
  test("lines that pass keep their bytes and their order, around those that do not", () => {
    const lines =
      "A:  1 \r\nHost: x\r\nb:2\r\nConnection: close\r\nTE: gzip\r\nC: 3\r\nC: 4\r\nUpgrade: h2c\r\n";
    expect(request({ lines })).toBe("GET / HTTP/1.1\r\nHost: a\r\nA:  1 \r\nb:2\r\nC: 3\r\nC: 4\r\n\r\n");
  });

  test("hop-by-hop headers, the client's framing and what Connection names are left out", () => {
    const hopByHop = [
      "Keep-Alive",
      "Proxy-Connection",
      "Proxy-Authenticate",
      "Proxy-Authorization",
      "TE",
      "Trailer",
    ];
    const framing = ["Transfer-Encoding", "Content-Length", "Upgrade", "HTTP2-Settings", "Connection"];
    const lines = [...hopByHop, ...framing, "X-Named"].map((name) => `${name}: 1\r\n`).join("");
    expect(request({ lines, connectionNames: new Set(["x-named"]) })).toBe(
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    );
  });

  test.for([
    ["GET", 0, ""],
    ["DELETE", 0, ""],
    ["POST", 0, "Content-Length: 0\r\n"],
    ["PUT", 0, "Content-Length: 0\r\n"],
    ["PATCH", 0, "Content-Length: 0\r\n"],
    ["GET", 7, "Content-Length: 7\r\n"],
    ["GET", unknownLength, "Transfer-Encoding: chunked\r\n"],
  ] as const)("%s with a body of %i bytes is framed by %j", ([method, bodyLength, line]) => {
    expect(request({ method, bodyLength })).toBe(`${method} / HTTP/1.1\r\nHost: a\r\n${line}\r\n`);
  });

  test("TE: trailers and an upgrade are asked for anew, with the Connection line that they need", () => {
    expect(request({ acceptsTrailers: true })).toContain("\r\nConnection: TE\r\nTE: trailers\r\n");
    expect(request({ upgrade: "websocket" })).toContain("\r\nConnection: upgrade\r\nUpgrade: websocket\r\n");
  });

  test("modifiers remove and replace whole names, in their order; our own lines come last", () => {
    const text = request({
      lines: "A: 1\r\na: 2\r\nB: 3\r\nC: 4\r\n",
      modifiers: [
        modifier({ set: [{ name: "A", value: "new" }], add: [{ name: "D", value: "5" }], remove: ["b"] }),
        modifier({ add: [{ name: "C", value: "6" }], remove: ["d"] }),
      ],
      added: "X: y\r\n",
    });
    expect(text).toBe("GET / HTTP/1.1\r\nHost: a\r\nC: 4\r\nA: new\r\nC: 6\r\nX: y\r\n\r\n");
  });
});

describe("answers", () => {
  test.for([
    ["none", unknownLength, false, ""],
    ["none", 5, false, "Content-Length: 5\r\n"],
    ["length", 5, false, "Content-Length: 5\r\n"],
    ["length", 0, true, "Content-Length: 0\r\nConnection: close\r\n"],
    ["chunked", unknownLength, false, "Transfer-Encoding: chunked\r\n"],
    ["until-close", unknownLength, true, "Connection: close\r\n"],
  ] as const)("framed by %s, length %i, close %s: %j", ([framing, length, close, lines]) => {
    const text = serializeResponseHead(
      response({ lines: "A: b\r\nContent-Length: 9\r\n" }),
      framing,
      length,
      close,
    );
    expect(text).toBe(`HTTP/1.1 200 OK\r\nA: b\r\n${lines}\r\n`);
  });

  test("the status and its reason are the upstream's, an empty one too", () => {
    const line = (status: number, reason: string): string =>
      serializeResponseHead(response({ status, reason }), "none", unknownLength, false);
    expect(line(404, "Nope")).toBe("HTTP/1.1 404 Nope\r\n\r\n");
    expect(line(200, "")).toBe("HTTP/1.1 200 \r\n\r\n");
  });

  test("a switch of protocols has no framing", () => {
    const switching = response({
      status: 101,
      reason: "Switching Protocols",
      upgrade: "websocket",
      lines: "Upgrade: x\r\n",
    });
    expect(serializeResponseHead(switching, "none", unknownLength, false)).toBe(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
  });

  test("1xx answers pass their end-to-end lines alone", () => {
    const head = new ResponseHead();
    head.status = 103;
    head.reason = "Early Hints";
    head.connectionNames = new Set(["x-hop"]);
    Object.assign(head, {
      headers: scanBlock("Link: </x>\r\nConnection: x-hop\r\nX-Hop: 1\r\nContent-Length: 0\r\n"),
    });
    expect(serializeInformational(head)).toBe("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
  });
});

test("trailers that frame, route or judge the message are dropped, others keep their bytes", () => {
  const forbidden = [
    "Host",
    "Content-Length",
    "Transfer-Encoding",
    "Authorization",
    "Content-Type",
    "Set-Cookie",
    "Expect",
  ];
  const more = [
    "Cookie",
    "Connection",
    "TE",
    "Trailer",
    "X-Forwarded-For",
    "Forwarded",
    "X-Forwarded-Client-Cert",
  ];
  const lines = [...forbidden, ...more].map((name) => `${name}: 1\r\n`).join("");
  expect(serializeTrailers(scanBlock(`grpc-status: 0\r\n${lines}X-Sum:  a \r\n`))).toBe(
    "grpc-status: 0\r\nX-Sum:  a \r\n",
  );
});
