import { expect, test } from "vitest";
import { resolvePlainScalar } from "./plain-scalar.ts";

test.for<[text: string, value: unknown, rule: string]>([
  ["yes", true, "YAML 1.1's words are booleans, as kubectl reads them"],
  ["Off", false, "in the three usual cases"],
  ["oN", "oN", "and in no other"],
  ["n", false, "even one letter"],
  ["", null, "nothing is null"],
  ["~", null, "a tilde is null"],
  ["Null", null, "null has three cases"],
  ["80", 80, "digits are an integer"],
  ["-0x1F", -31, "hexadecimal, with a sign"],
  ["0o17", 15, "octal, the new way"],
  ["017", 15, "octal, the old way"],
  ["0b101", 5, "binary"],
  ["08", 8, "what is no octal number is a float"],
  ["1_000", 1000, "underscores part digits"],
  ["+1", 1, "a plus sign"],
  ["-0", 0, "minus nothing is nothing"],
  ["1.20", 1.2, "a version number is a float"],
  ["1e3", 1000, "with an exponent"],
  [".5", 0.5, "beginning with the point"],
  ["1.2.3", "1.2.3", "two points are no number"],
  ["10.0.0.1", "10.0.0.1", "an address is text"],
  ["1:30", "1:30", "no base 60"],
  ["2026-01-31", "2026-01-31", "a date is text"],
  ["-", "-", "a sign alone is text"],
  ["1Gi", "1Gi", "a quantity is text"],
  [".inf", Infinity, "infinity"],
  ["constructor", "constructor", "no word of JavaScript's is special"],
])("%s reads as %s: %s", ([text, value]) => {
  expect(resolvePlainScalar(text)).toBe(value);
});
