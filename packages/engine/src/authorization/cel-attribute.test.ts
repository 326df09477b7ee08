/** Expressions among the other conditions of a rule: what a failure means, and what they ask for (design/0005-who-asks.md, "CEL"). */
import { describe, expect, test } from "vitest";
import { connectionRequest } from "./authorization-request.ts";
import { explainProgram } from "./explain-program.ts";
import { PolicyIndex } from "./policy-index.ts";
import {
  httpPlace,
  makePolicy,
  makeRequest,
  type PolicyText,
  type RuleText,
  verdictOf,
} from "./testing/policy-rig.ts";

const when = (...expressions: string[]): RuleText => ({
  to: [Object.fromEntries(expressions.map((expression, at) => [`cel[${at}]`, [expression]]))],
});
const verdict = (texts: readonly PolicyText[], request = makeRequest(), place = httpPlace) =>
  verdictOf(texts.map(makePolicy), request, place);
const gold = makeRequest({ headers: { "x-tier": ["gold"] }, namespace: "shop" });

test("all expressions of a rule have to be true, beside its other fields", () => {
  const tier = 'request.headers["x-tier"] == "gold"';
  const rules: readonly [RuleText, "allow" | "deny"][] = [
    [when(tier), "allow"],
    [when(tier, 'request.method == "GET"'), "allow"],
    [when(tier, 'request.method == "PUT"'), "deny"],
    [{ ...when(tier), from: [{ namespaces: ["shop"] }] }, "allow"],
    [{ ...when(tier), from: [{ namespaces: ["ops"] }] }, "deny"],
    [
      {
        to: [
          { methods: ["PUT"], "cel[0]": [tier] },
          { methods: ["GET"], "cel[0]": [tier] },
        ],
      },
      "allow",
    ],
    [
      {
        to: [
          { methods: ["PUT"], "cel[0]": [tier] },
          { paths: ["/x"], "cel[0]": [tier] },
        ],
      },
      "deny",
    ],
  ];
  for (const [rule, expected] of rules) expect(verdict([{ rules: [rule] }], gold)).toBe(expected);
});

describe("an expression that fails makes no decision milder", () => {
  const failing = when('request.headers["x-tier"] == "gold"');
  test("an ALLOW does not match, a DENY does", () => {
    expect(verdict([{ rules: [failing] }])).toBe("deny");
    expect(verdict([{ action: "DENY", rules: [failing] }])).toBe("deny");
  });

  test("a second line of a header is a failure, whichever of them is looked for (CVE-2020-25017)", () => {
    const two = makeRequest({ headers: { "x-tier": ["gold", "free"] } });
    expect(verdict([{ rules: [failing] }], two)).toBe("deny");
    expect(verdict([{ action: "DENY", rules: [when('request.headers["x-tier"] == "blocked"')] }], two)).toBe(
      "deny",
    );
  });

  test("an AUDIT is recorded", () => {
    const program = new PolicyIndex([makePolicy({ action: "AUDIT", rules: [failing] })]).programOf(httpPlace);
    expect(explainProgram(program!, makeRequest()).noted).toHaveLength(1);
  });
});

describe("a program knows what its expressions ask for", () => {
  const program = (expression: string, action: "ALLOW" | "DENY" = "ALLOW") =>
    new PolicyIndex([makePolicy({ action, rules: [when(expression)] })]).programOf(httpPlace)!;
  test.for([
    ['source.namespace == "shop"', { readsIdentity: true, judgesPaths: false, deniesByRequest: false }],
    ['source.labels.app == "web"', { readsIdentity: true, judgesPaths: false, deniesByRequest: false }],
    ['source.address == "::1"', { readsIdentity: false, judgesPaths: false, deniesByRequest: false }],
    ['request.path == "/"', { readsIdentity: false, judgesPaths: true, deniesByRequest: true }],
    ["has(token.subject)", { readsIdentity: false, judgesPaths: false, deniesByRequest: true }],
    ["destination.port == 80", { readsIdentity: false, judgesPaths: false, deniesByRequest: false }],
  ] as const)("%s", ([expression, expected]) => {
    expect(program(expression, "DENY")).toMatchObject(expected);
  });
});

describe("a program knows which headers decide anything", () => {
  const program = (...rules: readonly RuleText[]) =>
    new PolicyIndex([makePolicy({ action: "DENY", rules })]).programOf(httpPlace)!;
  test.for([
    ['request.headers["x-tier"] == "gold"', ["x-tier"]],
    ['"x-a" in request.headers && request.headers.b == ""', ["x-a", "b"]],
    ['has(request.headers.tier) || request.path == "/"', ["tier"]],
    ['["x-a"].exists(name, request.headers[name] == "1")', "any"],
    ['["x-a"].exists(name, name in request.headers)', "any"],
    ['request.path == "/headers" && source.labels["x-tier"] == "a"', []],
  ] as const)("%s", ([expression, names]) => {
    expect(program(when(expression)).judgedHeaders).toEqual(names === "any" ? names : new Set(names));
  });

  test("those of conditions of every rule, in lower case, whatever the action; not of shadowed policies", () => {
    const index = new PolicyIndex([
      makePolicy({ name: "a", action: "ALLOW", rules: [{ to: [{ "headers[X-A]": ["1"] }] }] }),
      makePolicy({
        name: "b",
        action: "DENY",
        rules: [{ to: [{ paths: ["/"] }, { "headers[x-b]": ["1"] }] }],
      }),
      makePolicy({ name: "c", mode: "Shadow", rules: [{ to: [{ "headers[x-c]": ["1"] }] }] }),
    ]);
    expect(index.programOf(httpPlace)!.judgedHeaders).toEqual(new Set(["x-a", "x-b"]));
  });
});

describe("on a TCP port an expression that asks for more than a connection has fails closed", () => {
  const tcp = { ...httpPlace, hasRequests: false };
  const connection = connectionRequest(makeRequest({ namespace: "shop" }).client);
  test.for([
    ["ALLOW", 'source.namespace == "shop"', "allow"],
    ["ALLOW", 'source.namespace == "shop" || request.path == "/"', "deny"],
    ["ALLOW", "!has(token.subject)", "deny"],
    ["DENY", 'source.namespace == "ops"', "allow"],
    ["DENY", 'request.path == "/admin"', "deny"],
  ] as const)("%s %s: %s", ([action, expression, expected]) => {
    expect(verdict([{ action, rules: [when(expression)] }], connection, tcp)).toBe(expected);
  });
});

test("an explanation names the expression by its place in the object, and what became of it", () => {
  const policy = makePolicy({
    rules: [{ to: [{ methods: ["GET"], "cel[0]": ["true"], "cel[1]": ['source.labels.app == "web"'] }] }],
  });
  const explained = explainProgram(new PolicyIndex([policy]).programOf(httpPlace)!, makeRequest());
  expect(explained.policies[0]?.rules).toEqual([
    {
      rule: "0",
      matched: false,
      misses: [
        {
          field: "spec.rules[0].when[1]",
          values: ['source.labels.app == "web"'],
          actual: "an error: something that it asks for is not there",
        },
      ],
    },
  ]);
});

test("the expressions of a policy together are bounded", () => {
  const list = JSON.stringify(Array.from({ length: 30 }, (_, at) => `${at}`));
  const loop = `token.audiences.all(a, ${list}.exists(b, a != b))`;
  const rules = Array.from({ length: 20 }, () => when(loop));
  expect(() => makePolicy({ rules })).toThrow(
    /rules\[\d+\]\.when: with it the expressions of the policy could take \d+ steps, more than 100000/,
  );
});
