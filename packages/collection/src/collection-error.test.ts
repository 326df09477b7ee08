import { describe, expect, test } from "vitest";
import type { Collection, CollectionGraph, FetchContext, SourceCollection } from "./collection.ts";
import { createCollectionGraph } from "./collection-graph.ts";
import { byName, openWorld, type Route, type World } from "./test-world.ts";

describe("errors", () => {
  const refuseBad = (_: FetchContext, route: Route): Route => {
    if (route.service === "bad") throw new Error("bad service");
    return route;
  };

  test("a transformation that throws keeps its item's outputs and leaves the others alone", () => {
    const { graph, routes, errors } = openWorld();
    const derived = graph.derive(routes, refuseBad, { name: "checked", key: byName });
    routes.set({ name: "a", service: "good" });
    graph.batch(() => {
      routes.set({ name: "a", service: "bad" });
      routes.set({ name: "b", service: "good" });
      routes.set({ name: "c", service: "bad" });
    });
    expect(derived.list()).toEqual([
      { name: "a", service: "good" },
      { name: "b", service: "good" },
    ]);
    expect(errors.map(({ kind, collection, key, message }) => ({ kind, collection, key, message }))).toEqual([
      {
        kind: "transform",
        collection: "checked",
        key: "a",
        message: "checked: a can't be transformed: bad service",
      },
      {
        kind: "transform",
        collection: "checked",
        key: "c",
        message: "checked: c can't be transformed: bad service",
      },
    ]);
    routes.delete("a");
    expect(derived.list().map(byName)).toEqual(["b"]);
    routes.set({ name: "c", service: "good" });
    expect(derived.list().map(byName)).toEqual(["b", "c"]);
  });

  test("a run that failed is repeated when something it had seen changes", () => {
    const { graph, routes, services, errors } = openWorld();
    const derived = graph.derive(
      routes,
      (context, route) => {
        const service = context.get(services, route.service);
        if (service === undefined) throw new Error("no such service");
        return service;
      },
      { name: "resolved", key: byName },
    );
    routes.set({ name: "a", service: "s" });
    expect(errors).toHaveLength(1);
    services.set({ name: "s", zone: "x" });
    expect([derived.size, errors.length]).toEqual([1, 1]);
  });

  test("a key function that throws is its item's failure", () => {
    const { graph, routes, errors } = openWorld();
    const key = (route: Route): string => refuseBad({} as FetchContext, route).name;
    const derived = graph.derive(routes, (_, route) => route, { name: "keyed", key });
    graph.batch(() => {
      routes.set({ name: "a", service: "bad" });
      routes.set({ name: "b", service: "good" });
    });
    expect([derived.list().map(byName), errors.map(({ key }) => key)]).toEqual([["b"], ["a"]]);
  });

  test("of colliding outputs the first to come stays, and the next takes over when it goes", () => {
    const { graph, routes, errors } = openWorld();
    const derived = graph.derive(routes, (_, route) => ({ name: route.service, by: route.name }), {
      name: "claimed",
      key: byName,
    });
    routes.set({ name: "a", service: "s" });
    routes.set({ name: "b", service: "s" });
    expect(derived.list()).toEqual([{ name: "s", by: "a" }]);
    expect(errors.map(({ kind, key, message }) => [kind, key, message])).toEqual([
      ["collision", "s", "claimed: s comes from both a and b: that of a is kept"],
    ]);
    routes.set({ name: "a", service: "t" });
    expect(derived.get("s")).toEqual({ name: "s", by: "b" });
    routes.delete("b");
    expect(derived.get("s")).toBeUndefined();
    expect(errors).toHaveLength(1);
  });

  test("a collision is reported when it arises, and not again while it lasts", () => {
    const { graph, routes, errors } = openWorld();
    graph.derive(routes, (_, { name, service }) => ({ name: service.charAt(0), by: name, service }), {
      name: "claimed",
      key: byName,
    });
    routes.set({ name: "a", service: "s" });
    routes.set({ name: "b", service: "s1" });
    routes.set({ name: "b", service: "s2" });
    expect(errors).toHaveLength(1);
    routes.delete("b");
    routes.set({ name: "b", service: "s1" });
    expect(errors).toHaveLength(2);
  });

  test("a key may pass from one input to another within a pass without a collision", () => {
    const { graph, routes, errors } = openWorld();
    const derived = graph.derive(routes, (_, route) => ({ name: route.service, by: route.name }), {
      name: "claimed",
      key: byName,
    });
    graph.batch(() => [routes.set({ name: "a", service: "s" }), routes.set({ name: "b", service: "t" })]);
    graph.batch(() => [routes.set({ name: "b", service: "s" }), routes.set({ name: "a", service: "t" })]);
    expect(derived.list()).toEqual(
      expect.arrayContaining([
        { name: "s", by: "b" },
        { name: "t", by: "a" },
      ]),
    );
    expect(errors).toEqual([]);
  });

  test("one input that yields a key twice is reported, the first is kept", () => {
    const { graph, routes, errors } = openWorld();
    const derived = graph.derive(
      routes,
      (_, { name }) => [
        { name, n: 1 },
        { name, n: 2 },
      ],
      { name: "twice", key: byName },
    );
    routes.set({ name: "a", service: "" });
    expect(derived.list()).toEqual([{ name: "a", n: 1 }]);
    expect(errors.map(({ message }) => message)).toEqual(["twice: a yields a twice: the first is kept"]);
  });

  test("an index whose values function throws finds the item under no value", () => {
    const { graph, routes, errors } = openWorld();
    const index = graph.index("by service", routes, (route) => [
      refuseBad({} as FetchContext, route).service,
    ]);
    routes.set({ name: "a", service: "good" });
    routes.set({ name: "a", service: "bad" });
    expect([index.lookup("good"), index.lookup("bad")]).toEqual([[], []]);
    expect(errors.map(({ kind, key }) => [kind, key])).toEqual([["index", "a"]]);
  });

  test("an equality that throws counts as a difference", () => {
    const { graph, routes, errors } = openWorld();
    const equals = (): boolean => {
      throw new Error("can't compare");
    };
    const derived = graph.derive(routes, (_, { name }) => ({ name }), { name: "odd", key: byName, equals });
    let passes = 0;
    derived.subscribe(() => passes++);
    routes.set({ name: "a", service: "1" });
    routes.set({ name: "a", service: "2" });
    expect([passes, errors.map(({ message }) => message)]).toEqual([
      2,
      ["odd: comparing items threw: can't compare"],
    ]);
  });

  test("a subscriber that throws is reported, and the others are told", () => {
    const { routes, errors } = openWorld();
    let told = 0;
    routes.subscribe(() => {
      throw new Error("subscriber broke");
    });
    routes.subscribe(() => told++);
    routes.set({ name: "a", service: "" });
    expect([told, errors.map(({ message }) => message)]).toEqual([
      1,
      ["a subscriber of routes threw: subscriber broke"],
    ]);
  });

  test("a subscriber that throws at its replay is not subscribed", () => {
    const { routes } = openWorld();
    routes.set({ name: "a", service: "" });
    let calls = 0;
    const listener = (): void => {
      calls++;
      throw new Error("no replay, thank you");
    };
    expect(() => routes.subscribe(listener, { replay: true })).toThrow("no replay");
    routes.set({ name: "b", service: "" });
    expect(calls).toBe(1);
  });

  test("onError may write, which makes another pass", () => {
    const graph: CollectionGraph = createCollectionGraph({
      onError: (error) => problems.set({ name: error.key ?? "", service: error.message }),
    });
    const problems = graph.source<Route>({ name: "problems", key: byName });
    const routes = graph.source<Route>({ name: "routes", key: byName });
    const counted = graph.singleton("count", (context) => context.list(problems).length);
    graph.derive(routes, refuseBad, { name: "checked", key: byName });
    routes.set({ name: "a", service: "bad" });
    expect(counted.get("count")).toBe(1);
  });

  test("what onError writes settles also when it was a subscriber that threw", () => {
    const graph: CollectionGraph = createCollectionGraph({
      onError: ({ message }) => problems.set({ name: "problem", service: message }),
    });
    const problems = graph.source<Route>({ name: "problems", key: byName });
    const counted = graph.singleton("count", (context) => context.list(problems).length);
    const routes = graph.source<Route>({ name: "routes", key: byName });
    routes.subscribe(() => {
      throw new Error("subscriber broke");
    });
    routes.set({ name: "a", service: "" });
    expect(counted.get("count")).toBe(1);
  });

  test("without onError, errors are thrown out of the write once all has settled", () => {
    const graph = createCollectionGraph();
    const routes = graph.source<Route>({ name: "routes", key: byName });
    const derived = graph.derive(routes, refuseBad, { name: "checked", key: byName });
    const write = (): void =>
      routes.replaceAll(["bad", "good"].map((service) => ({ name: service, service })));
    expect(write).toThrow("checked: bad can't be transformed: bad service");
    expect(derived.list().map(byName)).toEqual(["good"]);
    const two = (): void => routes.replaceAll(["1", "2"].map((name) => ({ name, service: "bad" })));
    expect(two).toThrow(AggregateError);
    expect(() => graph.derive(routes, refuseBad, { name: "late", key: byName })).toThrow(AggregateError);
  });

  test("listeners that answer each other for ever are stopped and reported", () => {
    const { routes, errors } = openWorld();
    let writes = 0;
    routes.subscribe(() => routes.set({ name: "a", service: String(writes++) }));
    routes.set({ name: "a", service: "" });
    expect([writes, errors.map(({ kind }) => kind)]).toEqual([1000, ["endless"]]);
  });
});

