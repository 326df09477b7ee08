/** What a heap snapshot says, by constructor. */
import { expect, test } from "vitest";
import { growthSince, takeCensus } from "./heap-census.ts";

/** As V8 writes it: a node is one number for each field, names are places in `strings`. */
function snapshotOf(nodes: readonly (readonly [type: number, name: string, bytes: number])[]): string {
  const strings = [...new Set(nodes.map(([, name]) => name))];
  return JSON.stringify({
    snapshot: {
      meta: {
        node_fields: ["type", "name", "id", "self_size"],
        node_types: [["object", "string"], "string"],
      },
    },
    nodes: nodes.flatMap(([type, name, bytes], at) => [type, strings.indexOf(name), at, bytes]),
    strings,
  });
}

const before = takeCensus(
  snapshotOf([
    [0, "Exchange", 100],
    [0, "Socket", 50],
    [1, "a header", 10],
  ]),
);

test("objects are counted by their constructor, strings all together", () => {
  const census = takeCensus(
    snapshotOf([
      [0, "Exchange", 100],
      [0, "Exchange", 100],
      [1, "a header", 10],
      [1, "another", 20],
    ]),
  );
  expect(Object.fromEntries(census)).toEqual({
    "object Exchange": { count: 2, bytes: 200 },
    string: { count: 2, bytes: 30 },
  });
});

test("what grew comes first, and what shrank or stayed is left out", () => {
  const now = takeCensus(
    snapshotOf([
      [0, "Exchange", 100],
      [0, "Tunnel", 5],
      [1, "a header", 10],
      [1, "a header", 20],
    ]),
  );
  expect(growthSince(before, now)).toEqual([
    { name: "string", count: 1, bytes: 20 },
    { name: "object Tunnel", count: 1, bytes: 5 },
  ]);
});
