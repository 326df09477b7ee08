/** Services and their endpoints, as the store makes snapshots of them. */
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import { expect, test } from "vitest";
import type { Endpoint } from "./snapshot.ts";
import { createStore } from "./store.ts";
import { removal, route, service, slice, upserts, workload } from "./test-resources.ts";
import { addresses, apply, place, web, webSlice } from "./test-store.ts";

test("a Service listens with its own endpoints and no routes", () => {
  const snapshot = apply(createStore(), web, webSlice);
  const port = snapshot.listeners.get(place);
  expect(port).toMatchObject({
    key: "shop/web:80",
    serviceHost: "web.shop.svc.cluster.local",
    protocol: "http",
  });
  expect(port?.routes).toBeUndefined();
  expect(addresses(port?.backend)).toEqual(["10.0.0.1:8080", "10.0.0.2:8080"]);
});

test("a Service that listens nowhere is a backend only", () => {
  const snapshot = apply(createStore(), service("shop/api"), slice("shop/api-1", "shop/api", ["10.0.0.9"]));
  expect(snapshot.listeners.size).toBe(0);
  expect(addresses(snapshot.backends.get("shop/api:80"))).toEqual(["10.0.0.9:8080"]);
});

test.for<[string, { ownWaypoint: string; waypoint: string; releasing?: boolean }, boolean]>([
  ["where its clients are led does not", { ownWaypoint: "shop/w", waypoint: "shop/w" }, false],
  ["that its clients have been led away from does", { ownWaypoint: "shop/w", waypoint: "shop/v" }, true],
  ["does, where they are led back", { ownWaypoint: "shop/w", waypoint: "shop/w", releasing: true }, true],
  ["that is every waypoint does not", { ownWaypoint: "", waypoint: "shop/v" }, false],
])("of the waypoints that serve a Service, one %s tell clients to come again", ([, words, expected]) => {
  const { ownWaypoint, ...rest } = words;
  const moving = service("shop/web", { ...rest, ports: [{ port: 80, listen: [place] }] });
  const snapshot = apply(createStore({ ownWaypoint }), moving);
  expect(snapshot.listeners.get(place)?.isReleasing).toBe(expected);
});

test("a deleted Service closes its listeners, and its endpoints' pools retire", () => {
  const gone: string[] = [];
  const store = createStore({ onEndpointGone: ({ key }) => gone.push(key) });
  const { listeners } = apply(store, web, webSlice);
  let retired = 0;
  listeners.get(place)!.backend.endpoints[0]!.pool = { retire: () => retired++ };
  const { snapshot } = store.apply([removal(typeUrls.service, "shop/web")]);
  expect(snapshot.listeners.size).toBe(0);
  expect(listeners.size).toBe(1);
  expect(gone).toEqual(["10.0.0.1:8080", "10.0.0.2:8080"]);
  expect(retired).toBe(1);
});

test("an endpoint that stays keeps its object, its load and its pool; one that becomes unready is only not picked", () => {
  const store = createStore();
  const first = apply(store, web, webSlice).listeners.get(place)!.backend.endpoints[0]!;
  const pool = { retire: () => expect.unreachable() };
  first.active = 7;
  first.pool = pool;
  const unready = apply(store, slice("shop/web-1", "shop/web", ["10.0.0.1 unready", "10.0.0.2"]));
  expect(addresses(unready.listeners.get(place)!.backend)).toEqual(["10.0.0.2:8080"]);
  const back = apply(store, slice("shop/web-1", "shop/web", ["10.0.0.3", "10.0.0.1"]));
  const kept = back.listeners.get(place)!.backend.endpoints[0];
  expect(kept).toBe(first);
  expect(kept).toMatchObject({ active: 7, pool });
});

test("another pod at the same address is another endpoint", () => {
  const gone: Endpoint[] = [];
  const store = createStore({ onEndpointGone: (endpoint) => gone.push(endpoint) });
  const first = apply(store, web, slice("shop/web-1", "shop/web", ["10.0.0.1 ready a"]));
  const old = first.listeners.get(place)!.backend.endpoints[0]!;
  const next = apply(store, slice("shop/web-1", "shop/web", ["10.0.0.1 ready b"]));
  expect(next.listeners.get(place)!.backend.endpoints[0]).not.toBe(old);
  expect(gone).toEqual([old]);
});

