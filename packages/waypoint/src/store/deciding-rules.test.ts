import { typeUrls } from "@waystone/api/names";
import { PolicyStore } from "./policies.ts";
import { policyMessage } from "@waystone/engine/authorization/testing/policy-rig";
import { expect, test } from "vitest";
import { resource } from "../testing/token-clients.ts";
import { DecidingRules } from "./deciding-rules.ts";

test("rules of policies and of routes that ask are known while they are there, and looked at again only when either changed", () => {
  const store = new PolicyStore();
  store.apply({
    typeUrl: typeUrls.policy,
    upserts: [resource(policyMessage({ rules: [{}, {}] }))],
    removals: [],
  });
  const policies = store.byName;
  const askingRoutes = new Map([["HTTPRoute/shop/web", new Set(["first"])]]);
  const rules = new DecidingRules();
  const policy = "AuthorizationPolicy/shop/policy";
  expect(rules.of(policy).size).toBe(0);
  expect([rules.follow({ policies, askingRoutes }), rules.follow({ policies, askingRoutes })]).toEqual([
    true,
    false,
  ]);
  // "": none of its rules decided.
  expect([...rules.of(policy)]).toEqual(["", "0", "1"]);
  expect([...rules.of("HTTPRoute/shop/web")]).toEqual(["first"]);
  store.apply({ typeUrl: typeUrls.policy, upserts: [], removals: [policy] });
  expect(rules.follow({ policies: store.byName, askingRoutes })).toBe(true);
  expect([rules.of(policy).size, rules.of("HTTPRoute/shop/web").size]).toEqual([0, 1]);
  expect(rules.follow({ policies: store.byName, askingRoutes: new Map() })).toBe(true);
  expect(rules.of("HTTPRoute/shop/web").size).toBe(0);
});
