import { seededRng } from "@waystone/base/rng";
import { expect, test } from "vitest";
import { forwardedFor, forwardedProto, type PeerTrust } from "./forwarded.ts";
import { buildRequestId, requestId } from "./request-id.ts";

const known: readonly PeerTrust[] = ["workload", "trusted-hop"];

test.for(known)("X-Forwarded-For is appended to for a %s (design.md section 5)", (trust) => {
  expect(forwardedFor(trust, ["203.0.113.7"], "10.0.0.5")).toBe("203.0.113.7, 10.0.0.5");
  expect(forwardedFor(trust, ["203.0.113.7", "10.0.0.9"], "10.0.0.5")).toBe(
    "203.0.113.7, 10.0.0.9, 10.0.0.5",
  );
  expect(forwardedFor(trust, [], "10.0.0.5")).toBe("10.0.0.5");
  expect(forwardedFor(trust, [""], "10.0.0.5")).toBe("10.0.0.5");
  expect(forwardedFor(trust, ["", "10.0.0.9"], "10.0.0.5")).toBe("10.0.0.9, 10.0.0.5");
});

test("X-Forwarded-For of anyone else is replaced, private address or not (CVE-2024-45806)", () => {
  expect(forwardedFor("unknown", ["127.0.0.1"], "10.0.0.5")).toBe("10.0.0.5");
});

test.for([
  ["workload", ["https"], "https"],
  ["trusted-hop", ["https"], "https"],
  ["unknown", ["https"], "http"],
  ["workload", ["https", "http"], "http"],
  ["workload", ["ftp"], "http"],
  ["workload", [], "http"],
] as const)("X-Forwarded-Proto from a %s with %j is %s", ([trust, existing, expected]) => {
  expect(forwardedProto(trust, existing, "http")).toBe(expected);
});

test.for(known)("X-Request-Id is kept from a %s", (trust) => {
  expect(requestId(trust, ["abc-123"], seededRng(1))).toBe("abc-123");
});

test.for([
  ["unknown", ["abc-123"], "from anyone else"],
  ["workload", [], "where there is none"],
  ["workload", ["a", "b"], "where there are two"],
  ["workload", [""], "where it is empty"],
  ["workload", ["a b"], "where it has a blank"],
  ["workload", ['a"b'], "where it has a quote"],
  ["workload", ["x".repeat(129)], "where it is too long"],
] as const)("X-Request-Id is made anew: %s %j %s", ([trust, existing]) => {
  expect(requestId(trust, existing, seededRng(1))).toBe(buildRequestId(seededRng(1)));
});

test("a request id is a random UUID (RFC 9562)", () => {
  const rng = seededRng(7);
  const ids = new Set(Array.from({ length: 1000 }, () => buildRequestId(rng)));
  expect(ids.size).toBe(1000);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
