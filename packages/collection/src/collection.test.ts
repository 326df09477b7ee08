/** One behaviour suite, run over every kind of collection: whatever a collection is made of, it announces changes alike. */
import { describe, expect, test } from "vitest";
import type { Collection, CollectionGraph, Event } from "./collection.ts";
import { createCollectionGraph } from "./collection-graph.ts";

interface Thing {
  readonly id: string;
  readonly value: number;
}

/** A way to make things appear in, and disappear from, one kind of collection. */
interface Rig {
  readonly collection: Collection<Thing>;
  readonly set: (id: string, value: number) => void;
  readonly delete: (id: string) => void;
}

const options = { name: "things", key: (thing: Thing) => thing.id };

function sourceRig(graph: CollectionGraph): Rig {
  const source = graph.source<Thing>(options);
  return {
    collection: source,
    set: (id, value) => source.set({ id, value }),
    delete: (id) => source.delete(id),
  };
}

function derivedRig(graph: CollectionGraph): Rig {
  const raw = graph.source<{ raw: string; text: string }>({ name: "raw", key: (item) => item.raw });
  return {
    collection: graph.derive(raw, (_, { raw, text }) => ({ id: raw, value: Number(text) }), options),
    set: (id, value) => raw.set({ raw: id, text: String(value) }),
    delete: (id) => raw.delete(id),
  };
}

/** All things come from one input item. */
function derivedManyRig(graph: CollectionGraph): Rig {
  const bundles = graph.source<{ name: string; things: Record<string, number> }>({
    name: "bundles",
    key: (bundle) => bundle.name,
  });
  const write = (change: (things: Record<string, number>) => void): void => {
    const things = { ...bundles.get("all")?.things };
    change(things);
    bundles.set({ name: "all", things });
  };
  return {
    collection: graph.derive(
      bundles,
      (_, bundle) => Object.entries(bundle.things).map(([id, value]) => ({ id, value })),
      options,
    ),
    set: (id, value) => write((things) => (things[id] = value)),
    delete: (id) => write((things) => delete things[id]),
  };
}

/** The things come from what was fetched and not from the input. */
function fetchedRig(graph: CollectionGraph): Rig {
  const values = graph.source<Thing>({ ...options, name: "values" });
  const ids = graph.source<string>({ name: "ids", key: (id) => id });
  for (const id of ["a", "b", "c"]) ids.set(id);
  return {
    collection: graph.derive(ids, (context, id) => context.get(values, id), options),
    set: (id, value) => values.set({ id, value }),
    delete: (id) => values.delete(id),
  };
}

function lookedUpRig(graph: CollectionGraph): Rig {
  const values = graph.source<Thing>({ ...options, name: "values" });
  const byLetter = graph.index("by letter", values, (thing) => [thing.id]);
  const letters = graph.source<string>({ name: "letters", key: (id) => id });
  for (const id of ["a", "b", "c"]) letters.set(id);
  return {
    collection: graph.derive(letters, (context, id) => context.lookup(byLetter, id), options),
    set: (id, value) => values.set({ id, value }),
    delete: (id) => values.delete(id),
  };
}

/** The first of two wins. */
function joinedRig(graph: CollectionGraph): Rig {
  const [first, second] = [graph.source<Thing>(options), graph.source<Thing>(options)];
  return {
    collection: graph.join("joined", [first, second]),
    set: (id, value) => graph.batch(() => [first.set({ id, value }), second.set({ id, value: -1 })]),
    delete: (id) => graph.batch(() => [first.delete(id), second.delete(id)]),
  };
}

/** Only the second of two has anything. */
function joinedSecondRig(graph: CollectionGraph): Rig {
  const [first, rig] = [graph.source<Thing>(options), derivedRig(graph)];
  return { ...rig, collection: graph.join("joined", [first, rig.collection]) };
}

function singletonRig(graph: CollectionGraph): Rig {
  const source = graph.source<Thing>(options);
  return {
    collection: graph.singleton("a", (context) => context.get(source, "a")),
    set: (id, value) => source.set({ id, value }),
    delete: (id) => source.delete(id),
  };
}

/** Derived from a join of a derived and a derived-from-derived. */
function chainedRig(graph: CollectionGraph): Rig {
  const rig = derivedRig(graph);
  const doubled = graph.derive(rig.collection, (_, { id, value }) => ({ id, value: value * 2 }), options);
  const none = graph.source<Thing>(options);
  const joined = graph.join("joined", [none, doubled]);
  return {
    ...rig,
    collection: graph.derive(joined, (_, { id, value }) => [{ id, value: value / 2 }], options),
  };
}

