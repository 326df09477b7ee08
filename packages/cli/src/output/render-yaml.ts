/**
 * A JSON value as YAML in block style, for people who read `-o yaml`. Strings are plain only where every reading of YAML
 * takes them for the same string; all others are JSON strings, which YAML takes as they are.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function renderYaml(value: unknown): string {
  // What JSON leaves out (undefined) or turns into text (dates) is the same in both outputs.
  const json = JSON.parse(JSON.stringify(value ?? null)) as Json;
  return isNested(json) ? renderLines(json, "").join("") : `${renderScalar(json)}\n`;
}

function renderLines(value: Json, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => renderItem(item, indent));
  if (typeof value !== "object" || value === null) return [`${indent}${renderScalar(value)}\n`];
  return Object.entries(value as Record<string, Json>).flatMap(([key, item]) => {
    const name = `${indent}${renderScalar(key)}:`;
    if (!isNested(item)) return [`${name} ${renderScalar(item)}\n`];
    // As kubectl does: the items of a list stand below its name, not deeper.
    return [`${name}\n`, ...renderLines(item, Array.isArray(item) ? indent : `${indent}  `)];
  });
}

function renderItem(item: Json, indent: string): string[] {
  if (!isNested(item)) return [`${indent}- ${renderScalar(item)}\n`];
  const [first = "", ...rest] = renderLines(item, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

/** With something in it: empty ones are written in place. */
function isNested(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** Words of YAML 1.1 and 1.2 that mean something else, whatever their case. */
const reserved = /^(?:null|true|false|yes|no|on|off|y|n|nan|inf)$/i;

function renderScalar(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const isPlain =
    /^[A-Za-z_/][A-Za-z0-9_./()*,+ -]*$/.test(value) && !reserved.test(value) && !value.endsWith(" ");
  return isPlain ? value : JSON.stringify(value);
}
