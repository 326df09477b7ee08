import type { Route } from "@waystone/engine/route/route";
import { expect, test } from "vitest";
import { PolicedRoutes } from "./policed-routes.ts";

function route(name: string, ...parents: readonly (readonly [string, number])[]): Route {
  return {
    key: `HTTPRoute/shop/${name}`,
    kind: "HTTPRoute",
    namespace: "shop",
    name,
    generation: 1,
    createdAtSeconds: 0,
    parents: parents.map(([service, port]) => ({ service, port })),
    hostnames: [],
    rules: [],
  };
}

const names = (routes: readonly Route[]): string[] => routes.map(({ name }) => name);

test("a route is found at the ports that it is attached to, once, and by a parent without a port at all of them", () => {
  const routes = new PolicedRoutes();
  for (const each of [
    route("every", ["shop/api", 0]),
    route("one", ["shop/api", 80], ["shop/api", 81]),
    route("other", ["shop/web", 80]),
  ])
    routes.settle(each.key, each);
  expect(names(routes.of("shop/api", 80))).toEqual(["every", "one"]);
  expect(names(routes.of("shop/api", 82))).toEqual(["every"]);
  expect(names(routes.of("shop/none", 80))).toEqual([]);
});

test("another version of a route is found where it is attached now, and one that is gone nowhere", () => {
  const routes = new PolicedRoutes();
  const before = route("one", ["shop/api", 80]);
  routes.settle(before.key, before);
  routes.settle(before.key, route("one", ["shop/web", 80]));
  expect([names(routes.of("shop/api", 80)), names(routes.of("shop/web", 80))]).toEqual([[], ["one"]]);
  routes.settle(before.key, undefined);
  routes.settle(before.key, undefined);
  expect(names(routes.of("shop/web", 80))).toEqual([]);
});
