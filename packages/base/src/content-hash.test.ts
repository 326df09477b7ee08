import { expect, test } from "vitest";
import { contentHash } from "./content-hash.ts";

test.for<[string, string]>([
  // FIPS 180-2 appendix B, and the empty message.
  ["abc", "ba7816bf8f01cfea"],
  ["", "e3b0c44298fc1c14"],
])("the hash of %j begins with %s", ([text, expected]) => {
  expect(contentHash(new TextEncoder().encode(text))).toBe(expected);
});

test("only the bytes of a view count, not those around it", () => {
  const around = new TextEncoder().encode("xabcx");
  expect(contentHash(around.subarray(1, 4))).toBe("ba7816bf8f01cfea");
});