test.for([
  {
    endpoints: ["10.0.0.1", "10.0.0.2 terminating"],
    picked: ["10.0.0.1:8080"],
    rule: "ready ones before all others",
  },
  {
    endpoints: ["10.0.0.1 unready", "10.0.0.2 terminating"],
    picked: ["10.0.0.2:8080"],
    rule: "those that terminate and still serve where none is ready",
  },
  { endpoints: ["10.0.0.1 unready"], picked: [], rule: "none that is neither" },
])("what may be picked is $rule", ({ endpoints, picked }) => {
  const snapshot = apply(createStore(), web, slice("shop/web-1", "shop/web", endpoints));
  expect(addresses(snapshot.listeners.get(place)!.backend)).toEqual(picked);
});

test("an endpoint in two slices counts once, and is ready where either says so", () => {
  const moving = [
    slice("shop/a", "shop/web", ["10.0.0.1 unready"]),
    slice("shop/b", "shop/web", ["10.0.0.1", "10.0.0.2"]),
  ];
  const snapshot = apply(createStore(), web, ...moving);
  expect(addresses(snapshot.listeners.get(place)!.backend)).toEqual(["10.0.0.1:8080", "10.0.0.2:8080"]);
});

test("a Service port takes the slices' port of its name", () => {
  const twoPorts = service("shop/web", {
    ports: [
      { name: "http", port: 80 },
      { name: "admin", port: 9000 },
    ],
  });
  const snapshot = apply(
    createStore(),
    twoPorts,
    slice("shop/s", "shop/web", ["10.0.0.1"], { http: 8080, admin: 9999 }),
  );
  expect(addresses(snapshot.backends.get("shop/web:80"))).toEqual(["10.0.0.1:8080"]);
  expect(addresses(snapshot.backends.get("shop/web:9000"))).toEqual(["10.0.0.1:9999"]);
});

test("a place that is held back is not listened on until it is free", () => {
  const store = createStore();
  store.holdPlaces(new Set([place]));
  expect(apply(store, web).listeners.has(place)).toBe(false);
  expect(apply(store, route("shop/r", { parents: ["shop/web"] })).listeners.has(place)).toBe(false);
  expect(store.holdPlaces(new Set()).listeners.get(place)?.routes?.size).toBe(1);
});

test.for([typeUrls.service, typeUrls.endpointSlice, typeUrls.route] as const)(
  "removing what is not there is harmless (%s)",
  (typeUrl: TypeUrl) => {
    const store = createStore();
    apply(store, web, webSlice);
    const { snapshot, rejected } = store.apply([removal(typeUrl, "shop/nothing")]);
    expect(rejected.flat()).toEqual([]);
    expect(addresses(snapshot.listeners.get(place)?.backend)).toHaveLength(2);
  },
);

test("workloads are kept while asked about; a removal says that the address is nobody's", () => {
  const store = createStore({ keepsWorkload: (address) => address.startsWith("10.") });
  apply(store, workload("10.0.0.1", "shop/a"), workload("11.0.0.1", "shop/b"));
  const { workloads } = store.apply([removal(typeUrls.workload, "10.0.0.2")]).snapshot;
  expect(workloads.get("10.0.0.1")).toMatchObject({ known: true, labels: { pod: "a" } });
  expect(workloads.get("10.0.0.2")).toEqual({ known: false });
  expect(workloads.has("11.0.0.1")).toBe(false);
});

test("an identity that cannot be read is no identity, whatever was known before", () => {
  const store = createStore();
  apply(store, workload("10.0.0.1", "shop/a"));
  const { snapshot, rejected } = store.apply(
    upserts({ ...workload("10.0.0.9", "shop/evil"), name: "10.0.0.1" }),
  );
  expect(rejected.flat()).toHaveLength(1);
  expect(snapshot.workloads.get("10.0.0.1")).toEqual({ known: false });
});
