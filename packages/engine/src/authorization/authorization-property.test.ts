/** What holds for every set of policies, held against a second, plain reading of the rules. */
import { parseCidr } from "@waystone/base/cidr";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { connectionRequest } from "./authorization-request.ts";
import { explainProgram } from "./explain-program.ts";
import { IpBlocks } from "./ip-blocks.ts";
import { PolicyIndex } from "./policy-index.ts";
import {
  type Fields,
  httpPlace,
  makePolicy,
  makeRequest,
  type PolicyText,
  type RequestText,
  type RuleText,
  verdictOf,
} from "./testing/policy-rig.ts";

const word = fc.constantFrom("a", "b", "ab");
const value = fc.constantFrom("a", "b", "ab", "a*", "*b", "*");
const path = fc.constantFrom("/a", "/a/b", "/b", "/ab");
const pathValue = fc.constantFrom("/a", "/a*", "*b", "*", "/{*}", "/a/{**}", "/{*}/b");
const fieldOf = (name: string, values: fc.Arbitrary<string>): fc.Arbitrary<[string, string[]]> =>
  fc
    .tuple(fc.boolean(), fc.array(values, { minLength: 1, maxLength: 2 }))
    .map(([not, list]) => [not ? `not${name.charAt(0).toUpperCase()}${name.slice(1)}` : name, list]);
