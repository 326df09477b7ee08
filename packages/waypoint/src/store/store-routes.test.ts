/** Routes in snapshots: where they are served, and what their backends are. */
import { typeUrls } from "@waystone/api/names";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import type { ServedRule, Snapshot } from "./snapshot.ts";
import { createStore } from "./store.ts";
import { removal, route, service, slice, upserts } from "./test-resources.ts";
import { addresses, apply, get, place, served, web, webSlice } from "./test-store.ts";

test("a route is served on every port it is attached to, and sends to its backends' endpoints", () => {
  const store = createStore();
  apply(store, route("shop/r", { parents: ["shop/web"], path: "/api", backends: ["shop/api"] }));
  const snapshot = apply(store, web, service("shop/api"), slice("shop/api-1", "shop/api", ["10.0.0.9"]));
  expect(served(snapshot, "/api")).toEqual(["shop/api:80"]);
  expect(served(snapshot, "/other")).toBeUndefined();
});

test("a route of another namespace rules only clients from there", () => {
  const snapshot = apply(
    createStore(),
    web,
    route("client/r", { parents: ["shop/web"], backends: ["shop/web"] }),
  );
  const port = snapshot.listeners.get(place)!;
  expect(port.routes).toBeUndefined();
  expect(port.consumerRoutes.get("client")?.size).toBe(1);
});

test("a route that names a port is not served on the others", () => {
  const other = "127.0.0.10:9090";
  const twoPorts = service("shop/web", {
    ports: [
      { port: 80, listen: [place] },
      { name: "other", port: 90, listen: [other] },
    ],
  });
  const store = createStore();
  apply(store, twoPorts, route("shop/all", { parents: ["shop/web"], path: "/all" }));
  const both = apply(store, route("shop/one", { parents: ["shop/web:80"], path: "/one" }));
  expect(both.listeners.get(place)?.routes?.size).toBe(2);
  expect(both.listeners.get(other)?.routes?.size).toBe(1);
  const after = store.apply([removal(typeUrls.route, "HTTPRoute/shop/one")]).snapshot;
  expect(after.listeners.get(place)?.routes?.size).toBe(1);
  expect(both.listeners.get(place)?.routes?.match(get("/one"))).toBeDefined();
});

test("routes of a port that passes bytes are not asked", () => {
  const tcp = service("shop/web", { ports: [{ port: 80, tcp: true, listen: [place] }] });
  const snapshot = apply(createStore(), tcp, route("shop/r", { parents: ["shop/web"] }));
  expect(snapshot.listeners.get(place)).toMatchObject({ protocol: "tcp", routes: undefined });
});

test("a changed route is in the next snapshot, and the snapshot before goes on as it was", () => {
  const store = createStore();
  const before = apply(store, web, route("shop/r", { parents: ["shop/web"], backends: ["shop/a"] }));
  const after = apply(store, route("shop/r", { parents: ["shop/web"], backends: ["shop/b"] }));
  expect(served(before, "/")).toEqual(["shop/a:80"]);
  expect(served(after, "/")).toEqual(["shop/b:80"]);
});

test("a change of one route leaves the tables of other Services as they are", () => {
  const other = "127.0.0.11:8080";
  const store = createStore();
  const before = apply(
    store,
    web,
    service("shop/other", { ports: [{ port: 80, listen: [other] }] }),
    route("shop/r", { parents: ["shop/web"] }),
    route("shop/o", { parents: ["shop/other"] }),
  );
  const after = apply(store, route("shop/r", { parents: ["shop/web"], path: "/new" }));
  expect(after.listeners.get(other)).toBe(before.listeners.get(other));
  expect(after.listeners.get(place)).not.toBe(before.listeners.get(place));
});

test("a change of endpoints changes the backend that rules hold, and no route", () => {
  const store = createStore();
  const before = apply(
    store,
    web,
    webSlice,
    route("shop/r", { parents: ["shop/web"], backends: ["shop/web"] }),
  );
  const matched = before.listeners.get(place)!.routes!.match(get("/"))!;
  const after = apply(store, slice("shop/web-1", "shop/web", ["10.0.0.5"]));
  expect(after.listeners).toBe(before.listeners);
  expect(addresses(before.rules.get(matched.rule)!.backends[0])).toEqual(["10.0.0.5:8080"]);
});

test("a route's backend works as soon as its Service comes, and has no endpoints after it went", () => {
  const store = createStore();
  const first = apply(store, web, route("shop/r", { parents: ["shop/web"], backends: ["shop/late"] }));
  const matched = first.listeners.get(place)!.routes!.match(get("/"))!;
  const backend = first.rules.get(matched.rule)!.backends[0]!;
  expect(backend.endpoints).toEqual([]);
  apply(store, slice("shop/late-1", "shop/late", ["10.0.0.7"]), service("shop/late"));
  expect(addresses(backend)).toEqual(["10.0.0.7:8080"]);
  store.apply([removal(typeUrls.service, "shop/late")]);
  expect(backend.endpoints).toEqual([]);
});

