import { beforeEach, describe, expect, test } from "vitest";
import type { SourceCollection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type KubeObject, objectKey } from "../kube-object.ts";
import { ObjectBook } from "./object-book.ts";
import { compareVersions } from "./resource-version.ts";

let into: SourceCollection<{ id: string; value: string }>;
let book: ObjectBook<{ id: string; value: string }>;
let poisoned: string[];

beforeEach(() => {
  into = createCollectionGraph().source({ name: "objects", key: (item) => item.id });
  poisoned = [];
  book = new ObjectBook({
    into,
    key: (item) => item.id,
    strip: (object) => {
      const value = object.metadata.labels?.["value"] ?? "";
      if (value === "poison") throw new Error("this one can't be read");
      return value === "unwanted" ? undefined : { id: objectKey(object), value };
    },
    onPoison: (object) => void poisoned.push(object),
  });
});

const object = (name: string, version: number, value = String(version)): KubeObject => ({
  metadata: { name, resourceVersion: String(version), labels: { value } },
});

const shown = (): readonly string[] => into.list().map(({ id, value }) => `${id}=${value}`);

function publish(objects: readonly KubeObject[], version: number): void {
  const staged = book.stage();
  for (const each of objects) book.addStaged(staged, each);
  book.publish(staged, String(version));
}

describe("old news is left out", () => {
  test.for<[string, readonly (readonly [KubeObject, boolean])[], readonly string[]]>([
    [
      "an event that comes twice",
      [
        [object("a", 5), false],
        [object("a", 5, "other"), false],
      ],
      ["a=5"],
    ],
    [
      "an older event after a newer one",
      [
        [object("a", 6), false],
        [object("a", 5), false],
      ],
      ["a=6"],
    ],
    [
      "a change after the deletion that followed it",
      [
        [object("a", 6), true],
        [object("a", 5), false],
      ],
      [],
    ],
    [
      "a deletion that an object of the same name outlived",
      [
        [object("a", 7), false],
        [object("a", 6), true],
      ],
      ["a=7"],
    ],
    [
      "what was known when the watch began",
      [
        [object("a", 3), false],
        [object("b", 4), true],
      ],
      ["b=4"],
    ],
    [
      "not a new object of a deleted one's name",
      [
        [object("a", 6), true],
        [object("a", 7), false],
      ],
      ["a=7"],
    ],
    [
      "not an event of another object that comes late",
      [
        [object("a", 9), false],
        [object("c", 8), false],
      ],
      ["a=9", "c=8"],
    ],
  ])("%s", ([, events, expected]) => {
    publish(expected.includes("b=4") ? [object("b", 4)] : [], 4);
    book.beginStream();
    for (const [each, isDelete] of events) book.apply(each, isDelete);
    expect(shown()).toEqual(expected);
  });

  test("versions that are no numbers are taken as they come", () => {
    expect(compareVersions("abc", "abd")).toBeUndefined();
    expect(compareVersions("abc", "abc")).toBe(0);
  });

  test("versions beyond what a double holds are told apart", () => {
    expect(compareVersions("9007199254740993", "9007199254740992")).toBeGreaterThan(0);
    expect(compareVersions("999", "1000")).toBeLessThan(0);
  });
});

describe("a list", () => {
  test("replaces everything, also newer versions by older ones: the database may have been restored", () => {
    publish([object("a", 10), object("b", 11)], 12);
    publish([object("a", 5)], 6);
    expect(shown()).toEqual(["a=5"]);
    expect(book.version).toBe("6");
  });

  test("counts an object once that comes twice, the newer one", () => {
    publish([object("a", 5), object("a", 4)], 6);
    expect(shown()).toEqual(["a=5"]);
  });
});

describe("an object that can't be read", () => {
  test("keeps the item it had, and stops no other", () => {
    publish([object("a", 5)], 6);
    book.beginStream();
    book.apply(object("a", 7, "poison"), false);
    book.apply(object("b", 8), false);
    expect(shown()).toEqual(["a=5", "b=8"]);
    expect(poisoned).toEqual(["a"]);
  });

  test("keeps it through a list too, and goes when it is deleted", () => {
    publish([object("a", 5)], 6);
    publish([object("a", 7, "poison"), object("b", 8)], 9);
    expect(shown()).toEqual(["a=5", "b=8"]);
    book.beginStream();
    book.apply(object("a", 10, "poison"), true);
    expect(shown()).toEqual(["b=8"]);
  });

  test("is taken when it can be read again", () => {
    publish([object("a", 5, "poison")], 6);
    expect(shown()).toEqual([]);
    book.beginStream();
    book.apply(object("a", 7), false);
    expect(shown()).toEqual(["a=7"]);
  });
});

test("an object that is no longer wanted goes", () => {
  publish([object("a", 5)], 6);
  book.beginStream();
  book.apply(object("a", 7, "unwanted"), false);
  expect(shown()).toEqual([]);
  expect(book.size).toBe(1);
});
