/**
 * A TypeBox schema -> the structural schema that Kubernetes takes in a CRD (KEP-1904). Whatever that has no place for stops
 * the generator, with the path of the field; so does a field without a description or without a bound: objects are kept in
 * memory by everyone who watches them, and the API server refuses CEL rules whose cost nothing bounds.
 */
import type { Validation } from "./crd-kind.ts";

type Schema = Readonly<Record<string, unknown>>;

export class UnstructuralSchema extends Error {
  override readonly name = "UnstructuralSchema";

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}

const copied = [
  ..."description type pattern format minLength maxLength minimum maximum minItems maxItems".split(" "),
  ..."minProperties maxProperties default nullable required x-kubernetes-int-or-string".split(" "),
  ..."x-kubernetes-list-type x-kubernetes-list-map-keys x-kubernetes-map-type x-kubernetes-validations".split(
    " ",
  ),
] as const;
const translated = ["properties", "items", "enum", "patternProperties"] as const;
const known: ReadonlySet<string> = new Set([...copied, ...translated]);

/** Keywords that TypeBox makes of its own types -> what to write instead. */
const remedies: Readonly<Record<string, string>> = {
  anyOf: "no union: write Type.Enum for texts, or one field for each case and a rule that one of them is set",
  oneOf: "no union: write one field for each case and a rule that one of them is set",
  allOf: "no intersection: write all fields into one Type.Object",
  const: "no literal: write Type.Enum with one text",
  not: "no negation: write a rule in x-kubernetes-validations",
  $ref: "no reference: write the schema where it is used",
  additionalProperties: "objects are closed anyway, and maps are Type.Record",
  uniqueItems: "write x-kubernetes-list-type: set",
};

/** The names of TypeBox's StringKey: any key. */
const anyKey = "^.*$";

export function toStructuralSchema(schema: object, path: string): Schema {
  return convert(schema as Schema, path, { needsDescription: true });
}

function convert(schema: Schema, path: string, { needsDescription }: { needsDescription: boolean }): Schema {
  for (const key of Object.keys(schema)) {
    if (!known.has(key))
      throw new UnstructuralSchema(path, `${key}: ${remedies[key] ?? "Kubernetes has no such keyword"}`);
  }
  const out: Record<string, unknown> = {};
  for (const key of copied) {
    if (schema[key] !== undefined) out[key] = schema[key];
  }
  requireDescription(schema, path, needsDescription);
  requireRules(schema["x-kubernetes-validations"], path);
  if (schema["enum"] !== undefined) return { ...out, type: "string", enum: texts(schema["enum"], path) };
  if (schema["x-kubernetes-int-or-string"] === true) return bounded(out, path, ["maxLength", "minimum"]);
  switch (schema["type"]) {
    case "object":
      return { ...out, ...convertObject(schema, path) };
    case "array":
      return { ...out, ...convertArray(schema, path) };
    case "string":
      return bounded(out, path, ["maxLength"]);
    case "integer":
      return { ...bounded(out, path, ["minimum", "maximum"]), format: integerFormat(schema) };
    case "boolean":
      return out;
    default:
      throw new UnstructuralSchema(path, `no type that Kubernetes knows: ${String(schema["type"])}`);
  }
}

function convertObject(schema: Schema, path: string): Schema {
  const maps = Object.entries((schema["patternProperties"] ?? {}) as Readonly<Record<string, Schema>>);
  const fields = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, Schema>>);
  if (maps.length === 0) {
    const converted = fields.map(([name, field]) => [
      name,
      convert(field, `${path}.${name}`, { needsDescription: true }),
    ]);
    return fields.length === 0 ? {} : { properties: Object.fromEntries(converted) };
  }
  const [pattern, values] = maps[0] ?? ["", {}];
  if (maps.length > 1 || fields.length > 0 || pattern !== anyKey) {
    throw new UnstructuralSchema(path, "a map has any key and nothing else: Type.Record(Type.String(), ...)");
  }
  bounded(schema, path, ["maxProperties"]);
  return { additionalProperties: convert(values, `${path}[*]`, { needsDescription: false }) };
}

function convertArray(schema: Schema, path: string): Schema {
  bounded(schema, path, ["maxItems"]);
  if (schema["x-kubernetes-list-type"] === undefined) {
    throw new UnstructuralSchema(
      path,
      "x-kubernetes-list-type is missing: who owns what when several apply?",
    );
  }
  return { items: convert(schema["items"] as Schema, `${path}[]`, { needsDescription: false }) };
}

function requireDescription(schema: Schema, path: string, isNeeded: boolean): void {
  const { description } = schema as { readonly description?: unknown };
  if (description === undefined && !isNeeded) return;
  if (typeof description !== "string" || !/^[A-Z].*\.$/s.test(description)) {
    throw new UnstructuralSchema(path, "needs a description: a sentence, with its default if it has one");
  }
  // The file is a template of the chart.
  if (description.includes("{{"))
    throw new UnstructuralSchema(path, "{{ in a description begins a Helm action");
}

function requireRules(rules: unknown, path: string): void {
  for (const { rule, message } of (rules ?? []) as readonly Partial<Validation>[]) {
    if (rule === undefined || message === undefined || rule.includes("{{") || message.includes("{{")) {
      throw new UnstructuralSchema(path, "a rule needs its message, and {{ begins a Helm action");
    }
  }
}

function bounded<Kept extends Schema>(schema: Kept, path: string, bounds: readonly string[]): Kept {
  for (const bound of bounds) {
    if (typeof schema[bound] !== "number") throw new UnstructuralSchema(path, `${bound} is missing`);
  }
  const { pattern } = schema as { readonly pattern?: unknown };
  if (typeof pattern === "string") requirePortable(pattern, path);
  return schema;
}

/** The API server's patterns are Go's, the editors' JavaScript's: only what means the same in both, and the whole text. */
function requirePortable(pattern: string, path: string): void {
  if (!/^\^.*\$$/s.test(pattern))
    throw new UnstructuralSchema(path, "a pattern is for the whole text: ^...$");
  if (/\(\?[^:]|\[\[:|\\[zAQEpP]/.test(pattern)) {
    throw new UnstructuralSchema(path, `pattern ${pattern} means something else in Go than in JavaScript`);
  }
}

function texts(values: unknown, path: string): readonly string[] {
  if (Array.isArray(values) && values.every((value) => typeof value === "string")) return values;
  throw new UnstructuralSchema(path, "an enum lists texts");
}

function integerFormat({ minimum, maximum }: Schema): "int32" | "int64" {
  return Number(minimum) >= -(2 ** 31) && Number(maximum) < 2 ** 31 ? "int32" : "int64";
}
