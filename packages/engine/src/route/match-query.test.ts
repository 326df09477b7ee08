import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { firstQueryValue } from "./match-query.ts";

test.for([
  ["animal=whale", "animal", "whale", "a parameter"],
  ["a=1&animal=whale&b=2", "animal", "whale", "among others"],
  ["animal=whale&animal=dolphin", "animal", "whale", "the first of several counts (T09)"],
  ["animal=&animal=dolphin", "animal", "", "even when it is empty"],
  ["animal", "animal", "", "without a value it is empty"],
  ["animal&x", "animal", "", "without a value, followed by another"],
  ["Animal=whale", "animal", undefined, "names are case-sensitive (reference trap 20)"],
  ["animals=whale", "animal", undefined, "a longer name is another name"],
  ["anim=whale", "animal", undefined, "a shorter one too"],
  ["xanimal=whale", "animal", undefined, "a name that ends alike is another name"],
  ["a=b=c", "a", "b=c", "the value goes on after the first equals sign"],
  ["a=1;animal=2", "animal", undefined, "a semicolon separates nothing"],
  ["a=1;b", "a", "1;b", "it is data"],
  ["a=b+c", "a", "b+c", "a plus is a plus"],
  ["a=b%20c", "a", "b c", "escapes of the value are decoded"],
  ["%61nimal=whale", "animal", "whale", "escapes of the name too"],
  ["a=%zz%4", "a", "%zz%4", "what is no escape stays"],
  ["a=%25%32%65", "a", "%2e", "nothing is decoded twice"],
  ["a=%c3%a9", "a", "\xc3\xa9", "bytes stay bytes"],
  ["&&a=1", "a", "1", "empty parameters are skipped"],
  ["=1&a=2", "a", "2", "and nameless ones"],
  ["", "a", undefined, "an empty query has none"],
] as const)("in %s, %s is %j: %s", ([query, name, value]) => {
  expect(firstQueryValue(query, name)).toBe(value);
});

test("what is encoded by the URL standard is read back", () => {
  const word = fc.string({
    unit: fc.constantFrom("a", "B", "1", "-", "&", "=", "%", "+", ";", "/"),
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 5 }), (pairs) => {
      const query = pairs
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
        .join("&");
      const first = new Map(pairs.toReversed());
      for (const [name, value] of first) expect(firstQueryValue(query, name)).toBe(value);
    }),
  );
});
