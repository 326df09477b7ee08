import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { isServerNamePattern, normalizeServerName } from "./server-name.ts";

test.for([
  ["web.shop", "web.shop"],
  ["WEB.Shop", "web.shop"],
  ["web.shop.", "web.shop"],
  ["xn--bcher-kva.example", "xn--bcher-kva.example"],
  ["_acme.web", "_acme.web"],
  ["10.0.0.1", "10.0.0.1"],
  ["", undefined],
  [".", undefined],
  ["web..shop", undefined],
  ["web.shop..", undefined],
  ["-web.shop", undefined],
  ["web-.shop", undefined],
  ["web\0.shop", undefined],
  ["web shop", undefined],
  ["wéb.shop", undefined],
  // An ideographic full stop is no dot (CVE-2026-48618), and a Kelvin sign, in lower case, no k.
  ["web\u3002shop", undefined],
  ["\u212a8s.shop", undefined],
  ["*.shop", undefined],
  ["[::1]", undefined],
  ["a".repeat(63), "a".repeat(63)],
  ["a".repeat(64), undefined],
  [`${"a.".repeat(126)}a`, `${"a.".repeat(126)}a`],
  [`${"a.".repeat(126)}a.`, `${"a.".repeat(126)}a`],
  [`${"a.".repeat(126)}ab`, undefined],
] as const)("[U07] the server name %j is %j", ([text, expected]) => {
  expect(normalizeServerName(text)).toBe(expected);
});

test("a name that was brought into form stays as it is, and never has an upper-case letter", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "Z", "0", ".", "-", "_", "*", "\0", "é", "\u212a") }),
      (text) => {
        const name = normalizeServerName(text);
        if (name === undefined) return;
        expect(normalizeServerName(name)).toBe(name);
        expect(name).toMatch(/^[a-z0-9._-]+$/);
      },
    ),
  );
});

test.for([
  ["web.shop", true],
  ["*.shop", true],
  ["*", false],
  ["*.*.shop", false],
  ["a.*.shop", false],
  ["Web.shop", false],
  ["web.shop.", false],
] as const)("a route may be about %j: %s", ([text, expected]) => {
  expect(isServerNamePattern(text)).toBe(expected);
});
