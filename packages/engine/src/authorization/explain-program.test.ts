import { describe, expect, test } from "vitest";
import { explainProgram } from "./explain-program.ts";
import { PolicyIndex } from "./policy-index.ts";
import { httpPlace, makePolicy, makeRequest } from "./testing/policy-rig.ts";

const reader = makePolicy({
  name: "reader",
  rules: [
    { from: [{ namespaces: ["ops"] }, { serviceAccounts: ["shop/web"], ipBlocks: ["10.9.0.0/16"] }] },
    { to: [{ methods: ["GET"], "headers[x-team]": ["shop"] }] },
  ],
});
const explain = (policies = [reader], place = httpPlace) =>
  explainProgram(
    new PolicyIndex(policies).programOf(place)!,
    makeRequest({ namespace: "shop", serviceAccount: "web" }),
  );

describe("an explanation names the first thing that did not match", () => {
  test("one for each alternative, with the field, what it wants and what was there", () => {
    expect(explain().policies[0]?.rules).toEqual([
      {
        rule: "0",
        matched: false,
        misses: [
          { field: "spec.rules[0].from[0].source.namespaces", values: ["ops"], actual: "shop" },
          { field: "spec.rules[0].from[1].source.ipBlocks", values: ["10.9.0.0/16"], actual: "10.1.0.9" },
        ],
      },
      {
        rule: "1",
        matched: false,
        misses: [
          { field: "spec.rules[1].to[0].operation.headers[x-team].values", values: ["shop"], actual: "" },
        ],
      },
    ]);
  });

  test("and which policies did not allow it", () => {
    expect(explain().decision).toMatchObject({
      verdict: "deny",
      reason: "no-allow-matched",
      policies: ["AuthorizationPolicy/shop/reader"],
    });
  });

  test("a rule that matched, by its policy", () => {
    const deny = makePolicy({
      name: "deny",
      action: "DENY",
      rules: [{ from: [{ notNamespaces: ["ops"] }] }],
    });
    const { decision, policies } = explain([reader, deny]);
    expect(decision.message).toBe("rule 0 of AuthorizationPolicy/shop/deny matched (DENY)");
    expect(policies[0]?.rules).toEqual([{ rule: "0", matched: true }]);
  });

  test("that the client is not sure enough", () => {
    const policy = makePolicy({ minimumAssurance: "TLS", rules: [{}] });
    expect(explain([policy]).policies[0]?.note).toBe("it wants assurance TLS and the client has Network");
  });

  test("on a TCP port too by the place where it is written", () => {
    const policy = makePolicy({ rules: [{ to: [{ methods: ["GET"] }, { ports: ["81"] }] }] });
    const [rule] = explain([policy], { ...httpPlace, hasRequests: false }).policies[0]?.rules ?? [];
    expect(rule).toMatchObject({ misses: [{ field: "spec.rules[0].to[1].operation.ports", actual: "80" }] });
  });

  test("that a rule asks for what a connection does not have", () => {
    const { policies } = explain([reader], { ...httpPlace, hasRequests: false });
    expect(policies[0]?.note).toBe("rule 1 asks for more than a connection has");
  });
});
