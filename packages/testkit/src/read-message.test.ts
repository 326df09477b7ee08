import { describe, expect, test } from "vitest";
import { headerValue, readAllRequests, readRequest, readResponse } from "./read-message.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");

test("a request with a length is read to its last byte and not beyond", () => {
  const request = readRequest(bytes("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET"));
  expect(request?.method).toBe("POST");
  expect(request?.body.toString()).toBe("abc");
  expect(request?.raw.subarray(-3).toString()).toBe("abc");
});

test("a chunked request gives its body and trailers", () => {
  const wire = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX-T: 1\r\n\r\n";
  const request = readRequest(bytes(wire));
  expect(request?.body.toString()).toBe("abc");
  expect(request?.trailers).toEqual([["X-T", "1"]]);
});

test.for([1, 20, 55, 63])("a message of which %d bytes have come is not there yet", (length) => {
  const wire = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\n\r\n";
  expect(readRequest(bytes(wire).subarray(0, length))).toBeUndefined();
});

describe("what is no message", () => {
  test.for([
    ["a bare line feed in the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n"],
    ["a space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"],
    ["a folded line", "GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n"],
    ["two lengths", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"],
    ["a length and a coding", "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx"],
    ["a signed length", "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx"],
    ["a chunk size with a blank", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n 1\r\nx\r\n0\r\n\r\n"],
    ["chunk data that spills", "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n"],
    ["a NUL in a value", "GET / HTTP/1.1\r\nHost: \0\r\n\r\n"],
  ])("%s", ([, wire = ""]) => {
    expect(() => readRequest(bytes(wire))).toThrow();
  });
});

test("obs-text stays in a value, byte by byte", () => {
  const request = readRequest(bytes("GET / HTTP/1.1\r\nX: \xa0a\x85\r\n\r\n"));
  expect(request && headerValue(request, "x")).toBe("\xa0a\x85");
});

test("a response without framing ends with its connection", () => {
  const wire = bytes("HTTP/1.1 200 OK\r\nA: b\r\n\r\nrest");
  expect(readResponse(wire)).toBeUndefined();
  expect(readResponse(wire, { ended: true })?.body.toString()).toBe("rest");
});

test("the answer to a HEAD has no body", () => {
  const wire = bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
  expect(readResponse(wire, { method: "HEAD" })?.body.length).toBe(0);
});

test("a stream is read into all of its requests, and a remainder is an error", () => {
  const one = "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n";
  expect(readAllRequests(bytes(one + one)).length).toBe(2);
  expect(() => readAllRequests(bytes(`${one}GET`))).toThrow("3 bytes left over");
});
