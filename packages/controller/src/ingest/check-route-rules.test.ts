import { expect, test } from "vitest";
import { checkRouteRules } from "./check-route-rules.ts";

const route = (kind: string, ...names: readonly (string | undefined)[]) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind,
  metadata: { name: "r" },
  spec: { rules: names.map((name) => (name === undefined ? {} : { name })) },
});

test.for(["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute"])(
  "%s: names of rules are unique, and rules may have none (Gateway API 1.7)",
  (kind) => {
    expect(checkRouteRules(route(kind, "a", undefined, "b", undefined))).toEqual([]);
    expect(checkRouteRules(route(kind, "a", "b", "a", "a")).map(({ path }) => path)).toEqual([
      ["spec", "rules", 2, "name"],
      ["spec", "rules", 3, "name"],
    ]);
  },
);

test("other kinds have no rules of this sort, and a route may have none", () => {
  expect(checkRouteRules(route("Service", "a", "a"))).toEqual([]);
  expect(checkRouteRules({ apiVersion: "v1", kind: "HTTPRoute", metadata: { name: "r" } })).toEqual([]);
});
