/** Objects that are followed by name: not more than a number of them, and no place is lost. */
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import type { Reflector } from "@waystone/kube/reflector/reflector";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { expect, test } from "vitest";
import { NamedWatches } from "./named-watches.ts";

/** Each object exists, and is read at once. */
function open(atMost: number, ofNamespaceAtMost = atMost) {
  const opened: string[] = [];
  const closed: string[] = [];
  const watches = new NamedWatches<string>({
    graph: createCollectionGraph(),
    clock: new ManualClock(),
    name: "things",
    atMost,
    ofNamespaceAtMost,
    open({ namespace, name, into }): Reflector {
      const key = `${namespace}/${name}`;
      opened.push(key);
      into.set({ key, object: name });
      return {
        isSynced: true,
        isServed: true,
        whenSynced: async () => await Promise.resolve(),
        recheck() {},
        close: async () => void (await Promise.resolve(closed.push(key))),
      };
    },
  });
  const known = (): string[] => watches.objects.list().map(({ key }) => key);
  const refused = (): string[] => watches.refused.list().map(({ key, why }) => `${key} ${why}`);
  return { watches, opened, closed, known, refused };
}

test("one too many is told so, the others are followed, and it takes the first place that is given back", () => {
  const { watches, opened, closed, known, refused } = open(2);
  for (const name of ["a", "b", "c", "d"]) watches.need(`shop/${name}`, `policy ${name}`);
  watches.need("shop/a", "another");
  expect([known(), refused()]).toEqual([
    ["shop/a", "shop/b"],
    ["shop/c too-many-of-namespace", "shop/d too-many-of-namespace"],
  ]);
  expect(watches.isKnown("shop/c")).toBe(true);

  watches.release("shop/a", "policy a");
  expect(closed).toEqual([]);
  watches.release("shop/a", "another");
  expect([known(), refused()]).toEqual([["shop/b", "shop/c"], ["shop/d too-many-of-namespace"]]);
  expect([opened, closed]).toEqual([["shop/a", "shop/b", "shop/c"], ["shop/a"]]);
});

test("one that nobody needs any more waits for no place, and who needs it later as well does not lose it", () => {
  const { watches, known, refused } = open(1);
  watches.need("shop/a", "one");
  watches.need("shop/b", "one");
  watches.need("shop/b", "two");
  watches.release("shop/b", "one");
  expect(refused()).toEqual(["shop/b too-many-of-namespace"]);
  watches.release("shop/b", "two");
  expect(refused()).toEqual([]);
  watches.need("shop/b", "three");
  watches.release("shop/a", "one");
  expect([known(), refused()]).toEqual([["shop/b"], []]);
  watches.release("shop/b", "three");
  expect(known()).toEqual([]);
});

test("one namespace takes its share and no more: others are followed, and what is given back goes to who may have it", () => {
  const { watches, known, refused } = open(4, 2);
  for (const key of ["a/1", "a/2", "a/3", "b/1", "b/2", "c/1", "a/4"]) watches.need(key, key);
  expect([known(), refused()]).toEqual([
    ["a/1", "a/2", "b/1", "b/2"],
    ["a/3 too-many-of-namespace", "c/1 too-many", "a/4 too-many-of-namespace"],
  ]);
  watches.release("b/2", "b/2");
  expect([known(), refused()]).toEqual([
    ["a/1", "a/2", "b/1", "c/1"],
    ["a/3 too-many-of-namespace", "a/4 too-many-of-namespace"],
  ]);
  watches.release("a/1", "a/1");
  watches.release("b/1", "b/1");
  expect([known(), refused()]).toEqual([["a/2", "c/1", "a/3"], ["a/4 too-many-of-namespace"]]);
});

test("why one waits is told anew when it is another reason: of its namespace, then of all", () => {
  const { watches, refused } = open(2, 1);
  for (const key of ["a/1", "a/2", "b/1", "c/1"]) watches.need(key, key);
  expect(refused()).toEqual(["a/2 too-many-of-namespace", "c/1 too-many"]);
  watches.need("b/2", "b/2");
  watches.release("a/1", "a/1");
  expect(refused()).toEqual(["c/1 too-many", "b/2 too-many-of-namespace"]);
  watches.release("b/1", "b/1");
  expect(refused()).toEqual(["b/2 too-many"]);
});
