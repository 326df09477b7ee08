/**
 * docs/gateway-api-fields.md, held against the schemas of the Gateway API: every field of every kind has a row, every row names a
 * field, and what is called not served is exactly what the controller does not serve.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { readSchemaFile } from "@waystone/api/schema/read-schema-file";
import type { StructuralSchema } from "@waystone/api/schema/structural-schema";
import { knownKinds } from "@waystone/controller/ingest/known-kinds";
import { expect, test } from "vitest";
import { repository } from "../../examples/harness/waystone-process.ts";

interface Row {
  readonly patterns: readonly string[];
  readonly says: string;
}

/** By kind: the rows of its section. */
function readTable(): ReadonlyMap<string, readonly Row[]> {
  const text = readFileSync(path.join(repository, "docs", "gateway-api-fields.md"), "utf8");
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const rows = section.split("\n").filter((line) => line.startsWith("| `spec"));
      return [section.slice(0, section.indexOf("\n")), rows.map(readRow)];
    }),
  );
}

function readRow(line: string): Row {
  const [field = "", says = ""] = line.slice(2, -2).split(" | ");
  return { patterns: expand(field.replaceAll("`", "")), says };
}

/** "a.{b,c}" is "a.b" and "a.c". */
function expand(text: string): string[] {
  const open = text.indexOf("{");
  if (open < 0) return [text];
  const close = text.indexOf("}", open);
  const choices = text.slice(open + 1, close).split(",");
  return choices.flatMap((choice) => expand(text.slice(0, open) + choice + text.slice(close + 1)));
}

/** Fields that have no fields of their own, as "spec.rules[].name"; maps are one field. */
function leaves(schema: StructuralSchema, at: string): string[] {
  if (schema.items !== undefined) {
    return schema.items.properties === undefined ? [at] : leaves(schema.items, `${at}[]`);
  }
  if (schema.properties === undefined) return [at];
  return Object.entries(schema.properties).flatMap(([name, field]) => leaves(field, `${at}.${name}`));
}

const table = readTable();
const kinds = readSchemaFile("gateway-api").kinds.map(({ kind, schema }) => {
  const spec = schema.properties?.["spec"];
  return { kind, fields: spec === undefined ? [] : leaves(spec, "spec") };
});

function covers(pattern: string, field: string): boolean {
  if (!pattern.endsWith(".**")) return pattern === field;
  const above = pattern.slice(0, -3);
  return field === above || field.startsWith(`${above}.`) || field.startsWith(`${above}[]`);
}

test("there is a section for every kind, and for no other", () => {
  expect([...table.keys()].filter((name) => name !== "Reasons").toSorted()).toEqual(
    kinds.map(({ kind }) => kind).toSorted(),
  );
});

test.for(kinds)("$kind: every field of the schema has its row", ({ kind, fields }) => {
  const patterns = (table.get(kind) ?? []).flatMap((row) => row.patterns);
  expect(fields.filter((field) => !patterns.some((pattern) => covers(pattern, field)))).toEqual([]);
});

test.for(kinds)("$kind: every row names a field, and no field has two rows", ({ kind, fields }) => {
  const patterns = (table.get(kind) ?? []).flatMap((row) => row.patterns);
  expect(patterns.filter((pattern) => !fields.some((field) => covers(pattern, field)))).toEqual([]);
  const twice = fields.filter((field) => patterns.filter((pattern) => covers(pattern, field)).length > 1);
  expect(twice).toEqual([]);
});

test("every row says what becomes of the field, and why where nothing does", () => {
  const says = [...table.values()].flat().map((row) => row.says);
  expect(says.filter((text) => !/^(supported|ignored: |refused: )/.test(text))).toEqual([]);
});

test("what is not served is what the controller does not serve, and the rest has rows of its own", () => {
  const unserved = [...table].filter(([, rows]) =>
    rows.some(({ says }) => says.startsWith("ignored: not served")),
  );
  const known = knownKinds().filter(({ group }) => group.startsWith("gateway.networking."));
  expect(unserved.map(([kind]) => kind).toSorted()).toEqual(
    known.flatMap(({ kind, isServed }) => (isServed ? [] : [kind])).toSorted(),
  );
});
