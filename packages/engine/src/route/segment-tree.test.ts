import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { collectValues, type SegmentNode, updateTree } from "./segment-tree.ts";

function file(entries: Readonly<Record<string, number>>): SegmentNode<number> | undefined {
  let root: SegmentNode<number> | undefined;
  for (const [prefix, value] of Object.entries(entries)) root = updateTree(root, prefix, () => value);
  return root;
}

function valuesOnTheWay(root: SegmentNode<number> | undefined, path: string): number[] {
  const found: number[] = [];
  const count = collectValues(root, path, found);
  return found.slice(0, count);
}

test("values on the way come shortest prefix first", () => {
  const root = file({ "": 0, "/a": 1, "/a/b": 2, "/a/c": 3, "/ab": 4 });
  expect(valuesOnTheWay(root, "/a/b/x")).toEqual([0, 1, 2]);
  expect(valuesOnTheWay(root, "/ab")).toEqual([0, 4]);
  expect(valuesOnTheWay(root, "/")).toEqual([0]);
});

test("a change shares what it does not touch", () => {
  const before = file({ "/a/x": 1, "/b/y": 2, "/c/z": 3 })!;
  const after = updateTree(before, "/a/x", () => 9)!;
  expect(after.children!.get("b")).toBe(before.children!.get("b"));
  expect(valuesOnTheWay(before, "/a/x")).toEqual([1]);
  expect(valuesOnTheWay(after, "/a/x")).toEqual([9]);
});

test("a node whose children left but one has no map for it, and a tree without values is none", () => {
  const two = file({ "/a/b": 1, "/c": 2 });
  const one = updateTree(two, "/a/b", () => undefined);
  expect(one).toMatchObject({ onlyKey: "c", children: undefined });
  expect(updateTree(one, "/c", () => undefined)).toBeUndefined();
});

test("after any changes the tree is the one of what is left", () => {
  const prefix = fc
    .array(fc.constantFrom("a", "b", ""), { maxLength: 3 })
    .map((keys) => keys.map((key) => `/${key}`).join(""));
  const change = fc.tuple(prefix, fc.option(fc.nat(9), { nil: undefined }));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60, size: "max" }), prefix, (changes, path) => {
      const model = new Map<string, number>();
      let root: SegmentNode<number> | undefined;
      for (const [at, value] of changes) {
        root = updateTree(root, at, () => value);
        if (value === undefined) model.delete(at);
        else model.set(at, value);
      }
      const onTheWay = [...model].filter(([at]) => path === at || path.startsWith(`${at}/`));
      onTheWay.sort(([a], [b]) => a.length - b.length);
      expect(valuesOnTheWay(root, path)).toEqual(onTheWay.map(([, value]) => value));
      expect(root === undefined).toBe(model.size === 0);
    }),
    { numRuns: 300 },
  );
});
