/** Plain JSON values, and the few things done with them here. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [field: string]: Json;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isJsonArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isJsonArray(a) && isJsonArray(b)) {
    return a.length === b.length && a.every((each, at) => sameJson(each, b[at]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => name in b && sameJson(a[name], b[name]))
  );
}

export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

export function child(object: Json | undefined, ...path: readonly string[]): Json | undefined {
  let value = object;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return value;
}

export function textAt(object: Json | undefined, ...path: readonly string[]): string | undefined {
  const value = child(object, ...path);
  return typeof value === "string" ? value : undefined;
}
