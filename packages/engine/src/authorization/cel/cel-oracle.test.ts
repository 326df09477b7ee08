/** Our expressions against cel-js: random ones, and requests that have and lack what they ask for. */
import { Environment } from "@marcbachmann/cel-js";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { httpPlace, makeRequest, type RequestText } from "../testing/policy-rig.ts";
import { CelFailure } from "./cel-value.ts";
import { compileCel } from "./compile-cel.ts";

const oracle = new Environment()
  .registerVariable({
    name: "request",
    schema: { method: "string", path: "string", headers: "map<string, string>" },
  })
  .registerVariable({ name: "source", schema: { namespace: "string", labels: "map<string, string>" } })
  .registerVariable({ name: "destination", schema: { port: "int" } })
  .registerVariable({
    name: "token",
    schema: { audiences: "list<string>", claims: "map<string, list<string>>" },
  });

const { text, flag, number } = fc.letrec<{ text: string; texts: string; flag: string; number: string }>(
  (tie) => {
    const pair = (a: fc.Arbitrary<string>, operators: readonly string[], b: fc.Arbitrary<string>) =>
      fc.tuple(a, fc.constantFrom(...operators), b).map(([x, operator, y]) => `(${x} ${operator} ${y})`);
    return {
      text: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom('"a"', "'b'", "r'a'", '""', "request.method", "request.path", "source.namespace"),
        fc.constantFrom(
          'request.headers["x"]',
          "request.headers.y",
          "source.labels.app",
          "token.audiences[0]",
        ),
        pair(tie("text"), ["+"], tie("text")),
        tie("number").map((x) => `string(${x})`),
        fc.tuple(tie("flag"), tie("text"), tie("text")).map(([c, x, y]) => `(${c} ? ${x} : ${y})`),
      ),
      texts: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("token.audiences", 'token.claims["groups"]', '["a", "b"]', "token.claims.none"),
        fc.tuple(tie("texts"), tie("text")).map(([list, x]) => `${list}.filter(x, x == ${x})`),
        fc.tuple(tie("texts"), tie("text")).map(([list, x]) => `${list}.map(x, x + ${x})`),
      ),
      number: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("0", "1", "2", "-3", "destination.port", "size(token.audiences)"),
        tie("text").map((x) => `${x}.size()`),
        pair(tie("number"), ["+", "-", "*", "/", "%"], tie("number")),
      ),
      flag: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom(
          "true",
          "false",
          "has(request.headers.x)",
          "has(token.claims.none)",
          '("x" in request.headers)',
        ),
        pair(tie("text"), ["==", "!=", "<", ">="], tie("text")),
        pair(tie("number"), ["==", "!=", "<", ">"], tie("number")),
        pair(tie("flag"), ["&&", "||", "=="], tie("flag")),
        pair(tie("text"), ["in"], tie("texts")),
        pair(tie("texts"), ["=="], tie("texts")),
        tie("flag").map((x) => `!${x}`),
        fc
          .tuple(tie("text"), fc.constantFrom("startsWith", "endsWith", "contains"), tie("text"))
          .map(([x, method, y]) => `${x}.${method}(${y})`),
        fc
          .tuple(tie("text"), fc.constantFrom("a+", "^a", "b$", "a|b"))
          .map(([x, re]) => `${x}.matches("${re}")`),
        fc
          .tuple(tie("texts"), fc.constantFrom("exists", "all", "exists_one"), tie("flag"), tie("text"))
          .map(([list, macro, inner, x]) => `${list}.${macro}(x, x == ${x} || ${inner})`),
      ),
    };
  },
);

const asked = fc.record({
  method: fc.constantFrom("a", "b"),
  path: fc.constantFrom("a", "ab", "b"),
  namespace: fc.constantFrom("", "a"),
  x: fc.constantFrom<string[]>([], ["a"], ["b"]),
  labels: fc.constantFrom<Readonly<Record<string, string>>>({}, { app: "a" }),
  audiences: fc.subarray(["a", "b", "ab"]),
  groups: fc.subarray(["a", "b"]),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function ours(source: string, { x, audiences, groups, ...rest }: Asked): boolean | "failed" {
  const expression = compileCel(source);
  if (typeof expression === "string") throw new Error(`${source}: ${expression}`);
  const request: RequestText = {
    ...rest,
    headers: { x },
    token: { audiences, claims: groups.length === 0 ? {} : { groups } },
  };
  const value = expression.evaluate(makeRequest(request), httpPlace);
  return value instanceof CelFailure ? "failed" : value;
}

function theirs(source: string, { method, path, namespace, x, labels, audiences, groups }: Asked): unknown {
  const context = {
    request: { method, path, headers: x.length === 0 ? {} : { x: x[0] } },
    source: { ...(namespace !== "" && { namespace }), labels },
    destination: { port: BigInt(httpPlace.port) },
    token: { audiences, claims: groups.length === 0 ? {} : { groups } },
  };
  try {
    const value: unknown = oracle.evaluate(source, context);
    return value;
  } catch {
    return "failed";
  }
}

test("an expression comes to what cel-js says, failures included", () => {
  let decided = 0;
  fc.assert(
    fc.property(flag, asked, (source, about) => {
      fc.pre(source.length <= 1024 && typeof compileCel(source) !== "string");
      const value = ours(source, about);
      if (value !== "failed") decided++;
      expect(value, source).toBe(theirs(source, about));
    }),
    { numRuns: 1200 },
  );
  expect(decided).toBeGreaterThan(200);
});

test("what cel-js takes of these, we take", () => {
  fc.assert(
    fc.property(fc.oneof(flag, text, number), (source) => {
      const refused = compileCel(source);
      fc.pre(typeof refused !== "string" || !/steps|deeper|parts|longer/.test(refused));
      const { type, valid } = oracle.check(source);
      expect(typeof refused !== "string", `${source}: ${typeof refused === "string" ? refused : ""}`).toBe(
        valid && type === "bool",
      );
    }),
    { numRuns: 500 },
  );
});
