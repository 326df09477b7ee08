import { cpuMsOf } from "@waystone/testkit/cpu-time";
import * as fc from "@waystone/testkit/fast-check";
import { RE2JS } from "re2js";
import { describe, expect, test } from "vitest";
import { compileProgram } from "./regex-program.ts";
import { RegexSimulation } from "./regex-simulation.ts";
import { regexPattern } from "./text-pattern.ts";

describe("an expression matches the whole text, as RE2 does", () => {
  test.for([
    ["/v[0-9]", "/v1", true, "equal"],
    ["/v[0-9]", "/v1/x", false, "a longer text does not match (reference T08: anchored full match)"],
    ["/v[0-9]", "x/v1", false, "nor does one with something before it"],
    ["^/v1$", "/v1", true, "anchors of the user's own change nothing"],
    ["a|ab", "ab", true, "alternatives are tried against the whole text, not leftmost-first"],
    ["", "", true, "the empty expression matches the empty text"],
    ["", "a", false, "and nothing else"],
    [".*", "a/b?c", true, "the dot is any byte"],
    [".*", "a\nb", false, "but the newline"],
    ["(?s).*", "a\nb", true, "unless (?s) says so"],
    ["(?i)foo", "FoO", true, "(?i) is understood"],
    ["web.shop", "web-shop", true, "an unescaped dot is any byte"],
    ["web\\.shop", "web-shop", false, "an escaped dot is a dot (CVE-2026-39350)"],
    ["\\bfoo\\b.*", "foo bar", true, "word boundaries"],
    ["foo\\b.*", "foobar", false, "word boundaries are where words end"],
    ["foo\\B.*", "foobar", true, "and \\B where they do not"],
    ["(?m)a$\n^b", "a\nb", true, "line anchors in (?m)"],
    ["\\Aa\\z", "a", true, "\\A and \\z"],
    ["[[:alpha:]]+", "abc", true, "POSIX classes"],
    ["\\Qa.b\\E", "a.b", true, "quoted text"],
    ["\\Qa.b\\E", "axb", false, "quoted text is literal"],
    ["(?P<id>\\d+)", "42", true, "named groups"],
    ["x{2,3}", "xx", true, "counted repetition"],
    ["x{2,3}", "xxxx", false, "counted repetition has an end"],
    ["[^/]+", "\xff\xfe", true, "bytes above ASCII are bytes like others"],
    ["\\xff", "\xff", true, "a byte can be written as \\xHH"],
    [".", "\u20ac", false, "what is no byte matches nothing"],
    ["a[^\\x00-\\xff]", "ab", false, "an expression that no byte can satisfy matches nothing"],
  ] as const)("%s against %j is %s: %s", ([source, text, matches]) => {
    expect(regexPattern(source).test(text)).toBe(matches);
  });
});

test.for([
  ["(", /"\(" is not RE2 syntax: .*missing closing \)/],
  ["a**", /not RE2 syntax: .*invalid nested repetition/],
  ["(a)\\1", /not RE2 syntax: .*invalid escape sequence/],
  ["(?=a)", /not RE2 syntax: .*invalid or unsupported Perl syntax/],
  ["é", /outside of ASCII; write its UTF-8 bytes as \\xHH/],
  ["a".repeat(1025), /1025 characters, more than 1024/],
  ["a{1000}".repeat(2), /more than 1000 instructions; use smaller repeat counts/],
  ["((a{0,100}){0,10}){0,1}", /more than 1000 instructions/],
  ["\\pL{1000}".repeat(100), /more than 1000 instructions/],
] as const)("%s is refused with a reason", ([source, reason]) => {
  expect(() => regexPattern(source)).toThrow(reason);
});

test("a hostile expression is refused before it is compiled", () => {
  const cost = cpuMsOf(() => {
    for (let i = 0; i < 100; i++)
      expect(() => regexPattern("(a?){1000}".repeat(100))).toThrow(/instructions/);
  });
  expect(cost).toBeLessThan(1000);
});

