/**
 * Whatever is written in whatever batches: derived content is what computing it from scratch gives, the events of a pass
 * lead from the content before to the content after, and nothing runs twice in a pass or announces what is equal.
 */
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import type { Collection, Event } from "./collection.ts";
import { createCollectionGraph } from "./collection-graph.ts";
import { deepEquals } from "./deep-equals.ts";

interface Service {
  readonly name: string;
  readonly zone: string;
  readonly ports: readonly number[];
}
interface Route {
  readonly name: string;
  readonly service: string;
  readonly zone: string;
}

const byName = (item: { readonly name: string }): string => item.name;

/** A pipeline that has every kind of collection and every kind of question in it. */
function openPipeline() {
  const graph = createCollectionGraph();
  const runs: string[] = [];
  const services = graph.source<Service>({ name: "services", key: byName });
  const routes = graph.source<Route>({ name: "routes", key: byName });
  const overrides = graph.source<Route>({ name: "overrides", key: byName });
  const effective = graph.join("effective", [overrides, routes]);
  const byZone = graph.index("by zone", services, ({ zone, ports }) =>
    ports.length === 0 ? [] : [zone, zone],
  );
  const resolved = graph.derive(
    effective,
    (context, { name, service, zone }) => {
      runs.push(`resolved ${name}`);
      const found = context.get(services, service);
      if (found === undefined) return undefined;
      return { name, ports: found.ports, nearby: context.lookup(byZone, zone).map(byName).sort() };
    },
    { name: "resolved", key: byName },
  );
  const listeners = graph.derive(
    resolved,
    (context, { name, ports }) => {
      runs.push(`listeners ${name}`);
      const zone = context.get(effective, name)?.zone;
      return ports.map((port) => ({ name: `${name}:${port}`, zone }));
    },
    { name: "listeners", key: byName },
  );
  const byPort = graph.index("by port", listeners, ({ name }) => [name.slice(name.indexOf(":") + 1)]);
  const summary = graph.singleton("summary", (context) => {
    runs.push("summary");
    return {
      routes: context.list(effective).map(byName).sort(),
      onPort1: context.lookup(byPort, "1").map(byName).sort(),
    };
  });
  return { graph, runs, services, routes, overrides, effective, resolved, listeners, summary };
}

/** The same by plain code, from the content of the sources. */
function compute(services: readonly Service[], routes: readonly Route[], overrides: readonly Route[]) {
  const effective = [...new Map([...routes, ...overrides].map((route) => [route.name, route])).values()];
  const resolved = effective.flatMap(({ name, service, zone }) => {
    const found = services.find((other) => other.name === service);
    const inZone = services.filter((other) => other.zone === zone && other.ports.length > 0);
    return found === undefined ? [] : [{ name, ports: found.ports, nearby: inZone.map(byName).sort() }];
  });
  const listeners = resolved.flatMap(({ name, ports }) =>
    ports.map((port) => ({
      name: `${name}:${port}`,
      zone: effective.find((route) => route.name === name)?.zone,
    })),
  );
  const onPort1 = listeners.map(byName).filter((name) => name.endsWith(":1"));
  return {
    effective,
    resolved,
    listeners,
    summary: [{ routes: effective.map(byName).sort(), onPort1: onPort1.sort() }],
  };
}

