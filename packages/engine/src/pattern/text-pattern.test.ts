import { expect, test } from "vitest";
import { exactPattern } from "./text-pattern.ts";

test.for([
  ["an equal text matches", "true", "true", true],
  ["case counts", "true", "True", false],
  ["a part is not the whole", "true", "trues", false],
  ["blanks count", "a b", "a  b", false],
  ["the empty value matches the empty text", "", "", true],
  ["a value outside of ASCII is compared as the bytes of its UTF-8", "é", "\xc3\xa9", true],
  ["and not as the code point", "é", "\xe9", false],
] as const)("exact: %s", ([, value, text, matches]) => {
  expect(exactPattern(value).test(text)).toBe(matches);
});

test("a pattern tells what the user wrote", () => {
  expect(exactPattern("é").source).toBe("é");
});