const source: fc.Arbitrary<Fields> = fc
  .array(
    fc.oneof(
      fieldOf("namespaces", value),
      fieldOf("principals", value),
      fieldOf("requestPrincipals", value),
      fieldOf("ipBlocks", fc.constantFrom("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0")),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((fields) => Object.fromEntries(fields));
const operation: fc.Arbitrary<Fields> = fc
  .array(
    fc.oneof(
      fieldOf("methods", value),
      fieldOf("paths", pathValue),
      fieldOf("headers[x]", value),
      fieldOf("ports", fc.constantFrom("80", "81")),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((fields) => Object.fromEntries(fields));
const alternatives = (of: fc.Arbitrary<Fields>) =>
  fc.option(fc.array(of, { minLength: 1, maxLength: 2 }), { nil: undefined });
const rule: fc.Arbitrary<RuleText> = fc
  .tuple(alternatives(source), alternatives(operation))
  .map(([from, to]) => ({ ...(from && { from }), ...(to && { to }) }));
const policy: fc.Arbitrary<PolicyText> = fc.record({
  action: fc.constantFrom("ALLOW" as const, "DENY" as const, "AUDIT" as const),
  mode: fc.constantFrom("Enforce" as const, "Enforce" as const, "Shadow" as const),
  rules: fc.array(rule, { maxLength: 3 }),
});
const policies = fc
  .array(policy, { maxLength: 5 })
  .map((list) => list.map((each, index) => ({ ...each, name: `p${index}` })));
const request: fc.Arbitrary<RequestText> = fc.record({
  namespace: fc.constantFrom("", "a", "b", "ab"),
  principal: fc.constantFrom("", "a", "ab"),
  method: word,
  path,
  peer: fc.constantFrom("10.1.0.1", "10.2.0.1", "192.0.2.1"),
  headers: fc.array(word, { maxLength: 2 }).map((x): Fields => ({ x })),
});

const runs = { numRuns: 2000 };

function verdict(texts: readonly PolicyText[], of: RequestText, place = httpPlace) {
  return verdictOf(texts.map(makePolicy), makeRequest(of), place);
}

test("any DENY that denies alone denies among others, whatever they are", () => {
  fc.assert(
    fc.property(policies, policy, request, (others, deny, asked) => {
      const alone: PolicyText = { ...deny, action: "DENY", mode: "Enforce", name: "deny" };
      if (verdict([alone], asked) === "deny") expect(verdict([...others, alone], asked)).toBe("deny");
    }),
    runs,
  );
});

test("one more ALLOW allows nothing that a DENY denies, and nothing that it does not match itself", () => {
  fc.assert(
    fc.property(policies, policy, request, (others, more, asked) => {
      const allow: PolicyText = { ...more, action: "ALLOW", mode: "Enforce", name: "allow" };
      const before = verdict(others, asked);
      const after = verdict([...others, allow], asked);
      if (before === "deny" && after === "allow") {
        expect(verdict([allow], asked)).toBe("allow");
        expect(
          verdict(
            others.filter(({ action }) => action === "DENY"),
            asked,
          ),
        ).toBe("allow");
      }
      const hasAllow = others.some(({ action, mode }) => action === "ALLOW" && mode === "Enforce");
      if (hasAllow && before === "allow") expect(after).toBe("allow");
    }),
    runs,
  );
});

test("the order of policies changes nothing, nor do those that are shadowed or audit", () => {
  fc.assert(
    fc.property(policies, request, (list, asked) => {
      const expected = verdict(list, asked);
      expect(verdict(list.toReversed(), asked)).toBe(expected);
      expect(
        verdict(
          list.filter(({ mode, action }) => mode === "Enforce" && action !== "AUDIT"),
          asked,
        ),
      ).toBe(expected);
    }),
    runs,
  );
});

test("a not-twin is the opposite of its field: with one line of a header", () => {
  const field = fc.oneof(source, operation).map((fields) => Object.entries(fields)[0]!);
  fc.assert(
    fc.property(field, request, ([name, values], asked) => {
      const single = { ...asked, headers: { x: (asked.headers?.["x"] ?? []).slice(0, 1) } };
      const twin = name.startsWith("not")
        ? name.charAt(3).toLowerCase() + name.slice(4)
        : `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const allows = (key: string) => verdict([{ rules: [{ to: [{ [key]: values }] }] }], single) === "allow";
      expect(allows(twin)).toBe(!allows(name));
    }),
    runs,
  );
});

test("one more line of a header never makes a decision milder", () => {
  fc.assert(
    fc.property(
      operation,
      fc.constantFrom("ALLOW" as const, "DENY" as const),
      request,
      word,
      (fields, action, asked, line) => {
        const headers = Object.fromEntries(Object.entries(fields).filter(([name]) => /headers/i.test(name)));
        if (Object.keys(headers).length === 0) return;
        // Without the header at all nothing was said that a line could add to.
        const lines = asked.headers?.["x"] ?? [];
        if (lines.length === 0) return;
        const list: readonly PolicyText[] = [{ action, rules: [{ to: [headers] }] }];
        if (verdict(list, asked) === "deny") {
          expect(verdict(list, { ...asked, headers: { x: [...lines, line] } })).toBe("deny");
        }
      },
    ),
    runs,
  );
});

test("a connection is never allowed what some request over it would not be: TCP ports fail closed", () => {
  fc.assert(
    fc.property(policies, request, (list, asked) => {
      const compiled = list.map(makePolicy);
      const asking = makeRequest(asked);
      const onTcp = verdictOf(compiled, connectionRequest(asking.client), {
        ...httpPlace,
        hasRequests: false,
      });
      if (onTcp === "allow") expect(verdictOf(compiled, asking)).toBe("allow");
    }),
    runs,
  );
});

test("an explanation has the verdict of the decision, and says that a rule matched where one decided", () => {
  fc.assert(
    fc.property(policies, request, (list, asked) => {
      const program = new PolicyIndex(list.map(makePolicy)).programOf(httpPlace);
      if (program === undefined) return;
      const explained = explainProgram(program, makeRequest(asked));
      expect(explained.decision.verdict).toBe(verdict(list, asked));
      const [decider] = explained.decision.policies;
      const rules = explained.policies.find((each) => each.policy.key === decider)?.rules ?? [];
      const firstMatched = rules.find(({ matched }) => matched);
      expect(firstMatched !== undefined).toBe(explained.decision.reason === "rule-matched");
      for (const each of rules) if (!each.matched) expect(each.misses.length).toBeGreaterThan(0);
    }),
    runs,
  );
});

test("blocks hold the addresses that base/cidr says", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const ipv4 = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join("."));
  const near = fc
    .tuple(fc.constantFrom(10, 11), fc.constantFrom(0, 128), byte, byte)
    .map((bytes) => bytes.join("."));
  const ipv6 = fc.ipV6().filter((text) => parseCidr(text) !== undefined);
  const block = fc.oneof(
    fc.tuple(fc.oneof(ipv4, near), fc.integer({ min: 0, max: 32 })),
    fc.tuple(ipv6, fc.integer({ min: 0, max: 128 })),
  );
  fc.assert(
    fc.property(block, fc.oneof(near, ipv4, ipv6), ([first, length], written) => {
      const cidr = parseCidr(`${first}/${length}`);
      if (cidr === undefined) return;
      const blocks = new IpBlocks();
      expect(blocks.add(cidr.text)).toBe(true);
      const address = parseCidr(written)!.text.replace(/\/\d+$/, "");
      expect(blocks.contains(address)).toBe(cidr.contains(address));
    }),
    runs,
  );
});
