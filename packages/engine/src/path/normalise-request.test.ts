import { expect, test } from "vitest";
import { normaliseRequest } from "./normalise-request.ts";

function normalise(method: string, target: string, authority = "web.shop") {
  const request = { method, host: "", path: "", query: "", hasQuery: false };
  const refusal = normaliseRequest(request, target, authority);
  return refusal ?? { host: request.host, path: request.path, query: request.query };
}

test("what is judged is what will be forwarded: dot segments, escapes and the root's dot are gone", () => {
  expect(normalise("GET", "/a/../%61dmin?x=1", "Web.Shop.:80")).toEqual({
    host: "web.shop",
    path: "/admin",
    query: "x=1",
  });
});

test.for([
  ["GET", "*", "bad-path"],
  ["OPTIONS", "*", "asterisk"],
  ["CONNECT", "web.shop:80", "method-not-allowed"],
  ["GET", "web.shop:80", "bad-path"],
  ["CONNECT", "/", "method-not-allowed"],
  ["GET", "https://web.shop/", "bad-path"],
  ["GET", "http://other.shop/", "bad-path"],
  ["GET", "/a\\b", "bad-path"],
] as const)("%s %s is refused: %s (RFC 9112 3.2)", ([method, target, kind]) => {
  expect(normalise(method, target)).toMatchObject({ kind });
});
