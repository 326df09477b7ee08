/** CUSTOM (design/0005, "CUSTOM"): which authorizers are asked about a request, in which order, and what fails closed without them. */
import { describe, expect, test } from "vitest";
import { decide, nextToAsk, noObserver } from "./decide.ts";
import { explainProgram } from "./explain-program.ts";
import { policyFromResource } from "./policy-from-resource.ts";
import { PolicyIndex } from "./policy-index.ts";
import { httpPlace, makePolicy, makeRequest, policyMessage, type PolicyText } from "./testing/policy-rig.ts";

const custom = (text: PolicyText): PolicyText => ({ action: "CUSTOM", ...text });
const program = (texts: readonly PolicyText[], place = httpPlace) =>
  new PolicyIndex(texts.map(makePolicy)).programOf(place)!;
const connections = { ...httpPlace, hasRequests: false };

/** The names of those asked, each of which says yes. */
function asked(texts: readonly PolicyText[], path = "/"): string[] {
  const { customs, destination } = program(texts);
  const names: string[] = [];
  const request = makeRequest({ path });
  for (;;) {
    const next = nextToAsk(customs, destination, request, ({ policy }) => names.includes(policy.name));
    if (next === undefined) return names;
    names.push(next.custom.policy.name);
  }
}

describe("who is asked", () => {
  test("about every request where a CUSTOM has no rules; else about those that a rule matches", () => {
    expect(asked([custom({})])).toEqual(["policy"]);
    const admin = custom({ rules: [{ to: [{ paths: ["/admin*"] }] }] });
    expect(asked([admin], "/admin/x")).toEqual(["policy"]);
    expect(asked([admin])).toEqual([]);
  });

  test("of several the older first, then by name", () => {
    const texts = [
      custom({ name: "c", createdAtSeconds: 5 }),
      custom({ name: "b", createdAtSeconds: 9 }),
      custom({ name: "a", createdAtSeconds: 9 }),
    ];
    expect(asked(texts)).toEqual(["c", "a", "b"]);
  });

  test("a section that its target does not have: about all of it, as nothing may be asked less", () => {
    const target = { kind: "Service", name: "shop/api", section: "lost" } as const;
    expect(asked([custom({ target })])).toEqual(["policy"]);
  });

  test("a header with several lines is asked about where one of them matches", () => {
    const { customs, destination } = program([custom({ rules: [{ to: [{ "headers[x-team]": ["red"] }] }] })]);
    const request = makeRequest({ headers: { "x-team": ["blue", "red"] } });
    expect(nextToAsk(customs, destination, request, () => false)?.rule.matched.verdict).toBe("ask");
  });

  test("a shadowed one is apart from those in force", () => {
    const { customs, shadow } = program([custom({ mode: "Shadow" })]);
    expect([customs.length, shadow?.customs.length]).toEqual([0, 1]);
  });

  test("a path is judged, whatever the rules say: the authorizer sees it", () => {
    expect(program([custom({})]).judgesPaths).toBe(true);
    expect(program([custom({ mode: "Shadow" })]).judgesPaths).toBe(false);
  });
});

describe("a connection, about which nobody can be asked,", () => {
  test("is denied where a rule might match it, and by the rest of what the rule asks for", () => {
    const from = [{ namespaces: ["shop"] }];
    const text = custom({ rules: [{ from, to: [{ paths: ["/a"] }] }] });
    const verdict = (namespace: string) =>
      decide(program([text], connections), makeRequest({ namespace }), noObserver).verdict;
    expect([verdict("shop"), verdict("other")]).toEqual(["deny", "allow"]);
  });

  test("is not led to an HTTP port where somebody would have to be asked", () => {
    expect(program([custom({})]).deniesByRequest).toBe(true);
  });

  test("says why in its explanation", () => {
    const { decision, policies } = explainProgram(program([custom({})], connections), makeRequest());
    expect(decision.message).toBe(
      "every request of AuthorizationPolicy/shop/policy matched (CUSTOM), and nobody can be asked about a connection",
    );
    expect(policies[0]?.note).toContain("nobody can be asked about a connection");
  });
});

test("an explanation says who would be asked, and what follows if all of them say yes", () => {
  const texts = [
    custom({ name: "first", rules: [{}] }),
    custom({ name: "other", rules: [{ to: [{ paths: ["/x"] }] }] }),
  ];
  const { asked: who, decision, policies } = explainProgram(program(texts), makeRequest());
  expect(who.map(({ decision: { verdict, policies: names, rule } }) => [verdict, names, rule])).toEqual([
    ["ask", ["AuthorizationPolicy/shop/first"], "0"],
  ]);
  expect(decision.verdict).toBe("allow");
  expect(policies.map(({ policy, rules }) => [policy.name, rules[0]?.matched])).toEqual([
    ["first", true],
    ["other", false],
  ]);
});

describe("a resource is refused", () => {
  const message = policyMessage(custom({}));
  const { authorization } = message;
  test.for<[string, object, string]>([
    ["without a provider", { provider: undefined }, "a CUSTOM has to ask somebody"],
    ["with a provider and another action", { action: 2 }, "authorization.provider: stands with DENY"],
    ["with a protocol that nobody knows", { provider: { service: "a/b", port: 1 } }, "provider.api: 0"],
    ["that names no Service", { provider: { ...authorization!.provider, service: "opa" } }, "<name>"],
    ["without a timeout", { provider: { ...authorization!.provider, timeoutMs: 0 } }, "0 ms is not"],
    [
      "that lets errors through as 200",
      { provider: { ...authorization!.provider, statusOnError: 200 } },
      "200",
    ],
    ["with an assurance", { minimumAssurance: 1 }, "it would ask less"],
  ])("%s", ([, change, reason]) => {
    const changed = { ...message, authorization: { ...authorization, ...change } };
    expect(() => policyFromResource(changed)).toThrow(reason);
  });

  test("but one that says that it cannot be carried out needs none", () => {
    const bare = { ...message, unusable: ["broken"], authorization: { action: 4 } };
    const { unusable, provider } = policyFromResource(bare);
    expect([unusable, provider]).toEqual([["broken"], undefined]);
  });
});

test("answers of one policy stand for the same question alone: not for another policy, provider or path before", () => {
  const question = (text: PolicyText) => makePolicy(custom(text)).provider?.question;
  expect(question({ provider: { timeoutMs: 5, failOpen: true } })).toBe(question({}));
  const others = [{ name: "b" }, { provider: { port: 9192 } }, { provider: { bodyMaxBytes: 1 } }];
  for (const other of others) expect(question(other)).not.toBe(question({}));
});
