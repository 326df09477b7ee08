/** Checks of texts, numbers and booleans against a schema, with messages that say what would be right. */
import { isIP } from "node:net";
import type { FieldPath } from "./field-path.ts";
import { describeValue } from "./describe-value.ts";
import { describePattern } from "./describe-pattern.ts";
import type { SchemaIssue } from "./schema-issue.ts";
import type { SchemaNode } from "./schema-node.ts";
import { suggest } from "@waystone/base/suggest";

type Complaint = Omit<SchemaIssue, "path" | "at">;

/** At most one complaint: whatever else is wrong follows from it. */
export function checkScalar(node: SchemaNode, value: unknown, path: FieldPath): SchemaIssue[] {
  const complaint = complain(node, value);
  return complaint === undefined ? [] : [{ path, at: "value", ...complaint }];
}

function complain(node: SchemaNode, value: unknown): Complaint | undefined {
  const { type } = node.schema;
  if (type === "string") return typeof value === "string" ? complainOfText(node, value) : notText(value);
  if (type === "boolean") return typeof value === "boolean" ? undefined : notBoolean(value);
  return type === "integer" || type === "number" ? complainOfNumber(node, value) : undefined;
}

function notText(value: unknown): Complaint {
  const message = `expected a text, got ${describeValue(value)}`;
  return typeof value === "number" || typeof value === "boolean"
    ? { message, wantsQuotes: true }
    : { message };
}

function notBoolean(value: unknown): Complaint {
  const message = `expected true or false, got ${describeValue(value)}`;
  return value === "true" || value === "false"
    ? { message, hint: `write ${value} without quotes` }
    : { message };
}

function complainOfText({ schema, pattern }: SchemaNode, value: string): Complaint | undefined {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return notListed(value, schema.enum);
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    return {
      message: value === "" ? "must not be empty" : `must have at least ${schema.minLength} characters`,
    };
  }
  // Kubernetes counts characters; only a text that is over the limit in UTF-16 can be over it in characters.
  const characters =
    schema.maxLength !== undefined && value.length > schema.maxLength ? countCharacters(value) : 0;
  if (schema.maxLength !== undefined && characters > schema.maxLength) {
    return { message: `has ${characters} characters, ${schema.maxLength} are allowed` };
  }
  // After the length, which keeps what a pattern has to look at small.
  if (pattern !== undefined && !pattern.test(value)) {
    return {
      message: `${JSON.stringify(value)} is not allowed here`,
      hint: `expected ${describePattern(pattern.source)}`,
    };
  }
  return schema.format === undefined ? undefined : formats.get(schema.format)?.(value);
}

function countCharacters(value: string): number {
  return Array.from(value).length;
}

function notListed(value: string, allowed: readonly string[]): Complaint {
  // "Prefix" is far from "PathPrefix" by letters, yet what was meant.
  const containing = allowed.filter(
    (each) => value !== "" && each.toLowerCase().includes(value.toLowerCase()),
  );
  const close = suggest(value, allowed) ?? (containing.length === 1 ? containing[0] : undefined);
  const list = `allowed: ${allowed.join(", ")}`;
  return {
    message: `${JSON.stringify(value)} is not allowed here`,
    hint: close === undefined ? list : `did you mean ${close}? ${list}`,
  };
}

const base64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

const formats = new Map<string, (value: string) => Complaint | undefined>([
  [
    "byte",
    (value) =>
      base64.test(value) && value.replace(/\s/g, "").length % 4 === 0
        ? undefined
        : { message: "is not base64", hint: "encode the value, or put it as it is under stringData" },
  ],
  [
    "ip",
    (value) => (isIP(value) !== 0 ? undefined : { message: `${JSON.stringify(value)} is not an IP address` }),
  ],
  [
    "cluster-ip",
    (value) => {
      if (value === "" || value === "None" || isIP(value) !== 0) return undefined;
      const hint = "write an address such as 127.0.0.10, or None";
      return { message: `${JSON.stringify(value)} is not an IP address`, hint };
    },
  ],
  [
    "date-time",
    (value) =>
      dateTime.test(value)
        ? undefined
        : { message: `${JSON.stringify(value)} is not a time`, hint: "write it as 2026-01-31T12:00:00Z" },
  ],
]);

const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };

function complainOfNumber({ schema }: SchemaNode, value: unknown): Complaint | undefined {
  const what = schema.type === "integer" ? "an integer" : "a number";
  if (typeof value !== "number") {
    const message = `expected ${what}, got ${describeValue(value)}`;
    const isQuoted = typeof value === "string" && value !== "" && Number.isFinite(Number(value));
    return isQuoted ? { message, hint: `write ${value} without quotes` } : { message };
  }
  if (!Number.isFinite(value) || (schema.type === "integer" && !Number.isSafeInteger(value))) {
    return { message: `expected ${what}, got ${describeValue(value)}` };
  }
  const least = schema.minimum ?? (schema.format === "int32" ? int32.least : -Infinity);
  const most = schema.maximum ?? (schema.format === "int32" ? int32.most : Infinity);
  if (value >= least && value <= most) return undefined;
  const range =
    least === -Infinity
      ? `at most ${most}`
      : most === Infinity || most === int32.most
        ? `at least ${least}`
        : `from ${least} to ${most}`;
  return { message: `${value} is out of range`, hint: `expected an integer ${range}` };
}