test("a rule that copies nothing has no mirrors, of any of its backends, so that its requests are seen to lead nowhere else", () => {
  const copy = { backend: { service: "shop/copy", port: 80, weight: 1 }, numerator: 1, denominator: 1 };
  const ruleOf = (filters: object[]): ServedRule => {
    const rules = [
      {
        matches: [{ path: { type: 1, value: "/" } }],
        backends: [{ service: "shop/a", port: 80, weight: 1, filters }],
      },
    ];
    const snapshot = apply(createStore(), web, route("shop/r", { parents: ["shop/web"], rules }));
    return snapshot.rules.get(snapshot.listeners.get(place)!.routes!.match(get("/"))!.rule)!;
  };
  expect(ruleOf([{ requestMirror: copy }]).backendMirrors).toHaveLength(1);
  expect(ruleOf([])).toMatchObject({ mirrors: [], backendMirrors: [] });
});

test("weights are running sums; an invalid backend keeps its share", () => {
  const rules = [
    {
      matches: [{ path: { type: 1, value: "/" } }],
      backends: [
        { service: "shop/a", port: 80, weight: 90 },
        { service: "shop/b", port: 80, weight: 10, invalid: "Service shop/b does not exist" },
        { service: "shop/c", port: 80, weight: 0 },
      ],
    },
  ];
  const snapshot = apply(createStore(), web, route("shop/r", { parents: ["shop/web"], rules }));
  const matched = snapshot.listeners.get(place)!.routes!.match(get("/"))!;
  const rule = snapshot.rules.get(matched.rule)!;
  expect(rule.cumulativeWeights).toEqual([90, 100, 100]);
  expect(rule.backends.map((backend) => backend?.key)).toEqual(["shop/a:80", undefined, "shop/c:80"]);
});

describe("routes for connections", () => {
  const passed = service("shop/web", { ports: [{ port: 80, listen: [place], tcp: true }] });
  const tls = (name: string, parent: string, hostnames: string[]): EncodedResource =>
    route(name, { kind: "TLSRoute", parents: [parent], hostnames, backends: ["shop/api"] });
  const named = (snapshot: Snapshot, serverName: string): string | undefined =>
    snapshot.listeners.get(place)?.connectionRoutes?.match(serverName)?.route.key;

  test("apply on ports that are passed on, and those for requests do not", () => {
    const store = createStore();
    const both = [tls("shop/t", "shop/web", ["a.shop"]), route("shop/h", { parents: ["shop/web"] })];
    const port = apply(store, passed, ...both).listeners.get(place);
    expect([port?.protocol, port?.routes, port?.connectionRoutes?.readsServerName]).toEqual([
      "tcp",
      undefined,
      true,
    ]);
    const http = apply(store, web).listeners.get(place);
    expect([http?.protocol, http?.routes?.size, http?.connectionRoutes]).toEqual(["http", 1, undefined]);
  });

  test("of another namespace are its clients' alone", () => {
    const port = apply(createStore(), passed, tls("buyers/t", "shop/web", ["a.shop"])).listeners.get(place);
    expect(port?.connectionRoutes).toBeUndefined();
    expect([...(port?.consumerConnectionRoutes.keys() ?? [])]).toEqual(["buyers"]);
  });

  test("lead to backends that are held as long as they do", () => {
    const store = createStore();
    const snapshot = apply(store, passed, tls("shop/t", "shop/web", ["a.shop"]));
    const rule = snapshot.listeners.get(place)!.connectionRoutes!.match("a.shop")!;
    expect(snapshot.rules.get(rule)?.backends.map((one) => one?.key)).toEqual(["shop/api:80"]);
    store.apply([removal(typeUrls.route, "TLSRoute/shop/t")]);
    expect(store.backends.get("shop/api:80")).toBeUndefined();
    expect(store.current().listeners.get(place)?.connectionRoutes).toBeUndefined();
  });

  test("take another name, or another Service, in place of what they had", () => {
    const store = createStore();
    expect(named(apply(store, passed, tls("shop/t", "shop/web", ["a.shop"])), "a.shop")).toBe(
      "TLSRoute/shop/t",
    );
    const renamed = apply(store, tls("shop/t", "shop/web", ["b.shop"]));
    expect([named(renamed, "a.shop"), named(renamed, "b.shop")]).toEqual([undefined, "TLSRoute/shop/t"]);
    expect(named(apply(store, tls("shop/t", "shop/other", ["b.shop"])), "b.shop")).toBeUndefined();
    expect(store.current().listeners.get(place)?.connectionRoutes).toBeUndefined();
  });

  test("with what cannot be read are refused, and the version before stays", () => {
    const store = createStore();
    apply(store, passed, tls("shop/t", "shop/web", ["a.shop"]));
    const { snapshot, rejected } = store.apply(upserts(tls("shop/t", "shop/web", ["a.shop", "*"])));
    expect(rejected.flat()[0]?.reason).toContain('hostnames[1]: "*" is no server name');
    expect(named(snapshot, "a.shop")).toBe("TLSRoute/shop/t");
  });
});