/** The best of ten, for machines that are slow now and then: quadratic behaviour would take minutes on this text (D14). */
test.for(["(a+)+$", "(a|a)*b", "(a*)*b", "(.*a){20}", "(x+x+)+y", "(a|aa)+$"])(
  "[D14] %s runs over 64 KiB in linear time",
  (source) => {
    const pattern = regexPattern(source);
    const subject = `${"a".repeat(65_535)}c`;
    const best = Math.min(
      ...Array.from({ length: 10 }, () => cpuMsOf(() => expect(pattern.test(subject)).toBe(false))),
    );
    expect(best).toBeLessThan(10);
  },
);

test("an expression that would need a million states is simulated instead", () => {
  const pattern = regexPattern("(a|b)*a(a|b){20}");
  expect(pattern.test(`bbba${"b".repeat(20)}`)).toBe(true);
  expect(pattern.test(`bbbb${"b".repeat(20)}`)).toBe(false);
  expect(pattern.test(`bbba${"b".repeat(19)}\u20ac`)).toBe(false);
});

test.for([
  ["/api/v[0-9]+/x", "/api/v"],
  ["/api(/.*)?", "/api"],
  ["/a|/b", "/"],
  ["(?i)/api", "/"],
  ["/exact", "/exact"],
  [".*", ""],
  ["^/foo/.*$", "/foo/"],
  ["x{3}y*", "xxx"],
] as const)("every text that %s matches begins with %j", ([source, prefix]) => {
  expect(regexPattern(source).literalPrefix).toBe(prefix);
});

/** Expressions over a small alphabet, so that random texts often match. */
const expression: fc.Arbitrary<string> = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.constantFrom(
    "a",
    "b",
    "c",
    ".",
    "[ab]",
    "[^a]",
    "\\d",
    "\\w",
    "\\b",
    "\\B",
    "^",
    "$",
    "\\n",
    "(?i:A)",
    "[a-c]",
    "\\x61",
  ),
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("atom"),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => a + b),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(${a}|${b})`),
    fc
      .tuple(tie("node"), fc.constantFrom("*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?"))
      .map(([a, q]) => `(?:${a})${q}`),
  ),
})).node;
const subject = fc.string({
  unit: fc.constantFrom("a", "b", "c", "A", "1", "\n", " ", "\xe9"),
  maxLength: 8,
});

/** Repeated repetitions grow fast: what is refused for its size (above) is no case of the property. */
function isWithinLimits(source: string): boolean {
  try {
    regexPattern(source);
    return true;
  } catch (error) {
    if (!/more than \d+/.test(String(error))) throw error;
    return false;
  }
}

test("table and simulation agree with re2js on every expression and text", () => {
  fc.assert(
    fc.property(expression, fc.array(subject, { minLength: 1, maxLength: 8 }), (source, texts) => {
      fc.pre(isWithinLimits(source));
      const oracle = RE2JS.compile(source);
      const pattern = regexPattern(source);
      const simulation = new RegexSimulation(compileProgram(source));
      for (const text of texts) {
        const expected = oracle.testExact(text);
        expect(pattern.test(text), `table of ${source} on ${JSON.stringify(text)}`).toBe(expected);
        expect(simulation.test(text), `simulation of ${source} on ${JSON.stringify(text)}`).toBe(expected);
        if (expected) expect(text.startsWith(pattern.literalPrefix)).toBe(true);
      }
    }),
    { numRuns: 1500 },
  );
});

test("on expressions that JavaScript reads alike, RegExp agrees", () => {
  const plain = fc
    .array(
      fc.tuple(
        fc.constantFrom("a", "b", "[ab]", "[^a\\n]", "(a|bc)", "\\d"),
        fc.constantFrom("", "*", "+", "?", "{1,2}"),
      ),
      {
        maxLength: 4,
      },
    )
    .map((parts) => parts.map(([atom, quantifier]) => atom + quantifier).join(""));
  fc.assert(
    fc.property(plain, subject, (source, text) => {
      expect(regexPattern(source).test(text)).toBe(new RegExp(`^(?:${source})$`).test(text));
    }),
    { numRuns: 500 },
  );
});
