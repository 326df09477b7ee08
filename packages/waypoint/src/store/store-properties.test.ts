/** Whatever the order and grouping of the deltas, what is served in the end is what a store built from scratch serves. */
import type { EncodedResource, ResourceDelta } from "@waystone/xds/resource";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { dumpStore } from "./dump-store.ts";
import type { Snapshot } from "./snapshot.ts";
import { createStore, type Store } from "./store.ts";
import { route, service, slice } from "./test-resources.ts";

const names = ["web", "api", "db"] as const;
const namespaces = ["shop", "client"] as const;

const serviceResource = fc
  .record({
    name: fc.constantFrom(...names),
    ports: fc.uniqueArray(fc.constantFrom(80, 81, 82), { minLength: 1 }),
    listens: fc.boolean(),
    tcp: fc.boolean(),
  })
  .map(({ name, ports, listens, tcp }) =>
    service(`shop/${name}`, {
      ports: ports.map((port) => ({
        name: `p${port}`,
        port,
        tcp: tcp && port === 82,
        // Every Service has an address of its own: who wins a contested place depends on the order, as it should.
        listen: listens ? [`127.0.0.${10 + names.indexOf(name)}:${port}`] : [],
      })),
    }),
  );

const sliceResource = fc
  .record({
    name: fc.constantFrom("s1", "s2", "s3"),
    owner: fc.constantFrom(...names),
    endpoints: fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom("ready", "unready", "terminating")),
      {
        selector: ([n]) => n,
      },
    ),
    ports: fc.uniqueArray(fc.constantFrom(80, 81, 82), { minLength: 1 }),
  })
  .map(({ name, owner, endpoints, ports }) =>
    slice(
      `shop/${name}`,
      `shop/${owner}`,
      endpoints.map(([n, state]) => `10.0.0.${n} ${state}`),
      Object.fromEntries(ports.map((port) => [`p${port}`, 8000 + port])),
    ),
  );

const routeResource = fc
  .record({
    namespace: fc.constantFrom(...namespaces),
    name: fc.constantFrom("r1", "r2", "r3"),
    parents: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom("", ":80", ":81")), {
      selector: (parent) => parent.join(""),
    }),
    path: fc.constantFrom("/", "/a", "/a/b", "/c"),
    backends: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(80, 81, 99))),
  })
  .map(({ namespace, name, parents, path, backends }) =>
    route(`${namespace}/${name}`, {
      parents: parents.map(([parent, port]) => `shop/${parent}${port}`),
      path,
      backends: backends.map(([backend, port]) => `shop/${backend}:${port}`),
    }),
  );

type Step = { readonly resource: EncodedResource; readonly isRemoval: boolean };

const step: fc.Arbitrary<Step> = fc.record({
  resource: fc.oneof(serviceResource, sliceResource, routeResource),
  isRemoval: fc.boolean(),
});

/** Steps gathered into applies, each of one or more deltas. */
const history = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

function deltaOf({ resource, isRemoval }: Step): ResourceDelta {
  const { typeUrl, name } = resource;
  return isRemoval
    ? { typeUrl, upserts: [], removals: [name] }
    : { typeUrl, upserts: [resource], removals: [] };
}

/** Gathers steps of one type that touch different resources into one delta, as a push does. */
function deltasOf(steps: readonly Step[]): ResourceDelta[] {
  const deltas: ResourceDelta[] = [];
  for (const next of steps.map(deltaOf)) {
    const last = deltas.at(-1);
    const touched = new Set([...(last?.upserts.map(({ name }) => name) ?? []), ...(last?.removals ?? [])]);
    const name = next.upserts[0]?.name ?? next.removals[0]!;
    if (last?.typeUrl === next.typeUrl && !touched.has(name)) {
      deltas[deltas.length - 1] = {
        typeUrl: next.typeUrl,
        upserts: [...last.upserts, ...next.upserts],
        removals: [...last.removals, ...next.removals],
      };
    } else deltas.push(next);
  }
  return deltas;
}

/** All that the data path can see, as plain data. */
function picture(store: Store): unknown {
  const snapshot: Snapshot = store.current();
  const listeners = [...snapshot.listeners].map(([place, port]) => ({
    place,
    key: port.key,
    protocol: port.protocol,
    endpoints: port.backend.endpoints.map(({ key }) => key),
    tables: [port.routes, ...["shop", "client"].map((namespace) => port.consumerRoutes.get(namespace))].map(
      (table) =>
        table?.entries().map(({ rule }) => ({
          label: rule.label,
          backends: snapshot.rules
            .get(rule)
            ?.backends.map((b) => [b?.key, b?.endpoints.map(({ key }) => key)]),
        })),
    ),
  }));
  const { sequence: _, ...dump } = dumpStore(store);
  return { listeners: listeners.sort((a, b) => (a.place < b.place ? -1 : 1)), dump };
}

test("deltas in any order and grouping serve what a store from scratch serves", () => {
  fc.assert(
    fc.property(history, (applies) => {
      const store = createStore();
      const final = new Map<string, EncodedResource>();
      for (const steps of applies) {
        expect(store.apply(deltasOf(steps)).rejected.flat()).toEqual([]);
        for (const { resource, isRemoval } of steps) {
          const key = `${resource.typeUrl} ${resource.name}`;
          if (isRemoval) final.delete(key);
          else final.set(key, resource);
        }
      }
      const fresh = createStore();
      fresh.apply([...final.values()].map((resource) => deltaOf({ resource, isRemoval: false })));
      expect(picture(store)).toEqual(picture(fresh));
    }),
    { numRuns: 300 },
  );
});

test("when everything is removed, nothing is left: no listener, no backend, no endpoint that was not let go", () => {
  fc.assert(
    fc.property(history, (applies) => {
      const alive = new Set<unknown>();
      const store = createStore({ onEndpointGone: (endpoint) => alive.delete(endpoint) });
      for (const steps of applies) {
        const { snapshot } = store.apply(deltasOf(steps));
        for (const { endpoints } of snapshot.backends.values())
          for (const endpoint of endpoints) alive.add(endpoint);
      }
      store.apply(applies.flat().map(({ resource }) => deltaOf({ resource, isRemoval: true })));
      expect(
        store.current().listeners.size + store.current().backends.size + store.backends.size + alive.size,
      ).toBe(0);
    }),
    { numRuns: 200 },
  );
});
