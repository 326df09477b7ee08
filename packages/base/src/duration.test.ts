import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.for<[string, number]>([
  ["0s", 0],
  ["0h", 0],
  ["500ms", 500],
  ["10s", 10_000],
  ["1h30m", 5_400_000],
  ["1h2m3s4ms", 3_723_004],
  ["1s1s", 2000],
  ["1ms1h", 3_600_001],
  ["00010s", 10_000],
  ["99999h", 359_996_400_000],
])("%s is %d ms", ([text, ms]) => {
  expect(parseDuration(text)).toBe(ms);
});

test.for<[string, string]>([
  ["", "it is empty"],
  ["30", "the unit is missing"],
  ["-1s", "it has no sign"],
  ["+1s", "it has no sign"],
  ["1.5h", "there are no fractions"],
  ["1d", "all the units there are"],
  ["10us", "all the units there are"],
  ["100000s", "at most five digits"],
  ["1h1m1s1ms1h", "at most four parts"],
  ["1 h", "write whole numbers"],
  [" 1h", "write whole numbers"],
  ["1h\n", "write whole numbers"],
  ["h", "write whole numbers"],
  ["1H", "write whole numbers"],
  ["١s", "write whole numbers"],
])("%j is refused: %s", ([text, reason]) => {
  expect(() => parseDuration(text)).toThrow(reason);
  expect(() => parseDuration(text)).toThrow('such as "1h30m"');
});

test("a refusal quotes the text, but not all of a long one", () => {
  expect(() => parseDuration("ten")).toThrow(
    '"ten" is no duration: write whole numbers with units h, m, s or ms',
  );
  expect(() => parseDuration("x".repeat(1000))).toThrow(/^"x{40}\.\.\." is no duration/);
});
