/** Where policies hold and how levels combine (design/0003-policies.md); shadow; what cannot be carried out. */
import { describe, expect, test } from "vitest";
import { decide, noObserver } from "./decide.ts";
import { unreadablePolicy } from "./policy-from-resource.ts";
import { PolicyIndex, type PortPlace, type RulePlace } from "./policy-index.ts";
import type { Decision } from "./program.ts";
import {
  httpPlace,
  makePolicy,
  makeRequest,
  type PolicyText,
  type RequestText,
  verdictOf,
} from "./testing/policy-rig.ts";

const nobody = {} satisfies PolicyText;
const everybody = { rules: [{}] } satisfies PolicyText;
const service = (section = "") => ({ kind: "Service", name: "shop/api", section }) as const;
const namespace = { kind: "Namespace", name: "shop" } as const;
const gateway = { kind: "Gateway", name: "shop/waypoint" } as const;
const admin: PortPlace = { ...httpPlace, port: 8080, portName: "admin" };
const neighbour: PortPlace = { ...httpPlace, service: "other/api", namespace: "other" };

describe("targets", () => {
  test.for<readonly [string, PolicyText["target"], PortPlace, "allow" | "deny"]>([
    ["a Service: all of its ports", service(), admin, "deny"],
    ["a port of a Service: that port", service("http"), httpPlace, "deny"],
    ["and not another", service("http"), admin, "allow"],
    ["another Service is not meant", { kind: "Service", name: "shop/web" }, httpPlace, "allow"],
    ["a Namespace: its Services", namespace, httpPlace, "deny"],
    ["and on a shared waypoint nobody else's", namespace, neighbour, "allow"],
    ["a Gateway: all that it serves", gateway, neighbour, "deny"],
    ["another Gateway is not meant", { kind: "Gateway", name: "shop/other" }, httpPlace, "allow"],
    ["a route says nothing of the port", { kind: "HTTPRoute", name: "shop/api" }, httpPlace, "allow"],
  ])("%s", ([, target, place, verdict]) => {
    expect(verdictOf([makePolicy({ ...nobody, ...(target && { target }) })], makeRequest(), place)).toBe(
      verdict,
    );
  });

  test("a policy about somebody else's Service is refused, whoever sent it", () => {
    expect(() => makePolicy({ target: { kind: "Service", name: "other/api" } })).toThrow("own namespace");
    expect(() => makePolicy({ target: { kind: "Namespace", name: "other" } })).toThrow("own namespace");
  });
});

describe("a section that its target does not have fails closed", () => {
  const lost = service("htpp");
  test("an ALLOW allows nobody, and denies by default on the whole target", () => {
    const policy = makePolicy({ ...everybody, target: lost });
    expect(verdictOf([policy], makeRequest())).toBe("deny");
    expect(verdictOf([policy], makeRequest(), admin)).toBe("deny");
  });
  test("so that it allows nothing on a port that another ALLOW guards", () => {
    const guard = makePolicy({
      name: "guard",
      rules: [{ from: [{ namespaces: ["ops"] }] }],
      target: service("admin"),
    });
    expect(verdictOf([guard, makePolicy({ ...everybody, target: lost })], makeRequest(), admin)).toBe("deny");
  });
  test("a DENY holds for the whole target", () => {
    const policy = makePolicy({ ...everybody, action: "DENY", target: lost });
    expect(verdictOf([policy], makeRequest(), admin)).toBe("deny");
  });
});

describe("levels are one set", () => {
  test("an ALLOW of the namespace and one of the Service: either is enough", () => {
    const policies = [
      makePolicy({ name: "a", rules: [{ from: [{ namespaces: ["ops"] }] }], target: namespace }),
      makePolicy({ name: "b", rules: [{ from: [{ namespaces: ["shop"] }] }] }),
    ];
    for (const [from, verdict] of [
      ["ops", "allow"],
      ["shop", "allow"],
      ["other", "deny"],
    ] as const) {
      expect(verdictOf(policies, makeRequest({ namespace: from }))).toBe(verdict);
    }
  });
  test("a DENY of the waypoint wins over an ALLOW of the Service", () => {
    const policies = [makePolicy({ ...everybody, action: "DENY", target: gateway }), makePolicy(everybody)];
    expect(verdictOf(policies, makeRequest())).toBe("deny");
  });
});

