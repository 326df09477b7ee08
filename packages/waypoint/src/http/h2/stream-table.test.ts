import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { StreamTable } from "./stream-table.ts";

test("holds what a Map would, whatever is added and taken out", () => {
  const step = fc.oneof(
    fc.record({ add: fc.nat(60).map((n) => 2 * n + 1) }),
    fc.record({ remove: fc.nat(60).map((n) => 2 * n + 1) }),
    fc.constant("clear" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const table = new StreamTable<{ id: number }>();
      const map = new Map<number, { id: number }>();
      for (const each of steps) {
        if (each === "clear") {
          table.clear();
          map.clear();
        } else if ("remove" in each) {
          table.delete(each.remove);
          map.delete(each.remove);
        } else if (!map.has(each.add)) {
          // Numbers that share a place in small tables.
          const stream = { id: each.add };
          table.add(stream);
          map.set(stream.id, stream);
        }
        expect(table.size).toBe(map.size);
        for (let id = 1; id < 125; id += 2) expect(table.get(id)).toBe(map.get(id));
      }
      expect(new Set(table.toArray())).toEqual(new Set(map.values()));
    }),
    { numRuns: 200 },
  );
});
