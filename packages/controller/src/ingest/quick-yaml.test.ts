/** The quick reader against the full one: where the quick one does not give up, they must agree to the letter. */
import { readdirSync, readFileSync } from "node:fs";
import * as fc from "@waystone/testkit/fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { locateField } from "./locate-field.ts";
import { readQuickYaml } from "./quick-yaml.ts";
import { isBlankDocument, splitDocuments } from "./split-documents.ts";
import { valueFromTree } from "./tree-value.ts";
import { buildYamlTree } from "./yaml-tree.ts";

/** Returns whether the quick reader read the text. */
function compare(text: string): boolean {
  const quick = readQuickYaml(text, 1);
  if (quick === undefined) return false;
  const tree = buildYamlTree(text, 1);
  expect(tree.issue, text).toBeUndefined();
  const full = valueFromTree(tree);
  expect(full.issue, text).toBeUndefined();
  expect(quick.value, text).toEqual(full.value);
  const { line, column } = locateField(tree, [], "value");
  expect(quick.position, text).toEqual({ line, column });
  return true;
}

const usual = `# a route
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web # in the shop
  labels: {app: web, "example.com/tier": 'it''s'}
spec:
  parentRefs:
  - group: ""
    kind: Service
    name: web
  hostnames: [shop.example, "a b"]
  rules:
    - matches:
        - path: {type: PathPrefix, value: /v1}

      backendRefs:
        -   name: web
            port: 8080
            weight: 090
  empty:
  url: http://x:80/#top
`;

test("what manifests usually look like is read quickly, and as the full parser reads it", () => {
  expect(compare(usual)).toBe(true);
  expect(
    compare(`---\n${JSON.stringify({ a: [1, { b: null }], c: 'd"\\\n', e: {}, f: [] }, undefined, 2)}\n`),
  ).toBe(true);
});

test.for<[text: string, why: string]>([
  ["a: |\n  b\n", "a block scalar"],
  ["a: &b c\n", "an anchor"],
  ["a: 1\na: 2\n", "a repeated key"],
  ["a: b\n  c\n", "a value over two lines"],
  ["a: b: c\n", "a mapping inside a value"],
  ["a:\n  b: 1\n c: 2\n", "an unclear indentation"],
  ["a:\tb\n", "a tab"],
  ["- a\n", "a list at the top"],
  ["a: {b: 1\n", "an open brace"],
  ['{"a": 1, "a": 2}', "a repeated key in JSON"],
  ["a: 1\n...\n", "a document's end"],
  ["<<: {a: 1}\n", "a merge"],
])("%j is left to the full parser: %s", ([text]) => {
  expect(readQuickYaml(text, 1)).toBeUndefined();
});

test("whatever a library writes of any value", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("yes", "1.20", "0x1f", "~", "a: b", "a #b", "-", "- x", "é"),
  );
  const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom("name", "__proto__", "constructor")),
        tie("value"),
        { maxKeys: 4 },
      ),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("a", "b", "c"), value), fc.boolean(), (object, isJson) => {
      compare(isJson ? JSON.stringify(object, undefined, 1) : stringify(object));
    }),
    { numRuns: 300 },
  );
});

const pieces = fc.constantFrom(
  ...'a|b: |c:|- |\n|\n  |\n    |\n- |  |# x| # y|"q"|\'s\'|{|}|[|]|, |x: 1|-1|~|- a: b|\n  - |{a: 1}|[1, 2]|"k": |"k":1'.split(
    "|",
  ),
  ..."--- |...|||>|&a |*a|!!str |? |: |:|http://x|a b c|- - |-|é|<<: |__proto__: |\n\n|%|@|=|\\|.|\t|\r\n".split(
    "|",
  ),
);

test("any soup of pieces of YAML", () => {
  let quick = 0;
  fc.assert(
    fc.property(fc.array(pieces, { minLength: 2, maxLength: 12 }), (soup) => {
      for (const { bytes } of splitDocuments(Buffer.from(soup.join("")))) {
        if (!isBlankDocument(bytes) && compare(bytes.toString())) quick++;
      }
    }),
    { numRuns: 10_000 },
  );
  expect(quick).toBeGreaterThan(50);
});

test("any few changes of a usual manifest", () => {
  const folder = new URL("testdata/", import.meta.url);
  const texts = [usual, ...readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"))]
    .flatMap((text) => splitDocuments(Buffer.from(text)))
    .filter(({ bytes }) => !isBlankDocument(bytes))
    .map(({ bytes }) => bytes.toString());
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(3), add: pieces });
  let quick = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (text, changes) => {
        let changed = text;
        for (const { at, drop, add } of changes) {
          const place = Math.floor(at * changed.length);
          changed = changed.slice(0, place) + add + changed.slice(place + drop);
        }
        for (const { bytes } of splitDocuments(Buffer.from(changed))) {
          if (!isBlankDocument(bytes) && compare(bytes.toString())) quick++;
        }
      },
    ),
    { numRuns: 3_000 },
  );
  expect(quick).toBeGreaterThan(200);
});
