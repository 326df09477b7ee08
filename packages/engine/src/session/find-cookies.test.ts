import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { findCookies } from "./find-cookies.ts";

const find = (...fields: string[]): readonly string[] => findCookies(fields, "cart", 4, 20);

test.for<[string, string[], string[]]>([
  ["one cookie", ["cart=a"], ["a"]],
  ["one among others", ["x=1; cart=a; y=2"], ["a"]],
  ["the last one, with blanks after it", ["x=1;  cart=a \t"], ["a"]],
  ["without a blank after the semicolon", ["x=1;cart=a;y=2"], ["a"]],
  ["fields of their own, as HTTP/2 splits them (RFC 9113 8.2.3)", ["x=1", "cart=a", "y=2"], ["a"]],
  ["the same name twice, of two paths (RFC 6265 4.2.2)", ["cart=a; cart=b"], ["a", "b"]],
  ["a value in quotes (RFC 6265 4.1.1)", ['cart="a"'], ["a"]],
  ["a value with =", ["cart=a=b"], ["a=b"]],
  ["another case is another name (RFC 6265 5.3)", ["Cart=a; CART=b"], []],
  ["a name that only begins or ends alike", ["carts=a; xcart=b; cart =c"], []],
  ["a name in another cookie's value", ["x=cart=a"], []],
  ["no value", ["cart=; cart; cart"], []],
  ["nothing at all", ["", ";", ";;", " ; "], []],
  ["one that is too long, before one that is not", [`cart=${"a".repeat(21)}; cart=b`], ["b"]],
  ["no more than asked for", ["cart=1; cart=2; cart=3; cart=4; cart=5"], ["1", "2", "3", "4"]],
])("%s", ([, fields, expected]) => {
  expect(find(...fields)).toEqual(expected);
});

test("fields of any content are read to their end, in time linear in their length", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom("cart=", ";", " ", '"', "=", "a") })),
      (fields) => {
        expect(find(...fields).length).toBeLessThanOrEqual(4);
      },
    ),
  );
  expect(find("cart=".repeat(20_000), ";".repeat(64_000), " ".repeat(64_000))).toEqual([]);
});
