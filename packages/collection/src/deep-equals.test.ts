import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { deepEquals } from "./deep-equals.ts";

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
class Opaque {
  readonly value = 1;
}
const opaque = new Opaque();

test.for<[string, unknown, unknown]>([
  ["numbers", 1, 1],
  ["NaN", NaN, NaN],
  ["null", null, null],
  ["big integers", 5n, 5n],
  ["nested records", { a: { b: [1, { c: "x" }] } }, { a: { b: [1, { c: "x" }] } }],
  ["records whose properties come in another order", { a: 1, b: 2 }, { b: 2, a: 1 }],
  [
    "a record without a prototype and the same",
    Object.assign(Object.create(null), { a: 1 }),
    Object.assign(Object.create(null), { a: 1 }),
  ],
  ["bytes", bytes(1, 2, 3), bytes(1, 2, 3)],
  ["bytes in a Buffer and in a Uint8Array", Buffer.from([1, 2]), bytes(1, 2)],
  [
    "maps, whatever the order",
    new Map([
      ["a", [1]],
      ["b", [2]],
    ]),
    new Map([
      ["b", [2]],
      ["a", [1]],
    ]),
  ],
  ["sets, whatever the order", new Set([1, 2]), new Set([2, 1])],
  ["dates", new Date(5), new Date(5)],
  ["regular expressions", /a/u, /a/u],
  ["an instance of a class and itself", [opaque], [opaque]],
  ["undefined properties", { a: undefined }, { a: undefined }],
])("equal: %s", ([, a, b]) => {
  expect(deepEquals(a, b)).toBe(true);
  expect(deepEquals(b, a)).toBe(true);
});

test.for<[string, unknown, unknown]>([
  ["a number and its text", 1, "1"],
  ["null and undefined", null, undefined],
  ["null and an empty record", null, {}],
  ["NaN and a record", NaN, {}],
  ["an absent property and an undefined one", {}, { a: undefined }],
  ["two absent properties of different names", { a: undefined }, { b: undefined }],
  ["records with different values", { a: 1 }, { a: 2 }],
  ["records with one property more", { a: 1 }, { a: 1, b: 2 }],
  ["an array and a record of its indexes", [1], { 0: 1 }],
  ["arrays of different length", [1, 2], [1]],
  ["arrays in another order", [1, 2], [2, 1]],
  ["bytes of different content", bytes(1, 2), bytes(1, 3)],
  ["bytes of different length", bytes(1), bytes(1, 0)],
  ["bytes and an array of numbers", bytes(1), [1]],
  ["maps with different values", new Map([["a", 1]]), new Map([["a", 2]])],
  ["maps with different keys", new Map([["a", undefined]]), new Map([["b", undefined]])],
  ["sets of different members", new Set([1]), new Set([2])],
  ["a map and a set", new Map(), new Set()],
  ["dates", new Date(5), new Date(6)],
  ["regular expressions with different flags", /a/u, /a/iu],
  ["two instances of a class, whose private fields can't be seen", new Opaque(), new Opaque()],
  ["a property that is inherited by the other", { toString: undefined }, { a: 1 }],
])("different: %s", ([, a, b]) => {
  expect(deepEquals(a, b)).toBe(false);
  expect(deepEquals(b, a)).toBe(false);
});

test("a copy is equal, and what differs from a value by JSON is different", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(deepEquals(a, structuredClone(a))).toBe(true);
      expect(deepEquals(a, b)).toBe(spell(a) === spell(b));
    }),
    { numRuns: 300 },
  );
});

/** JSON with the properties sorted. It spells -0 as 0, and to us too they are equal. */
function spell(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spell).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, nested]) => `${JSON.stringify(key)}:${spell(nested)}`)
    .sort()
    .join()}}`;
}
