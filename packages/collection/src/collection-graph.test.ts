import { describe, expect, test } from "vitest";
import { createCollectionGraph } from "./collection-graph.ts";
import { byName, openWorld, type Route } from "./test-world.ts";

describe("sources", () => {
  test("show what was written within the batch, while everything else waits", () => {
    const { graph, routes } = openWorld();
    const derived = graph.derive(routes, (_, route) => route, { name: "same", key: byName });
    const index = graph.index("by service", routes, (route) => [route.service]);
    routes.set({ name: "old", service: "s" });
    graph.batch(() => {
      routes.set({ name: "new", service: "s" });
      routes.delete("old");
      expect([routes.get("new")?.name, routes.get("old"), routes.list().length, routes.size]).toEqual([
        "new",
        undefined,
        1,
        1,
      ]);
      expect(derived.list().map(byName)).toEqual(["old"]);
      expect(index.lookup("s").map(byName)).toEqual(["old"]);
    });
    expect(derived.list().map(byName)).toEqual(["new"]);
  });

  test("replaceAll announces only what differs", () => {
    const { routes } = openWorld();
    routes.replaceAll(["same", "changed", "gone"].map((name) => ({ name, service: "s" })));
    const told: string[] = [];
    routes.subscribe((events) => told.push(...events.map(({ type, key }) => `${type} ${key}`)));
    routes.replaceAll([
      { name: "same", service: "s" },
      { name: "changed", service: "t" },
      { name: "new", service: "s" },
    ]);
    expect(told.sort()).toEqual(["add new", "delete gone", "update changed"]);
    expect(routes.size).toBe(3);
  });

  test("replaceAll also undoes what the batch wrote before it", () => {
    const { graph, routes } = openWorld();
    graph.batch(() => {
      routes.set({ name: "early", service: "s" });
      routes.replaceAll([{ name: "late", service: "s" }]);
    });
    expect(routes.list().map(byName)).toEqual(["late"]);
  });

  test("compare with the equality they were given", () => {
    const graph = createCollectionGraph();
    const source = graph.source<Route>({ name: "s", key: byName, equals: (a, b) => a.service === b.service });
    let passes = 0;
    source.subscribe(() => passes++);
    source.set({ name: "a", service: "x" });
    source.set({ name: "a", service: "x" });
    source.set({ name: "a", service: "y" });
    expect(passes).toBe(2);
  });
});

describe("joins", () => {
  const openJoin = () => {
    const { graph, ...world } = openWorld();
    const [first, second] = [world.routes, graph.source<Route>({ name: "more", key: byName })];
    const joined = graph.join("joined", [first, second]);
    const told: string[] = [];
    joined.subscribe((events) =>
      told.push(...events.map(({ type }) => `${type} ${joined.get("k")?.service ?? "-"}`)),
    );
    const service = (name: string): Route => ({ name: "k", service: name });
    return { first, second, joined, told, service };
  };

  test("the earlier wins, whoever came first", () => {
    const { first, second, told, service } = openJoin();
    second.set(service("second"));
    first.set(service("first"));
    second.set(service("second, changed"));
    expect(told).toEqual(["add second", "update first"]);
  });

  test("the later shows when the winner goes, and goes when it goes too", () => {
    const { first, second, told, service } = openJoin();
    first.set(service("first"));
    second.set(service("second"));
    first.delete("k");
    second.delete("k");
    expect(told).toEqual(["add first", "update second", "delete -"]);
  });

  test("falling back to an equal item is no event", () => {
    const { first, second, told, service } = openJoin();
    first.set(service("same"));
    second.set(service("same"));
    first.delete("k");
    expect(told).toEqual(["add same"]);
  });

  test("a join is filled from what is there when it is made", () => {
    const { first, second, service } = openJoin();
    const graph = createCollectionGraph();
    expect(() => graph.join("foreign", [first, second])).toThrow("collection routes is of another graph");
    expect(graph.join("none", []).list()).toEqual([]);
    const own = graph.source<Route>({ name: "own", key: byName });
    own.set(service("there"));
    expect(graph.join("own", [own]).list()).toEqual([service("there")]);
  });
});

describe("singletons", () => {
  test("may be a list, which is one item", () => {
    const { graph, routes } = openWorld();
    const names = graph.singleton("names", (context) => context.list(routes).map(byName));
    routes.set({ name: "a", service: "" });
    routes.set({ name: "b", service: "" });
    expect(names.list()).toEqual([["a", "b"]]);
    expect(names.get("names")).toEqual(["a", "b"]);
  });

  test("may be made in the middle of a batch", () => {
    const { graph, routes } = openWorld();
    const count = (): number | undefined => counts?.get("count");
    let counts: ReturnType<typeof graph.singleton<number>> | undefined;
    graph.batch(() => {
      routes.set({ name: "a", service: "" });
      counts = graph.singleton("count", (context) => context.list(routes).length);
      expect(count()).toBe(0);
    });
    expect(count()).toBe(1);
  });
});
