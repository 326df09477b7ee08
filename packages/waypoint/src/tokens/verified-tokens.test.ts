/** What is remembered of tokens is bounded, whoever brings how many. */
import { TokenClaims } from "@waystone/engine/authentication/token-claims";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { VerifiedTokens } from "./verified-tokens.ts";

const claims = new TokenClaims(
  { iss: "issuer", sub: "caller" },
  { exp: undefined, nbf: undefined, iat: undefined },
  [],
);
const tokenOf = (text: string) => ({ text, claims, signer: "ES256 key" });
/** A token counts three times its length. */
const counted = (length: number): number => 3 * length;

test("beyond the count the oldest goes, and what was asked for in between is no younger for it", () => {
  const tokens = new VerifiedTokens({ count: 2, bytes: 1000 });
  for (const text of ["a", "b"]) tokens.add(tokenOf(text));
  expect(tokens.get("a")?.claims).toBe(claims);
  tokens.add(tokenOf("c"));
  expect(["a", "b", "c"].map((text) => tokens.get(text) !== undefined)).toEqual([false, true, true]);
});

test("beyond the bytes as many of the oldest go as it takes; what is larger than all of that is not kept", () => {
  const tokens = new VerifiedTokens({ count: 100, bytes: counted(10) });
  for (const text of ["aaaa", "bbbb", "cc"]) tokens.add(tokenOf(text));
  expect(tokens.size).toBe(3);
  tokens.add(tokenOf("ddddd"));
  expect(["aaaa", "bbbb", "cc", "ddddd"].filter((text) => tokens.get(text) !== undefined)).toEqual([
    "cc",
    "ddddd",
  ]);
  tokens.add(tokenOf("e".repeat(11)));
  expect(tokens.size).toBe(0);
});

test("a token that comes again, or is taken out and comes again, is counted once", () => {
  const tokens = new VerifiedTokens({ count: 100, bytes: counted(10) });
  for (let i = 0; i < 50; i++) tokens.add(tokenOf("aaaaa"));
  for (let i = 0; i < 50; i++) {
    tokens.delete("bbbbb");
    tokens.add(tokenOf("bbbbb"));
  }
  expect(tokens.size).toBe(2);
  tokens.clear();
  tokens.add(tokenOf("cccccccccc"));
  expect(tokens.size).toBe(1);
});

test("whatever comes in whatever order, neither bound is passed, and the youngest that fits is there", () => {
  const texts = fc.array(fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom("a", "b") }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 8 }), (all, count) => {
      const tokens = new VerifiedTokens({ count, bytes: counted(20) });
      for (const text of all) {
        tokens.add(tokenOf(text));
        expect(tokens.get(text)?.text).toBe(text);
        const held = [...new Set(all)].filter((each) => tokens.get(each) !== undefined);
        expect(held.length).toBe(tokens.size);
        expect(tokens.size).toBeLessThanOrEqual(count);
        expect(counted(held.join("").length)).toBeLessThanOrEqual(counted(20));
      }
    }),
  );
});
