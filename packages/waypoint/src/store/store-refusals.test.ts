/** What a store refuses, and what stays as it was. */
import { typeUrls } from "@waystone/api/names";
import { expect, test } from "vitest";
import { createStore } from "./store.ts";
import { route, service, slice, upserts } from "./test-resources.ts";
import { apply, place, served, web } from "./test-store.ts";

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

test("a type that this waypoint does not know is refused, resource by resource", () => {
  const typeUrl = typeUrls.listener;
  const { rejected } = createStore().apply([
    { typeUrl, upserts: [{ typeUrl, name: "shop/p", version: "1", body: new Uint8Array() }], removals: [] },
  ]);
  expect(rejected.flat()).toEqual([{ name: "shop/p", reason: expect.stringContaining("does not know") }]);
});
