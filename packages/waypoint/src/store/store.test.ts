import { type TypeUrl, typeUrls } from "@waystone/api/names";
import type { RequestView } from "@waystone/engine/route/route";
import type { EncodedResource } from "@waystone/xds/resource";
import { describe, expect, test } from "vitest";
import type { Backend, Endpoint, Snapshot } from "./snapshot.ts";
import { createStore, type Store } from "./store.ts";
import { removal, route, service, slice, upserts, workload } from "./test-resources.ts";

const place = "127.0.0.10:8080";
const web = service("shop/web", { ports: [{ port: 80, listen: [place] }] });
const webSlice = slice("shop/web-1", "shop/web", ["10.0.0.1", "10.0.0.2"]);

function get(path: string): RequestView {
  return { method: "GET", path, query: "", headerValues: () => [] };
}

function apply(store: Store, ...resources: EncodedResource[]): Snapshot {
  const { snapshot, rejected } = store.apply(upserts(...resources));
  expect(rejected.flat()).toEqual([]);
  return snapshot;
}

function addresses(backend: Backend | undefined): string[] | undefined {
  return backend?.endpoints.map(({ key }) => key);
}

/** The backends that the rule which wins for `path` sends to. */
function served(snapshot: Snapshot, path: string): (string | undefined)[] | undefined {
  const matched = snapshot.listeners.get(place)?.routes?.match(get(path));
  if (matched === undefined) return undefined;
  return snapshot.rules.get(matched.rule)?.backends.map((backend) => backend?.key);
}

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

test("what is refused has a reason, the rest of the delta applies, and the version before stays", () => {
  const store = createStore();
  apply(store, web, route("shop/r", { parents: ["shop/web"], backends: ["shop/a"] }));
  const broken = { ...route("shop/r"), body: new Uint8Array([0xff, 0xff]) };
  const { snapshot, rejected } = store.apply(
    upserts(broken, route("shop/good", { parents: ["shop/web"], path: "/good", backends: ["shop/b"] })),
  );
  expect(rejected).toEqual([
    [{ name: "HTTPRoute/shop/r", reason: expect.stringContaining("cannot be decoded") }],
  ]);
  expect(served(snapshot, "/")).toEqual(["shop/a:80"]);
  expect(served(snapshot, "/good")).toEqual(["shop/b:80"]);
});

test.for([
  {
    rule: "the port is 0",
    resource: service("shop/web", { ports: [{ port: 0 }] }),
    reason: /not in 1 to 65535/,
  },
  {
    rule: "a port occurs twice",
    resource: service("shop/web", { ports: [{ port: 80 }, { name: "b", port: 80 }] }),
    reason: /port 80 occurs twice/,
  },
  {
    rule: "it listens twice on one place",
    resource: service("shop/web", {
      ports: [
        { port: 80, listen: [place] },
        { name: "b", port: 81, listen: [place] },
      ],
    }),
    reason: /listens on 127\.0\.0\.10:8080 twice/,
  },
  {
    rule: "the place is no IP address",
    resource: service("shop/web", { ports: [{ port: 80, listen: ["localhost:80"] }] }),
    reason: /"localhost", which is no IP address/,
  },
  {
    rule: "its name is not its content's",
    resource: { ...service("shop/web"), name: "shop/other" },
    reason: /its content says shop\/web/,
  },
  {
    rule: "a slice speaks for a Service of another namespace",
    resource: slice("evil/s", "shop/web", ["10.6.6.6"]),
    reason: /not in its namespace/,
  },
  {
    rule: "an endpoint is no IP address",
    resource: slice("shop/s", "shop/web", ["example.org"]),
    reason: /"example.org" is no IP address/,
  },
])("a resource is refused where $rule", ({ resource, reason }) => {
  const { rejected } = createStore().apply(upserts(resource));
  expect(rejected[0]).toEqual([{ name: resource.name, reason: expect.stringMatching(reason) }]);
});

test("a place has one Service: the second is refused, with both names", () => {
  const store = createStore();
  apply(store, web);
  const { snapshot, rejected } = store.apply(
    upserts(service("shop/api", { ports: [{ port: 80, listen: [place] }] })),
  );
  expect(rejected.flat()[0]?.reason).toBe(
    "port 80 of Service shop/api cannot listen on 127.0.0.10:8080: Service shop/web already does; " +
      "give one of them another address or port",
  );
  expect(snapshot.listeners.get(place)?.key).toBe("shop/web:80");
});

test("two Services may swap their places in one delta", () => {
  const other = "127.0.0.11:8080";
  const at = (name: string, where: string) => service(name, { ports: [{ port: 80, listen: [where] }] });
  const store = createStore();
  apply(store, at("shop/a", place), at("shop/b", other));
  const snapshot = apply(store, at("shop/a", other), at("shop/b", place));
  expect(snapshot.listeners.get(place)?.key).toBe("shop/b:80");
  expect(snapshot.listeners.get(other)?.key).toBe("shop/a:80");
});

test("a refused Service keeps its old place, also against one that came for it in the same delta", () => {
  const [a, b, c] = ["127.0.0.1:1001", "127.0.0.1:1002", "127.0.0.1:1003"] as const;
  const at = (name: string, where: string) => service(name, { ports: [{ port: 80, listen: [where] }] });
  const store = createStore();
  apply(store, at("shop/a", a), at("shop/b", b), at("shop/c", c));
  // b goes to a's place, which a leaves for c's, which is taken: a stays, and so b must stay too.
  const { snapshot, rejected } = store.apply(upserts(at("shop/b", a), at("shop/a", c)));
  expect(rejected.flat().map(({ name }) => name)).toEqual(["shop/a", "shop/b"]);
  expect([a, b, c].map((key) => snapshot.listeners.get(key)?.serviceName)).toEqual(["a", "b", "c"]);
});

test("a place that is held back is not listened on until it is free", () => {
  const store = createStore();
  store.holdPlaces(new Set([place]));
  expect(apply(store, web).listeners.has(place)).toBe(false);
  expect(apply(store, route("shop/r", { parents: ["shop/web"] })).listeners.has(place)).toBe(false);
  expect(store.holdPlaces(new Set()).listeners.get(place)?.routes?.size).toBe(1);
});

test("a type that this waypoint does not know is refused, resource by resource", () => {
  const typeUrl = typeUrls.listener;
  const { rejected } = createStore().apply([
    { typeUrl, upserts: [{ typeUrl, name: "shop/p", version: "1", body: new Uint8Array() }], removals: [] },
  ]);
  expect(rejected.flat()).toEqual([{ name: "shop/p", reason: expect.stringContaining("does not know") }]);
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
