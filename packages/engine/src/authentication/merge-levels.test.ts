/** How AuthenticationPolicies of several levels become one (GEP-713; design/0005). */
import { describe, expect, test } from "vitest";
import { type Level, levels, mergeLevels } from "./merge-levels.ts";
import type { AuthenticationPolicy, JwtMethod, Requirement } from "./policy.ts";

interface Said {
  readonly requirement?: Requirement;
  readonly jwt?: JwtMethod;
  readonly created?: number;
  readonly unusable?: string[];
}

const policy = (name: string, said: Said): AuthenticationPolicy => ({
  key: `AuthenticationPolicy/shop/${name}`,
  namespace: "shop",
  name,
  generation: 1,
  createdAtSeconds: said.created ?? 0,
  mode: "Enforce",
  targets: [],
  requirement: said.requirement,
  jwt: said.jwt,
  apiKeys: undefined,
  basic: undefined,
  unusable: said.unusable ?? [],
});

const at = (level: Level, name: string, said: Said) => ({
  policy: policy(name, said),
  level,
  isSectionMissing: false,
});
const method = (): JwtMethod => ({ providers: [] });

describe("each field is taken as a whole", () => {
  test("from the most specific level that says it, in the order rule, route, port, Service, Namespace, Gateway", () => {
    for (let i = 1; i < levels.length; i++) {
      const [strong, weak] = [method(), method()];
      const merged = mergeLevels([
        at(levels[i]!, "a", { jwt: weak, requirement: "Optional" }),
        at(levels[i - 1]!, "b", { jwt: strong }),
      ]);
      expect([merged?.jwt === strong, merged?.requirement, merged?.requirementBy]).toEqual([
        true,
        "Optional",
        "AuthenticationPolicy/shop/a",
      ]);
    }
  });

  test("then from the older, then from the first by name", () => {
    const [a, b, c] = [method(), method(), method()];
    const older = mergeLevels([
      at("Service", "a", { jwt: a, created: 2 }),
      at("Service", "b", { jwt: b, created: 1 }),
    ]);
    expect(older?.jwt).toBe(b);
    const named = mergeLevels([at("Service", "c", { jwt: c }), at("Service", "b", { jwt: b })]);
    expect(named?.jwt).toBe(b);
  });

  test("and what nobody says has its default: Required, and no method", () => {
    expect(mergeLevels([at("Gateway", "a", { jwt: method() })])?.requirement).toBe("Required");
    expect(mergeLevels([at("Gateway", "a", { requirement: "Optional" })])?.jwt).toBeUndefined();
    expect(mergeLevels([])).toBeUndefined();
  });
});

test("a policy of which nothing is left is overridden, by those who say its fields; one with a field left is not", () => {
  const merged = mergeLevels([
    at("Service", "strong", { jwt: method() }),
    at("Namespace", "wide", { jwt: method() }),
    at("Gateway", "half", { jwt: method(), requirement: "Optional" }),
  ]);
  expect([...(merged?.overridden ?? [])]).toEqual([
    ["AuthenticationPolicy/shop/wide", ["AuthenticationPolicy/shop/strong"]],
  ]);
});

test("one that cannot be carried out, or names a section that there is not, lets nobody in whatever others say", () => {
  const good = at("Service", "good", { jwt: method() });
  const broken = mergeLevels([good, at("Gateway", "broken", { unusable: ["jwt: no"] })]);
  expect(broken?.unusable).toContain("broken cannot be carried out: jwt: no");
  const lost = { ...at("Service", "lost", { jwt: method() }), isSectionMissing: true };
  expect(mergeLevels([good, lost])?.unusable).toContain("lost names a section");
  expect(mergeLevels([good])?.unusable).toBe("");
});
