import * as fc from "@waystone/testkit/fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeToken,
  encodeToken,
  hashLength,
  isLive,
  maxEntries,
  maxTokenLength,
  type SessionEntry,
} from "./session-token.ts";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const hashes = fc
  .array(fc.constantFrom(...digits.split("")), { minLength: hashLength, maxLength: hashLength })
  .map((characters) => characters.join(""));
const entries: fc.Arbitrary<SessionEntry[]> = fc.array(
  fc.record({ hash: hashes, startedAtSeconds: fc.integer({ min: 0, max: 2 ** 36 - 1 }) }),
  { minLength: 1, maxLength: maxEntries },
);

test("what is encoded is decoded, and needs no quoting in a cookie or header (RFC 6265 4.1.1)", () => {
  fc.assert(
    fc.property(entries, (list) => {
      const token = encodeToken(list);
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(token.length).toBeLessThanOrEqual(maxTokenLength);
      expect(decodeToken(token)).toEqual(list);
    }),
  );
});

test("whatever a forger writes is a list of entries or none, and never an error", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 400 }), fc.string({ unit: "binary" })), (text) => {
      for (const { hash, startedAtSeconds } of decodeToken(text)) {
        expect(hash).toMatch(/^[A-Za-z0-9_-]{11}$/);
        expect(startedAtSeconds).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test("a token of which one character is wrong, missing or too many is none", () => {
  const token = encodeToken([{ hash: "abcdefghijk", startedAtSeconds: 1_700_000_000 }]);
  fc.assert(
    fc.property(fc.nat(token.length - 1), (at) => {
      expect(decodeToken(`${token.slice(0, at)}.${token.slice(at + 1)}`)).toEqual([]);
      expect(decodeToken(token.slice(0, at) + token.slice(at + 1))).toEqual([]);
      expect(decodeToken(`${token.slice(0, at)}A${token.slice(at)}`)).toEqual([]);
    }),
  );
});

test("more entries than a rule has backends are left out", () => {
  const many = Array.from({ length: 40 }, () => ({ hash: "abcdefghijk", startedAtSeconds: 1 }));
  expect(decodeToken(encodeToken(many))).toHaveLength(maxEntries);
  expect(decodeToken(`1${"abcdefghijkAAAAAB".repeat(17)}`)).toEqual([]);
});

describe("a session is live", () => {
  const begun = (startedAtSeconds: number): SessionEntry => ({ hash: "abcdefghijk", startedAtSeconds });
  const wallMs = 1_000_000_000;
  test.for<[string, number, number, boolean]>([
    ["without a time-out for ever", 1, 0, true],
    ["until its time-out", 1_000_000 - 89, 90_000, true],
    ["not from its time-out on", 1_000_000 - 90, 90_000, false],
    ["where another waypoint's clock is ahead by less than a minute", 1_000_060, 90_000, true],
    ["not where it begins later than clocks differ", 1_000_061, 90_000, false],
    ["not where it begins later, also without a time-out", 1_000_061, 0, false],
  ])("%s", ([, start, timeoutMs, expected]) => {
    expect(isLive(begun(start), timeoutMs, wallMs)).toBe(expected);
  });
});