const name = fc.constantFrom("a", "b", "c", "d", "e");
const zone = fc.constantFrom("x", "y", "z");
const service: fc.Arbitrary<Service> = fc.record({
  name,
  zone,
  ports: fc.uniqueArray(fc.integer({ min: 1, max: 3 })),
});
const route: fc.Arbitrary<Route> = fc.record({ name, service: name, zone });
type Pipeline = ReturnType<typeof openPipeline>;
const operation: fc.Arbitrary<(pipeline: Pipeline) => void> = fc.oneof(
  service.map((item) => (to: Pipeline) => to.services.set(item)),
  route.map((item) => (to: Pipeline) => to.routes.set(item)),
  route.map((item) => (to: Pipeline) => to.overrides.set(item)),
  name.map((key) => (to: Pipeline) => to.services.delete(key)),
  name.map((key) => (to: Pipeline) => to.routes.delete(key)),
  name.map((key) => (to: Pipeline) => to.overrides.delete(key)),
  fc.array(service, { maxLength: 5 }).map((items) => (to: Pipeline) => to.services.replaceAll(items)),
  fc.array(route, { maxLength: 5 }).map((items) => (to: Pipeline) => to.routes.replaceAll(items)),
);
const batches = fc.array(fc.array(operation, { minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 12,
});

/** Holds what the events of a collection say, and fails on an event that can't be. */
function replayOf<T>(collection: Collection<T>): () => ReadonlyMap<string, T> {
  const content = new Map<string, T>();
  collection.subscribe(
    (events) => {
      expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
      for (const event of events) applyEvent(content, event);
      expect(collection.size).toBe(content.size);
    },
    { replay: true },
  );
  return () => content;
}

function applyEvent<T>(content: Map<string, T>, event: Event<T>): void {
  const before = event.type === "add" ? undefined : event.before;
  expect(content.get(event.key)).toBe(before);
  if (event.type === "delete") content.delete(event.key);
  else content.set(event.key, event.item);
  if (event.type === "update") expect(deepEquals(event.item, event.before)).toBe(false);
}

function sorted(items: Iterable<unknown>): unknown[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

test("after every batch the content is what computing it from scratch gives, and so are the replayed events", () => {
  fc.assert(
    fc.property(batches, fc.nat({ max: 11 }), (steps, lateAt) => {
      const pipeline = openPipeline();
      const { graph, runs, services, routes, overrides } = pipeline;
      const kinds = ["effective", "resolved", "listeners", "summary"] as const;
      const openReplays = () => kinds.map((kind) => ({ kind, content: replayOf<unknown>(pipeline[kind]) }));
      const replays = openReplays();
      steps.forEach((step, at) => {
        if (at === lateAt) replays.push(...openReplays());
        runs.length = 0;
        graph.batch(() => step.forEach((operate) => operate(pipeline)));
        expect(new Set(runs).size).toBe(runs.length);
        const expected = compute(services.list(), routes.list(), overrides.list());
        for (const kind of kinds) expect(sorted(pipeline[kind].list())).toEqual(sorted(expected[kind]));
        for (const { kind, content } of replays) {
          expect(sorted(content().values())).toEqual(sorted(pipeline[kind].list()));
        }
      });
    }),
    { numRuns: 300 },
  );
});

test("with colliding outputs every claimed key is there, held by one that claims it", () => {
  fc.assert(
    fc.property(fc.array(fc.array(route, { minLength: 1, maxLength: 4 }), { maxLength: 10 }), (steps) => {
      const graph = createCollectionGraph({ onError: () => {} });
      const routes = graph.source<Route>({ name: "routes", key: byName });
      const claimed = graph.derive(
        routes,
        (_, { name, service, zone }) => [...new Set([service, zone])].map((key) => ({ key, by: name })),
        { name: "claimed", key: ({ key }) => key },
      );
      const content = replayOf(claimed);
      for (const [at, step] of steps.entries()) {
        if (at % 3 === 2) routes.replaceAll(step);
        else graph.batch(() => step.forEach((item) => routes.set(item)));
        const claims = routes.list().flatMap(({ name, service, zone }) => [
          { key: service, by: name },
          { key: zone, by: name },
        ]);
        expect(sorted(claimed.list().map(({ key }) => key))).toEqual(
          sorted(new Set(claims.map(({ key }) => key))),
        );
        for (const item of claimed.list()) expect(claims).toContainEqual(item);
        expect(sorted(content().values())).toEqual(sorted(claimed.list()));
      }
    }),
    { numRuns: 200 },
  );
});
