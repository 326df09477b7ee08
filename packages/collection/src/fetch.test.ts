/** What is run again when something changes, and what is not. */
import { describe, expect, test } from "vitest";
import type { FetchContext } from "./collection.ts";
import { createCollectionGraph } from "./collection-graph.ts";
import { IndexNode } from "./index-node.ts";
import { nodeOf } from "./item-context.ts";
import { byName, openWorld, type Route, type World } from "./test-world.ts";

/** Derives from routes with `ask`, counting the runs for each route. */
function counting(
  { graph, routes }: World,
  ask: (context: FetchContext, route: Route) => unknown,
): { runs: () => string[] } {
  const ran: string[] = [];
  graph.derive(
    routes,
    (context, route) => {
      ran.push(route.name);
      return { name: route.name, answer: ask(context, route) };
    },
    { name: "answers", key: byName },
  );
  return { runs: () => ran.splice(0) };
}

describe("what is run again", () => {
  test("an item that got a key runs again when that key changes, appears or goes, and for no other key", () => {
    const world = openWorld();
    for (const name of ["r1", "r2"]) world.routes.set({ name, service: `s${name}` });
    const { runs } = counting(world, (context, route) => context.get(world.services, route.service));
    expect(runs()).toEqual(["r1", "r2"]);
    world.services.set({ name: "other", zone: "x" });
    expect(runs()).toEqual([]);
    world.services.set({ name: "sr1", zone: "x" });
    expect(runs()).toEqual(["r1"]);
    world.services.set({ name: "sr1", zone: "y" });
    expect(runs()).toEqual(["r1"]);
    world.services.delete("sr1");
    expect(runs()).toEqual(["r1"]);
  });

  test("an item that looked up a value runs again when what is found under that value changes", () => {
    const world = openWorld();
    world.routes.set({ name: "r1", service: "x" });
    world.routes.set({ name: "r2", service: "y" });
    const { runs } = counting(world, (context, route) => context.lookup(world.byZone, route.service));
    runs();
    world.services.set({ name: "s", zone: "z" });
    expect(runs()).toEqual([]);
    world.services.set({ name: "s", zone: "x" });
    expect(runs()).toEqual(["r1"]);
    world.services.set({ name: "s", zone: "y" });
    expect(runs().sort()).toEqual(["r1", "r2"]);
    world.services.delete("s");
    expect(runs()).toEqual(["r2"]);
  });

  test("an item that looked up a value runs again when a found item changes without moving", () => {
    const graph = createCollectionGraph();
    const pods = graph.source<{ name: string; node: string; ready: boolean }>({ name: "pods", key: byName });
    const byNode = graph.index("pods by node", pods, (pod) => [pod.node]);
    const ready = graph.singleton(
      "ready",
      (context) => context.lookup(byNode, "n").filter((pod) => pod.ready).length,
    );
    pods.set({ name: "p", node: "n", ready: false });
    expect(ready.get("ready")).toBe(0);
    pods.set({ name: "p", node: "n", ready: true });
    expect(ready.get("ready")).toBe(1);
  });

  test("an item that listed runs again on every change", () => {
    const world = openWorld();
    world.routes.set({ name: "r", service: "" });
    const { runs } = counting(world, (context) => context.list(world.services).length);
    runs();
    world.services.set({ name: "s", zone: "x" });
    world.services.set({ name: "s", zone: "y" });
    world.services.delete("s");
    expect(runs()).toHaveLength(3);
  });

  test("an item runs once in a pass, however many of its answers and inputs changed", () => {
    const world = openWorld();
    const { graph, routes, services, byZone } = world;
    routes.set({ name: "r", service: "s1" });
    const { runs } = counting(world, (context, route) => [
      context.get(services, route.service),
      context.get(services, "s2"),
      context.lookup(byZone, "x"),
      context.list(services),
    ]);
    runs();
    graph.batch(() => {
      services.set({ name: "s1", zone: "x" });
      services.set({ name: "s2", zone: "x" });
      routes.set({ name: "r", service: "s2" });
    });
    expect(runs()).toEqual(["r"]);
  });

  test("questions of an earlier run that the latest did not ask count no more", () => {
    const world = openWorld();
    world.routes.set({ name: "r", service: "s1" });
    const { runs } = counting(world, (context, route) => context.get(world.services, route.service));
    world.routes.set({ name: "r", service: "s2" });
    runs();
    world.services.set({ name: "s1", zone: "x" });
    expect(runs()).toEqual([]);
    world.services.set({ name: "s2", zone: "x" });
    expect(runs()).toEqual(["r"]);
  });

  test("an item that is gone is not run again by what it had asked for", () => {
    const world = openWorld();
    world.routes.set({ name: "r", service: "s" });
    const { runs } = counting(world, (context, route) => context.get(world.services, route.service));
    world.routes.delete("r");
    runs();
    world.services.set({ name: "s", zone: "x" });
    expect(runs()).toEqual([]);
  });

  test("nothing is remembered of items that are gone", () => {
    const world = openWorld();
    const byService = new IndexNode({
      name: "by service",
      input: nodeOf(world.routes),
      values: (route: Route) => [route.service],
    });
    world.routes.replaceAll(Array.from({ length: 100 }, (_, i) => ({ name: `r${i}`, service: `s${i}` })));
    counting(world, (context, route) => [
      context.get(world.services, route.service),
      context.lookup(byService, route.name),
    ]);
    const services = nodeOf(world.services);
    const held = (): number[] => [services.keyQuestions.size, byService.questions.size, byService.size];
    expect(held()).toEqual([100, 100, 100]);
    world.routes.replaceAll([{ name: "r1", service: "s1" }]);
    expect(held()).toEqual([1, 1, 1]);
  });

  test("nothing runs downstream of an output that equals the one before", () => {
    const world = openWorld();
    const { graph, routes } = world;
    const services = graph.derive(routes, (_, route) => ({ name: route.service }), {
      name: "named",
      key: byName,
    });
    const ran: string[] = [];
    graph.derive(services, (_, { name }) => void ran.push(name), { name: "below", key: () => "" });
    routes.set({ name: "r", service: "s" });
    routes.set({ name: "r", service: "s" });
    expect(ran).toEqual(["s"]);
  });

  test("a diamond settles without anybody seeing one side changed and the other not", () => {
    const { graph, routes } = openWorld();
    const left = graph.derive(routes, (_, { service }) => ({ name: "l", service }), {
      name: "left",
      key: byName,
    });
    const right = graph.derive(routes, (_, { service }) => ({ name: "r", service }), {
      name: "right",
      key: byName,
    });
    const seen: string[] = [];
    const both = graph.singleton("both", (context) => {
      const pair = `${context.get(left, "l")?.service} ${context.get(right, "r")?.service}`;
      seen.push(pair);
      return pair;
    });
    both.subscribe((events) => seen.push(`event ${events.length}`));
    routes.set({ name: "one", service: "s1" });
    routes.set({ name: "one", service: "s2" });
    expect(seen).toEqual(["undefined undefined", "s1 s1", "event 1", "s2 s2", "event 1"]);
  });

  test("of 5,000 items that look something up, only the one that is concerned runs", () => {
    const world = openWorld();
    world.graph.batch(() => {
      for (let i = 0; i < 5000; i++) {
        world.routes.set({ name: `r${i}`, service: `zone${i % 500}` });
        world.services.set({ name: `s${i}`, zone: `zone${i}` });
      }
    });
    const { runs } = counting(world, (context, route) => context.lookup(world.byZone, route.service).length);
    expect(runs()).toHaveLength(5000);
    world.routes.set({ name: "r7", service: "zone8" });
    expect(runs()).toEqual(["r7"]);
    world.services.set({ name: "new", zone: "zone9" });
    expect(runs()).toHaveLength(10);
    world.services.set({ name: "new", zone: "zone4999" });
    expect(runs()).toHaveLength(10);
  });
});
