import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { editDistance, suggest } from "./suggest.ts";

const fields = ["matches", "filters", "backendRefs", "timeouts", "retry", "name", "namespace", "sectionName"];

test.for<[string, string]>([
  ["backendRef", "backendRefs"],
  ["backendrefs", "backendRefs"],
  ["bakcendRefs", "backendRefs"],
  ["match", "matches"],
  ["filter", "filters"],
  ["tiemouts", "timeouts"],
  ["nmae", "name"],
  ["Name", "name"],
  ["namepsace", "namespace"],
  ["backendRefsList", "backendRefs"],
  ["retyr", "retry"],
])("%s is taken for %s", ([word, meant]) => {
  expect(suggest(word, fields)).toBe(meant);
});

test.for(["", "x", "hostnames", "rules", "zzzzzz", "na", "a".repeat(65)])(
  "%j is taken for nothing",
  (word) => {
    expect(suggest(word, fields)).toBeUndefined();
  },
);

test("the closest wins, and the first of equals", () => {
  expect(suggest("weigth", ["weights", "weight"])).toBe("weight");
  expect(suggest("port", ["sort", "pork"])).toBe("sort");
  expect(suggest("HTTPROUTE", ["TCPRoute", "HTTPRoute"])).toBe("HTTPRoute");
});

test("no candidates, no suggestion; a huge one is passed over", () => {
  expect(suggest("name", [])).toBeUndefined();
  expect(suggest("name", ["n".repeat(100_000)])).toBeUndefined();
});

test.for<[string, string, number]>([
  ["", "", 0],
  ["", "abc", 3],
  ["kitten", "sitting", 3],
  ["ab", "ba", 1],
  ["ca", "abc", 3],
])("from %j to %j it is %d edits", ([a, b, distance]) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test("one typing error is one edit", () => {
  const position = fc.nat();
  fc.assert(
    fc.property(
      fc.string({ minLength: 2, maxLength: 20 }),
      position,
      fc.constantFrom("drop", "double", "swap"),
      (word, at, error) => {
        const i = at % (word.length - 1);
        const [left, a, b, right] = [word.slice(0, i), word[i]!, word[i + 1]!, word.slice(i + 2)];
        const middle = { drop: b, double: a + a + b, swap: b + a }[error];
        const typed = left + middle + right;
        expect(editDistance(word, typed)).toBe(typed === word ? 0 : 1);
      },
    ),
  );
});
