import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { isBefore, pickWinner } from "./policy-order.ts";

const named = (key: string, creationTimestamp?: string) => ({
  key,
  object: {
    apiVersion: "v1",
    kind: "X",
    metadata: { name: key, ...(creationTimestamp === undefined ? {} : { creationTimestamp }) },
  },
});

test("the older goes first, of two of one age the first in name, and in files the first in name (GEP-713)", () => {
  const old = named("shop/z", "2025-01-01T00:00:00Z");
  const young = named("shop/a", "2026-01-01T00:00:00Z");
  const asOld = named("shop/y", "2025-01-01T00:00:00Z");
  expect([isBefore(old, young), isBefore(young, old)]).toEqual([true, false]);
  expect([isBefore(asOld, old), isBefore(old, asOld)]).toEqual([true, false]);
  expect(isBefore(named("shop/a"), named("shop/b"))).toBe(true);
});

test("of any two with different names exactly one goes first", () => {
  const ages = fc.constantFrom(undefined, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
  fc.assert(
    fc.property(fc.string(), fc.string(), ages, ages, (one, other, age, otherAge) => {
      fc.pre(one !== other);
      expect(isBefore(named(one, age), named(other, otherAge))).toBe(
        !isBefore(named(other, otherAge), named(one, age)),
      );
    }),
  );
});

test("what has another's target is the first of all before it, itself left out (GEP-713)", () => {
  const [first, second, third] = ["shop/a", "shop/b", "shop/c"].map((key) => named(key));
  const all = [third!, first!, second!];
  expect(pickWinner(third!, all)).toBe("shop/a");
  expect(pickWinner(second!, all)).toBe("shop/a");
  expect(pickWinner(first!, all)).toBeUndefined();
});