describe("routes", () => {
  const rule: RulePlace = {
    kind: "HTTPRoute",
    route: "shop/api",
    ruleName: "read",
    ruleNames: ["read", "write"],
  };
  const other = { ...rule, ruleName: "write" };
  const ofRoute = (section: string) =>
    new PolicyIndex([makePolicy({ ...nobody, target: { kind: "HTTPRoute", name: "shop/api", section } })]);

  test("a rule without policies of its own has the program of its port, the same object", () => {
    const index = new PolicyIndex([makePolicy(everybody)]);
    const ofPort = index.programOf(httpPlace);
    expect(index.programOfRule(httpPlace, rule, ofPort)).toBe(ofPort);
  });
  test("a policy of a route holds for all of its rules", () => {
    expect(ofRoute("").programOfRule(httpPlace, other, undefined)?.allows).toHaveLength(1);
  });
  test("one of a rule for that rule", () => {
    expect(ofRoute("read").programOfRule(httpPlace, rule, undefined)?.allows).toHaveLength(1);
    expect(ofRoute("read").programOfRule(httpPlace, other, undefined)).toBeUndefined();
  });
  test("one of a rule that there is not for all of them, and allows nobody", () => {
    const program = ofRoute("raed").programOfRule(httpPlace, other, undefined);
    expect(decide(program!, makeRequest(), noObserver).verdict).toBe("deny");
  });
  test("to a rule's policies come those of its port", () => {
    const index = new PolicyIndex([
      makePolicy({ name: "deny", action: "DENY", rules: [{ from: [{ namespaces: ["ops"] }] }] }),
      makePolicy({ name: "allow", ...everybody, target: { kind: "HTTPRoute", name: "shop/api" } }),
    ]);
    const program = index.programOfRule(httpPlace, rule, index.programOf(httpPlace));
    expect(decide(program!, makeRequest({ namespace: "ops" }), noObserver).verdict).toBe("deny");
    expect(decide(program!, makeRequest({ namespace: "shop" }), noObserver).verdict).toBe("allow");
  });
});

describe("Shadow: it is told what would have been, and nothing else happens", () => {
  const ask = (policies: readonly PolicyText[], request: RequestText = {}) => {
    const noted: string[] = [];
    const program = new PolicyIndex(policies.map(makePolicy)).programOf(httpPlace)!;
    const observer = {
      noted: ({ verdict, mode, reason }: Decision) => noted.push(`${mode} ${verdict} ${reason}`),
    };
    return { verdict: decide(program, makeRequest(request), observer).verdict, noted };
  };
  const shadowed = { mode: "Shadow" } as const;
  const ops = { rules: [{ from: [{ namespaces: ["ops"] }] }] };

  test.for<readonly [string, readonly PolicyText[], RequestText, string, readonly string[]]>([
    ["a DENY", [{ ...everybody, ...shadowed, action: "DENY" }], {}, "allow", ["Shadow deny rule-matched"]],
    ["a DENY that does not match", [{ ...ops, ...shadowed, action: "DENY" }], {}, "allow", []],
    ["an ALLOW that matches", [{ ...everybody, ...shadowed }], {}, "allow", ["Shadow allow rule-matched"]],
    [
      "an ALLOW that does not: all that nobody allows",
      [{ ...ops, ...shadowed }],
      {},
      "allow",
      ["Shadow deny no-allow-matched"],
    ],
    [
      "but what another ALLOW in force allows stays allowed",
      [
        { name: "a", ...everybody },
        { name: "b", ...ops, ...shadowed },
      ],
      {},
      "allow",
      [],
    ],
    [
      "it allows nothing that is denied",
      [
        { name: "a", ...ops },
        { name: "b", ...everybody, ...shadowed },
      ],
      {},
      "deny",
      ["Shadow allow rule-matched"],
    ],
    [
      "what cannot be carried out denies nothing",
      [{ ...shadowed, unusable: ["x"] }],
      {},
      "allow",
      ["Shadow deny policy-unusable"],
    ],
    [
      "an AUDIT in force is noted as one",
      [{ ...everybody, action: "AUDIT" }],
      {},
      "allow",
      ["Enforce audit rule-matched"],
    ],
  ])("%s", ([, policies, request, verdict, noted]) => {
    expect(ask(policies, request)).toEqual({ verdict, noted });
  });
});

describe("what cannot be carried out denies", () => {
  test("a policy with values that cannot be used, whatever else allows", () => {
    const policies = [
      makePolicy({ name: "a", unusable: ["rules[0]: x"] }),
      makePolicy({ name: "b", ...everybody }),
    ];
    expect(verdictOf(policies, makeRequest())).toBe("deny");
    expect(verdictOf(policies, makeRequest(), neighbour)).toBe("allow");
  });
  test("a resource that nobody can read: in its whole namespace", () => {
    const policy = unreadablePolicy("AuthorizationPolicy/shop/x", ["cannot be read"]);
    expect(verdictOf([policy], makeRequest(), admin)).toBe("deny");
    expect(verdictOf([policy], makeRequest(), neighbour)).toBe("allow");
  });
});
