import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { hashMultiplier, hashStart, Known, knownCount, knownId, knownIdOfBytes } from "./known-headers.ts";

/** As the scanner does it. */
function idOf(name: string): number {
  const bytes = Buffer.from(`xx${name}xx`, "latin1");
  let hash = hashStart;
  for (const char of name.toLowerCase()) hash = (Math.imul(hash, hashMultiplier) + char.charCodeAt(0)) | 0;
  return knownIdOfBytes(hash, bytes, 2, bytes.length - 2);
}

test("every known name is found by its bytes and by its text, in any case", () => {
  const names = Object.entries(Known);
  expect(names.length).toBe(knownCount - 1);
  for (const [name, id] of names) {
    expect([idOf(name), idOf(name.toUpperCase()), knownId(name)]).toEqual([id, id, id]);
  }
});

test("no other name is taken for a known one, however near", () => {
  const known = new Set(Object.keys(Known));
  const near = fc.constantFrom(...known).chain((name) =>
    fc.oneof(
      fc.constant(name.replace("-", "_")),
      fc.constant(`${name}s`),
      fc.constant(name.slice(1)),
      fc.nat(name.length - 1).map((at) => `${name.slice(0, at)}x${name.slice(at + 1)}`),
      // The bit that tells the cases apart, flipped in a character that is no letter.
      fc
        .nat(name.length - 1)
        .map(
          (at) => name.slice(0, at) + String.fromCharCode(name.charCodeAt(at) ^ 0x20) + name.slice(at + 1),
        ),
    ),
  );
  fc.assert(
    fc.property(near, (name) => {
      const lower = name.toLowerCase();
      const expected = known.has(lower) ? Known[lower as keyof typeof Known] : 0;
      if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) expect(idOf(name)).toBe(expected);
      expect(knownId(lower)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