const rigs: [string, (graph: CollectionGraph) => Rig, { readonly holdsOne?: boolean }][] = [
  ["a source", sourceRig, {}],
  ["a derived collection", derivedRig, {}],
  ["a derived collection with many outputs of one input", derivedManyRig, {}],
  ["a derived collection of fetched items", fetchedRig, {}],
  ["a derived collection of looked up items", lookedUpRig, {}],
  ["a join", joinedRig, {}],
  ["a join, seen through its later input", joinedSecondRig, {}],
  ["a singleton", singletonRig, { holdsOne: true }],
  ["a chain", chainedRig, {}],
];

/** Records what a collection announces. */
function record(collection: Collection<Thing>, replay = false): (readonly Event<Thing>[])[] {
  const passes: (readonly Event<Thing>[])[] = [];
  collection.subscribe((events) => passes.push(events), { replay });
  return passes;
}

const thing = (id: string, value: number): Thing => ({ id, value });

describe.for(rigs)("%s", ([, openRig, { holdsOne = false }]) => {
  const open = (): Rig & { graph: CollectionGraph } => {
    const graph = createCollectionGraph();
    return { graph, ...openRig(graph) };
  };

  test("is empty at first", () => {
    const { collection } = open();
    expect([collection.get("a"), collection.list(), collection.size]).toEqual([undefined, [], 0]);
  });

  test("shows and announces an item that was added", () => {
    const { collection, set } = open();
    const passes = record(collection);
    set("a", 1);
    expect([collection.get("a"), collection.list(), collection.size]).toEqual([
      thing("a", 1),
      [thing("a", 1)],
      1,
    ]);
    expect(passes).toEqual([[{ type: "add", key: "a", item: thing("a", 1) }]]);
  });

  test("announces an update with the item before", () => {
    const { collection, set } = open();
    set("a", 1);
    const passes = record(collection);
    set("a", 2);
    expect(collection.list()).toEqual([thing("a", 2)]);
    expect(passes).toEqual([[{ type: "update", key: "a", item: thing("a", 2), before: thing("a", 1) }]]);
  });

  test("announces a deletion with the item before", () => {
    const { collection, set, delete: remove } = open();
    set("a", 1);
    const passes = record(collection);
    remove("a");
    expect([collection.get("a"), collection.list(), collection.size]).toEqual([undefined, [], 0]);
    expect(passes).toEqual([[{ type: "delete", key: "a", before: thing("a", 1) }]]);
  });

  test("keeps silent about an equal item, and keeps the old object", () => {
    const { collection, set } = open();
    set("a", 1);
    const before = collection.get("a");
    const passes = record(collection);
    set("a", 1);
    expect(passes).toEqual([]);
    expect(collection.get("a")).toBe(before);
  });

  test("keeps silent about a deletion of what is not there", () => {
    const { collection, delete: remove } = open();
    const passes = record(collection);
    remove("a");
    expect(passes).toEqual([]);
  });

  test("has the same list until something changes", () => {
    const { collection, set } = open();
    set("a", 1);
    expect(collection.list()).toBe(collection.list());
    const before = collection.list();
    set("a", 2);
    expect(collection.list()).toEqual([thing("a", 2)]);
    expect(before).toEqual([thing("a", 1)]);
  });

  test("announces a batch once, as the difference from before it", () => {
    const { graph, collection, set, delete: remove } = open();
    set("a", 1);
    const passes = record(collection);
    graph.batch(() => {
      set("a", 2);
      graph.batch(() => remove("a"));
      set("a", 3);
      expect(passes).toEqual([]);
    });
    expect(passes).toEqual([[{ type: "update", key: "a", item: thing("a", 3), before: thing("a", 1) }]]);
  });

  test("keeps silent about a batch that ends where it began", () => {
    const { graph, collection, set, delete: remove } = open();
    set("a", 1);
    const passes = record(collection);
    graph.batch(() => {
      remove("a");
      set("a", 1);
    });
    graph.batch(() => {
      set("a", 2);
      set("a", 1);
    });
    expect(passes).toEqual([]);
  });

  test("settles what a failing batch wrote, and lets its error through", () => {
    const { graph, collection, set } = open();
    const write = (): void => {
      set("a", 1);
      throw new Error("broken off");
    };
    expect(() => graph.batch(write)).toThrow("broken off");
    expect(collection.list()).toEqual([thing("a", 1)]);
  });

  test("replays what is there to a subscriber that asks for it, then goes on", () => {
    const { collection, set } = open();
    set("a", 1);
    const passes = record(collection, true);
    set("a", 2);
    expect(passes).toEqual([
      [{ type: "add", key: "a", item: thing("a", 1) }],
      [{ type: "update", key: "a", item: thing("a", 2), before: thing("a", 1) }],
    ]);
  });

  test("replays nothing while it is empty", () => {
    expect(record(open().collection, true)).toEqual([]);
  });

  test("replays what was settled to who subscribes in the middle of a batch", () => {
    const { graph, collection, set } = open();
    set("a", 1);
    let passes: (readonly Event<Thing>[])[] = [];
    graph.batch(() => {
      set("a", 2);
      passes = record(collection, true);
    });
    expect(passes.map((events) => events.map(({ type }) => type))).toEqual([["add"], ["update"]]);
  });

  test("tells all its subscribers, each once per pass", () => {
    const { collection, set } = open();
    const [one, two] = [record(collection), record(collection)];
    set("a", 1);
    expect([one.length, two.length]).toEqual([1, 1]);
  });

  test("stops telling a subscriber that has unsubscribed, twice even", () => {
    const { collection, set } = open();
    const passes: unknown[] = [];
    const stop = collection.subscribe((events) => passes.push(events));
    set("a", 1);
    stop();
    stop();
    set("a", 2);
    expect(passes).toHaveLength(1);
  });

  test("lets a listener unsubscribe itself and another that has not been called yet", () => {
    const { collection, set } = open();
    const called: string[] = [];
    const stopFirst = collection.subscribe(() => {
      called.push("first");
      stopFirst();
      stopSecond();
    });
    const stopSecond = collection.subscribe(() => called.push("second"));
    collection.subscribe(() => called.push("third"));
    set("a", 1);
    set("a", 2);
    expect(called).toEqual(["first", "third", "third"]);
  });

  test("gives who subscribes within a listener the following passes only", () => {
    const { collection, set } = open();
    let passes: (readonly Event<Thing>[])[] | undefined;
    collection.subscribe(() => (passes ??= record(collection, true)));
    set("a", 1);
    expect(passes).toEqual([[{ type: "add", key: "a", item: thing("a", 1) }]]);
    set("a", 2);
    expect(passes).toHaveLength(2);
  });

  test("answers a listener's write with another pass, after this one", () => {
    const { collection, set } = open();
    const told: string[] = [];
    collection.subscribe((events) => {
      if (collection.get("a")?.value === 1) set("a", 2);
      told.push(`first: ${events.map(({ type }) => type).join()}`);
    });
    collection.subscribe((events) => told.push(`second: ${events.map(({ type }) => type).join()}`));
    set("a", 1);
    expect(told).toEqual(["first: add", "second: add", "first: update", "second: update"]);
    expect(collection.list()).toEqual([thing("a", 2)]);
  });

  test("answers a write during a replay after the replay", () => {
    const { collection, set } = open();
    set("a", 1);
    const told: string[] = [];
    collection.subscribe(
      (events) => {
        const types = events.map(({ type }) => type).join();
        told.push(`begin ${types}`);
        set("a", 2);
        told.push(`end ${types}`);
      },
      { replay: true },
    );
    expect(told).toEqual(["begin add", "end add", "begin update", "end update"]);
  });

  if (holdsOne) return;

  test("announces all changes of a batch in one list", () => {
    const { graph, collection, set, delete: remove } = open();
    set("a", 1);
    set("b", 1);
    const passes = record(collection);
    graph.batch(() => {
      set("c", 3);
      remove("a");
      set("b", 2);
    });
    expect(passes).toHaveLength(1);
    expect([...passes[0]!].sort((x, y) => (x.key < y.key ? -1 : 1))).toEqual([
      { type: "delete", key: "a", before: thing("a", 1) },
      { type: "update", key: "b", item: thing("b", 2), before: thing("b", 1) },
      { type: "add", key: "c", item: thing("c", 3) },
    ]);
    expect(collection.size).toBe(2);
  });

  test("is followed by an index", () => {
    const { graph, collection, set, delete: remove } = open();
    set("a", 1);
    const byValue = graph.index("by value", collection, (item) => [String(item.value)]);
    expect(byValue.lookup("1")).toEqual([thing("a", 1)]);
    set("b", 1);
    expect(byValue.lookup("1")).toHaveLength(2);
    set("a", 2);
    expect([byValue.lookup("1"), byValue.lookup("2")]).toEqual([[thing("b", 1)], [thing("a", 2)]]);
    remove("b");
    expect(byValue.lookup("1")).toEqual([]);
  });
});
