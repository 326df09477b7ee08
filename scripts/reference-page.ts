/**
 * The fields of a kind of ours as tables, between two marks of its reference page (docs/reference): what is around them is written by
 * hand. Made of the structural schema that the API server gets, so that page, `kubectl explain` and judgement are one.
 */
import type { CrdKind } from "../packages/api/src/crd/crd-kind.ts";
import { toCrd } from "../packages/api/src/crd/to-crd.ts";

interface Field {
  readonly description?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly items?: Field;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly additionalProperties?: Field;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-validations"?: readonly { readonly message?: string }[];
}

const begin = "<!-- Fields: made by `npm run generate` from packages/api/src/crd: do not edit. -->";
const end = "<!-- The end of what is made. -->";

export const referenceFile = ({ kind }: CrdKind): string => `docs/reference/${kind.toLowerCase()}.md`;

/** `page`: as it stands. Throws where it has no place for the tables. */
export function withFields(kind: CrdKind, page: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) {
    throw new Error(
      `${referenceFile(kind)} has no lines "${begin}" and "${end}", between which its fields go`,
    );
  }
  return `${page.slice(0, from)}${begin}\n\n${describeKind(kind)}\n${page.slice(to)}`;
}

function describeKind(kind: CrdKind): string {
  const { names, versions } = toCrd(kind).spec;
  const spec = versions[0]!.schema.openAPIV3Schema.properties.spec as Field;
  const short = kind.shortNames === undefined ? "" : `, short \`${kind.shortNames.join("`, `")}\``;
  const columns = kind.columns.map(({ name }) => name).join(", ");
  return [
    `\`apiVersion: waystone.dev/${kind.version}\`, \`kind: ${kind.kind}\` (\`kubectl get ${names.plural}\`${short}; columns ${columns}). ${kind.scope}.\n`,
    ...sections("spec", spec, 0),
  ].join("\n");
}

/** A table for each object, the outer before the inner, in the order of the fields. */
function sections(path: string, object: Field, depth: number): string[] {
  const fields = Object.entries(object.properties ?? {});
  const required = new Set(object.required ?? []);
  const rows = fields.map(([name, field]) => {
    const cells = [
      `\`${name}\`${required.has(name) ? " (required)" : ""}`,
      describeType(field),
      field.default === undefined ? "" : `\`${JSON.stringify(field.default)}\``,
      describeBounds(field),
      field.description ?? "",
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  });
  const rules = (object["x-kubernetes-validations"] ?? []).map(({ message = "" }) => `- ${message}`);
  const least =
    object.minProperties === undefined ? [] : [`- at least ${object.minProperties} of these fields`];
  const heading = [
    `${"#".repeat(Math.min(depth, 1) + 3)} \`${path}\`\n`,
    "| field | type | default | bounds | meaning |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    ...(rules.length + least.length === 0 ? [] : [...least, ...rules, ""]),
  ].join("\n");
  const inner = fields.flatMap(([name, field]) => {
    const [nested, place] = innermost(field, `${path}.${name}`);
    return nested.properties === undefined ? [] : sections(place, nested, depth + 1);
  });
  return [heading, ...inner];
}

/** What a list is of, however deep, and where it stands. */
function innermost(field: Field, path: string): readonly [Field, string] {
  return field.items === undefined ? [field, path] : innermost(field.items, `${path}[]`);
}

function describeType(field: Field): string {
  if (field.enum !== undefined)
    return field.enum.map((value) => `\`${value === "" ? '""' : value}\``).join(", ");
  if (field["x-kubernetes-int-or-string"] === true) return "integer or string";
  if (field.items !== undefined) return `list of ${describeType(field.items)}`;
  if (field.additionalProperties !== undefined) return `map of ${describeType(field.additionalProperties)}`;
  return field.type ?? "any";
}

function describeBounds(field: Field): string {
  const inner = field.items ?? field.additionalProperties;
  const own = [
    range(field.minItems, field.maxItems, "items"),
    range(field.minProperties, field.maxProperties, "entries"),
    range(field.minLength, field.maxLength, "characters"),
    range(field.minimum, field.maximum, ""),
    field.pattern === undefined ? "" : `\`${field.pattern}\``,
  ].filter((bound) => bound !== "");
  if (inner === undefined) return field.properties === undefined ? own.join("; ") : "";
  const each = describeBounds(inner);
  return [...own, ...(each === "" ? [] : [`each ${each}`])].join("; ");
}

function range(least: number | undefined, most: number | undefined, what: string): string {
  if (least === undefined && most === undefined) return "";
  const unit = what === "" ? "" : ` ${what}`;
  if (least === undefined || (least === 0 && what !== "")) return `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}