describe("what a transformation must not do", () => {
  const attempts: [string, (world: World) => void, string][] = [
    ["read a collection past its context", ({ services }) => void services.list(), "tried to read"],
    ["get an item past its context", ({ services }) => void services.get("s"), "tried to read"],
    ["look up past its context", ({ byZone }) => void byZone.lookup("x"), "tried to look up"],
    ["write", ({ services }) => services.set({ name: "s", zone: "" }), "tried to write"],
    ["subscribe", ({ services }) => void services.subscribe(() => {}), "tried to subscribe"],
    ["make a collection", ({ graph }) => void graph.source({ name: "x", key: String }), "tried to make"],
  ];
  test.for(attempts)("%s", ([, attempt, reason]) => {
    const world = openWorld();
    const derived = world.graph.derive(world.routes, (_, route) => [route, attempt(world)][0], {
      name: "impure",
      key: () => "",
    });
    world.routes.set({ name: "a", service: "" });
    expect(world.errors.map(({ message }) => message)).toEqual([expect.stringContaining(reason)]);
    expect([derived.size, world.services.size]).toEqual([0, 0]);
  });

  test("fetch from a collection that is younger than its own: so there are no circles", () => {
    const { graph, routes, errors } = openWorld();
    const later: { names?: SourceCollection<Route> } = {};
    const fetch = (context: FetchContext): Route | undefined => later.names && context.get(later.names, "x");
    graph.derive(routes, fetch, { name: "early", key: byName });
    later.names = graph.source<Route>({ name: "late", key: byName });
    routes.set({ name: "a", service: "" });
    expect(errors.map(({ message }) => message)).toEqual([
      "early: a can't be transformed: early can't fetch from late: a collection reads only from those made before it",
    ]);
  });

  test("fetch from its own collection", () => {
    const { graph, routes, errors } = openWorld();
    const own: { collection?: Collection<Route> } = {};
    own.collection = graph.derive(
      routes,
      (context, { name }) => own.collection && context.get(own.collection, name),
      { name: "own", key: byName },
    );
    routes.set({ name: "a", service: "" });
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining("own can't fetch from own"),
    ]);
  });

  test("fetch from another graph, or from something that no graph has made", () => {
    const { graph, routes, errors } = openWorld();
    const foreign = openWorld().services;
    const homemade = { ...foreign, name: "homemade" };
    graph.derive(routes, (context) => context.get(foreign, "x"), { name: "one", key: byName });
    graph.derive(routes, (context) => context.list(homemade)[0], { name: "two", key: byName });
    graph.derive(routes, (context) => context.lookup({ name: "mine", lookup: () => [] }, ""), {
      name: "three",
      key: String,
    });
    routes.set({ name: "a", service: "" });
    expect(errors.map(({ message }) => message.replace(/.*transformed: /u, ""))).toEqual([
      "one can't fetch from services: it is of another graph",
      "collection homemade was not made by a collection graph",
      "index mine was not made by a collection graph",
    ]);
  });

  test("keep its context for later", () => {
    const { graph, routes, services } = openWorld();
    let kept: FetchContext | undefined;
    graph.derive(routes, (context) => void (kept = context), { name: "kept", key: byName });
    routes.set({ name: "a", service: "" });
    expect(() => kept?.list(services)).toThrow(
      "the context of kept was used after its transformation had returned",
    );
  });
});
