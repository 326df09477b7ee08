import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { ShardedMap } from "./sharded-map.ts";

const change = fc.tuple(fc.constantFrom("with", "without"), fc.integer({ min: 0, max: 400 }), fc.integer());

test("after any changes it holds what a Map holds, and older versions hold what they held", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 600, size: "max" }), (changes) => {
      let map = ShardedMap.of<number>();
      const model = new Map<string, number>();
      const old = { map, entries: [...map.entries()] };
      for (const [index, [kind, n, value]] of changes.entries()) {
        const key = `/route-${n}`;
        map = kind === "with" ? map.with(key, value) : map.without(key);
        if (kind === "with") model.set(key, value);
        else model.delete(key);
        if (index === Math.floor(changes.length / 2))
          Object.assign(old, { map, entries: [...map.entries()] });
      }
      expect(map.size).toBe(model.size);
      expect(new Map(map.entries())).toEqual(model);
      for (const [key, value] of model) expect(map.get(key)).toBe(value);
      expect([...old.map.entries()]).toEqual(old.entries);
    }),
    { numRuns: 60 },
  );
});

test("it grows to thousands and shrinks to nothing", () => {
  let map = ShardedMap.of<number>();
  for (let i = 0; i < 5000; i++) map = map.with(`/service-${i}/items`, i);
  for (let i = 0; i < 5000; i++) expect(map.get(`/service-${i}/items`)).toBe(i);
  for (let i = 0; i < 5000; i++) map = map.without(`/service-${i}/items`);
  expect(map.size).toBe(0);
  expect(map.get("/service-1/items")).toBeUndefined();
});

test("taking out what is not there changes nothing", () => {
  const map = ShardedMap.of([["a", 1]] as const);
  expect(map.without("b")).toBe(map);
});
