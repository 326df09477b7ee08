/**
 * Checks a freshly parsed value against a schema, all of it in one walk, and makes it what an API server would store: nulls
 * pruned, defaults filled in, and maps with user-chosen keys (labels, selectors) without a prototype, so that a label named
 * "constructor" is a label and nothing else.
 *
 * Kubernetes' structural schemas are checked by hand and not by a JSON Schema library, because nulls, defaults, closed
 * objects, int-or-string and keyed lists are their own rules, and because every message has to say what to do.
 */
import type { FieldPath } from "./field-path.ts";
import { checkScalar } from "./check-scalar.ts";
import { describeValue } from "./describe-value.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import type { SchemaNode } from "./schema-node.ts";
import { setOwn } from "./set-own.ts";
import { suggest } from "@waystone/base/suggest";

type PlainObject = Record<string, unknown>;

/** More than anybody mends in one go. */
const mostIssues = 20;

/** Changes `value` in place; with issues it is not to be used. */
export function checkSchema(
  node: SchemaNode,
  value: unknown,
): { value: unknown; issues: readonly SchemaIssue[] } {
  const check = new SchemaCheck();
  return { value: check.walk(node, value, []), issues: check.issues };
}

class SchemaCheck {
  readonly issues: SchemaIssue[] = [];

  walk(node: SchemaNode, value: unknown, path: FieldPath): unknown {
    if (this.issues.length >= mostIssues) return value;
    if (node.schema["x-kubernetes-int-or-string"] === true) return this.#intOrString(value, path);
    const { type } = node.schema;
    if (type === "object") return this.#object(node, value, path);
    if (type === "array") return this.#array(node, value, path);
    if (type !== undefined) this.issues.push(...checkScalar(node, value, path));
    return value;
  }

  #object(node: SchemaNode, value: unknown, path: FieldPath): unknown {
    if (!isPlainObject(value)) {
      this.#expected("a mapping", value, path);
      return value;
    }
    if (node.mapValues !== undefined) return this.#map(node, node.mapValues(), value, path);
    if (node.fields === undefined) return value;
    for (const name of Object.keys(value)) {
      const field = node.fields.get(name);
      if (field === undefined) this.#unknown(node, node.fields, name, path);
      else this.#field(node, field(), value, name, path);
    }
    for (const { name, value: fallback } of node.defaults) {
      // A default may hold objects that need defaults of their own (a rule's match): it is walked like what is written.
      if (!Object.hasOwn(value, name)) {
        const field = node.fields.get(name);
        value[name] =
          field === undefined ? fallback : this.walk(field(), structuredClone(fallback), [...path, name]);
      }
    }
    for (const name of node.required) {
      if (!Object.hasOwn(value, name)) this.#missing(node, name, path);
    }
    this.#size(
      Object.keys(value).length,
      "fields",
      node.schema.minProperties,
      node.schema.maxProperties,
      path,
    );
    return value;
  }

  #field(parent: SchemaNode, field: SchemaNode, object: PlainObject, name: string, path: FieldPath): void {
    const value = object[name];
    if (value !== null) {
      const walked = this.walk(field, value, [...path, name]);
      if (walked !== value) object[name] = walked;
      return;
    }
    if (field.schema.nullable === true) return;
    if (parent.nullsAreAbsent || field.schema.default !== undefined) delete object[name];
    else {
      const message = "is empty (null)";
      this.issues.push({
        path: [...path, name],
        at: "key",
        message,
        hint: "give it a value, or remove the field",
      });
    }
  }

  #map(node: SchemaNode, values: SchemaNode, value: PlainObject, path: FieldPath): PlainObject {
    const map: PlainObject = Object.create(null) as PlainObject;
    const keys = Object.keys(value);
    for (const key of keys) {
      if (value[key] === null && node.nullsAreAbsent && values.schema.type !== "string") continue;
      // A null in a map of texts is the empty text to Go.
      const item = value[key] === null && node.nullsAreAbsent ? "" : value[key];
      setOwn(map, key, this.walk(values, item, [...path, key]));
    }
    this.#size(keys.length, "entries", node.schema.minProperties, node.schema.maxProperties, path);
    return map;
  }

  #array(node: SchemaNode, value: unknown, path: FieldPath): unknown {
    if (!Array.isArray(value)) {
      this.#expected(
        "a list",
        value,
        path,
        isPlainObject(value) ? 'a list item begins with "- "' : undefined,
      );
      return value;
    }
    const list = value as unknown[];
    this.#size(list.length, "items", node.schema.minItems, node.schema.maxItems, path);
    if (node.items === undefined) return list;
    const items = node.items();
    for (const [index, item] of list.entries()) list[index] = this.walk(items, item, [...path, index]);
    this.#repeats(node, list, path);
    return list;
  }

  #repeats(node: SchemaNode, list: readonly unknown[], path: FieldPath): void {
    const keys = node.schema["x-kubernetes-list-map-keys"];
    const isSet = node.schema["x-kubernetes-list-type"] === "set";
    if ((keys === undefined && !isSet) || list.length < 2) return;
    const seen = new Map<string, number>();
    for (const [index, item] of list.entries()) {
      const parts =
        keys === undefined ? [item] : keys.map((key) => (isPlainObject(item) ? item[key] : undefined));
      const text = JSON.stringify(parts);
      const first = seen.get(text);
      if (first === undefined) seen.set(text, index);
      else if (!parts.every((part) => part === undefined)) {
        const what =
          keys === undefined
            ? describeValue(item)
            : keys.map((key, at) => `${key} ${String(parts[at])}`).join(", ");
        this.issues.push({
          path: [...path, index],
          at: "value",
          message: `${what} is already in item ${first} of this list`,
        });
      }
    }
  }

  #intOrString(value: unknown, path: FieldPath): unknown {
    if (typeof value === "string" || Number.isInteger(value)) return value;
    this.#expected("an integer or a text", value, path);
    return value;
  }

  #size(
    size: number,
    unit: string,
    least: number | undefined,
    most: number | undefined,
    path: FieldPath,
  ): void {
    const bound =
      least !== undefined && size < least
        ? `at least ${least}`
        : most !== undefined && size > most
          ? `at most ${most}`
          : undefined;
    if (bound !== undefined)
      this.issues.push({ path, at: "key", message: `has ${size} ${unit}, ${bound} must be` });
  }

  #expected(what: string, value: unknown, path: FieldPath, hint?: string): void {
    const message = `expected ${what}, got ${describeValue(value)}`;
    this.issues.push(
      hint === undefined ? { path, at: "value", message } : { path, at: "value", message, hint },
    );
  }

  #missing(node: SchemaNode, name: string, path: FieldPath): void {
    const type = node.fields?.get(name)?.().schema.type;
    const hint = type === undefined ? `add ${name}` : `add ${name}: ${typeNames[type]}`;
    this.issues.push({ path: [...path, name], at: "parent", message: "is required and missing", hint });
  }

  #unknown(node: SchemaNode, fields: ReadonlyMap<string, unknown>, name: string, path: FieldPath): void {
    if (node.keepsUnknown) return;
    const names = [...fields.keys()];
    const close = suggest(name, names);
    const hint = close === undefined ? `fields here: ${listNames(names)}` : `did you mean ${close}?`;
    this.issues.push({ path: [...path, name], at: "key", message: "unknown field", hint });
  }
}

const typeNames = {
  object: "a mapping",
  array: "a list",
  string: "a text",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
} as const;

function listNames(names: readonly string[]): string {
  const most = 12;
  return names.length <= most ? names.join(", ") : `${names.slice(0, most).join(", ")}, ...`;
}

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
