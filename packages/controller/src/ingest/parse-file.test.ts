import { expect, test } from "vitest";
import { largestFileBytes } from "./read-source.ts";
import { knownKinds } from "./known-kinds.ts";
import { parseFile } from "./parse-file.ts";
import type { SchemaNode } from "./schema-node.ts";

const parse = (text: string, before?: ReturnType<typeof parseFile>): ReturnType<typeof parseFile> =>
  parseFile("f.yaml", Buffer.from(text), before);
const objectOf = (text: string): unknown => parse(text).documents[0]?.objects[0]?.object;
const errorOf = (text: string): string | undefined => parse(text).documents[0]?.broken?.message;

const namespace = (name: string): string => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;

test("defaults are filled in as an API server does, down into defaults that hold objects", () => {
  const route = objectOf(`
apiVersion: gateway.networking.k8s.io/v1beta1
kind: HTTPRoute
metadata: {name: web}
spec:
  parentRefs: [{name: gateway}]
  rules:
    - backendRefs: [{name: web, port: 80}]
    - matches: [{path: {value: /a}, headers: [{name: x, value: z}]}]
`);
  expect(route).toEqual({
    apiVersion: "gateway.networking.k8s.io/v1beta1",
    kind: "HTTPRoute",
    metadata: { name: "web", namespace: "default" },
    spec: {
      parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "gateway" }],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ group: "", kind: "Service", name: "web", port: 80, weight: 1 }],
        },
        {
          matches: [
            {
              path: { type: "PathPrefix", value: "/a" },
              headers: [{ type: "Exact", name: "x", value: "z" }],
            },
          ],
        },
      ],
    },
  });
});

test("a Service gets its type, protocols and target ports; a null is as if it were not there", () => {
  const service = `{apiVersion: v1, kind: Service, metadata: {name: web, labels: }, spec: {selector: , ports: [{port: 80}]}}`;
  expect(objectOf(service)).toEqual({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { type: "ClusterIP", ports: [{ port: 80, protocol: "TCP", targetPort: 80 }] },
  });
});

test("a rule left empty in a route is the default rule", () => {
  const route = `{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: web}, spec: {rules: }}`;
  expect(objectOf(route)).toMatchObject({ spec: { rules: [{ matches: [{ path: { value: "/" } }] }] } });
});

test("what a dump of a cluster has besides is dropped, and stringData becomes data", () => {
  const secret = objectOf(`
apiVersion: v1
kind: Secret
metadata:
  name: key
  uid: 1b2f
  resourceVersion: "7"
  creationTimestamp: "2026-01-01T00:00:00Z"
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", a: b}
data: {a: YQ==, b: Yg==}
stringData: {b: c}
`);
  expect(secret).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "key", namespace: "default", annotations: { a: "b" } },
    data: { a: "YQ==", b: "Yw==" },
  });
});

test("keys such as __proto__ and constructor are entries of a map and change nothing else (J03)", () => {
  const map = objectOf(
    `{apiVersion: v1, kind: ConfigMap, metadata: {name: x, labels: {constructor: a}}, data: {"__proto__": b, x: c}}`,
  ) as { metadata: { labels: object }; data: object };
  expect(Object.getPrototypeOf(map.metadata.labels)).toBeNull();
  expect(Object.entries(map.metadata.labels)).toEqual([["constructor", "a"]]);
  expect(Object.entries(map.data)).toEqual([
    ["__proto__", "b"],
    ["x", "c"],
  ]);
  expect(({} as { b?: unknown }).b).toBeUndefined();
});

test("aliases and merge keys are expanded, as kubectl does", () => {
  const service = objectOf(`
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: &labels {app: web}
spec:
  selector: {<<: *labels, tier: front}
`);
  expect(service).toMatchObject({ spec: { selector: { app: "web", tier: "front" } } });
});

test("aliases that multiply, contain themselves, or nest too deep end in an error", () => {
  const names = "abcdefghij".split("");
  const bomb = names.map(
    (name, at) =>
      `${name}: &${name} [${Array(9)
        .fill(at === 0 ? "x" : `*${names[at - 1]}`)
        .join(",")}]`,
  );
  expect(errorOf(bomb.join("\n"))).toBe("aliases add more than 10000 values to this document");
  expect(errorOf("a: &a\n  b: *a\n")).toBe("the alias *a contains itself");
  expect(errorOf("[".repeat(102) + "]".repeat(102))).toBe("nested more than 100 levels deep");
  expect(errorOf(`a: ${"[".repeat(20_000)}`)).toMatch(/^nested too deep|is missing/);
});

test("thousands of errors in one object are cut short", () => {
  const labels = Array.from({ length: 5_000 }, (_, index) => `    "k ${index}": v`).join("\n");
  const { documents } = parse(
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels:\n${labels}\n`,
  );
  expect(documents[0]?.objects[0]?.errors).toHaveLength(20);
});

test.for<[name: string, bytes: Buffer, message: string]>([
  ["UTF-16", Buffer.from("\ufeffa: 1", "utf16le"), "is not UTF-8 text"],
  ["NUL bytes", Buffer.from("a: \0"), "has a NUL byte, so it is no text"],
])("a file with %s is refused as a whole", ([, bytes, message]) => {
  expect(parseFile("f.yaml", bytes, undefined).unreadable?.message).toBe(message);
});

test("a document that has not changed is taken over, with its lines moved", () => {
  const before = parse(`${namespace("a")}---\n${namespace("b")}`);
  const after = parse(`${namespace("a")}---\n${namespace("c")}---\n${namespace("b")}`, before);
  expect(after.documents[0]).toBe(before.documents[0]);
  const [moved] = after.documents[2]?.objects ?? [];
  expect(moved?.object).toBe(before.documents[1]?.objects[0]?.object);
  expect(moved?.origin).toEqual({ file: "f.yaml", line: 9, column: 1 });
});

test("a large file is read in time that grows with its size", () => {
  const text = namespace("x").repeat(1) + `---\n${namespace("y")}`.repeat(2_000);
  expect(text.length).toBeLessThan(largestFileBytes);
  expect(parse(text).documents).toHaveLength(2_001);
});

test("every schema is whole: all references lead somewhere and all patterns compile", () => {
  const seen = new Set<SchemaNode>();
  const walk = (node: SchemaNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const field of node.fields?.values() ?? []) walk(field());
    if (node.items !== undefined) walk(node.items());
    if (node.mapValues !== undefined) walk(node.mapValues());
  };
  for (const kind of knownKinds()) walk(kind.schema());
  expect(seen.size).toBeGreaterThan(1_000);
});
