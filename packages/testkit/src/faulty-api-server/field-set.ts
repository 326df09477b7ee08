/**
 * Which fields there are in an object, in the form that managedFields has them (FieldsV1): "f:name", "k:{keys}" for the
 * items of keyed lists, "v:value" for sets, {} for a leaf. What is atomic in Kubernetes' schema is a leaf here too, for the
 * kinds that tests write.
 */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "./json.ts";

/** The keys of a list's items, by the list's name, or by its parent's name and its own. */
const listKeys: Readonly<Record<string, readonly string[]>> = {
  "spec.ports": ["port", "protocol"],
  containers: ["name"],
  initContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  volumeMounts: ["mountPath"],
  "containers.ports": ["containerPort", "protocol"],
  conditions: ["type"],
  listeners: ["name"],
  ownerReferences: ["uid"],
};
const setLists = new Set(["finalizers"]);
const atomicMaps = new Set(["spec.selector", "nodeSelector", "matchLabels"]);

export function keysOfList(parent: string, name: string): readonly string[] | undefined {
  return listKeys[`${parent}.${name}`] ?? listKeys[name];
}

export const isSetList = (name: string): boolean => setLists.has(name);
export const isAtomicMap = (parent: string, name: string): boolean =>
  atomicMaps.has(name) || atomicMaps.has(`${parent}.${name}`);

/** "k:{...}" of an item; protocol is TCP where it does not say. */
export function itemKey(item: JsonObject, keys: readonly string[]): string {
  const values = keys.map((key) => [key, item[key] ?? (key === "protocol" ? "TCP" : null)] as const);
  return `k:${JSON.stringify(Object.fromEntries(values))}`;
}

export function fieldsOf(value: JsonObject, parent = ""): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [`f:${name}`, fieldsBelow(field, parent, name)]),
  );
}

function fieldsBelow(value: Json, parent: string, name: string): JsonObject {
  if (isJsonObject(value)) return isAtomicMap(parent, name) ? {} : fieldsOf(value, name);
  if (!isJsonArray(value)) return {};
  if (isSetList(name)) return Object.fromEntries(value.map((each) => [`v:${JSON.stringify(each)}`, {}]));
  const keys = keysOfList(parent, name);
  if (keys === undefined) return {};
  return Object.fromEntries(
    value.filter(isJsonObject).map((item) => [itemKey(item, keys), { ".": {}, ...fieldsOf(item, name) }]),
  );
}

/** The leaves, as paths. */
export function leaves(set: JsonObject, path: readonly string[] = []): readonly (readonly string[])[] {
  const entries = Object.entries(set);
  if (entries.length === 0) return path.length === 0 ? [] : [path];
  return entries.flatMap(([name, below]) => leaves(below as JsonObject, [...path, name]));
}

export function hasLeaf(set: JsonObject, path: readonly string[]): boolean {
  let below: Json | undefined = set;
  for (const name of path) below = isJsonObject(below) ? below[name] : undefined;
  return below !== undefined;
}

export function setOf(paths: readonly (readonly string[])[]): JsonObject {
  const root: Record<string, Json> = {};
  for (const path of paths) {
    let below = root;
    for (const name of path) below = (below[name] ??= {}) as Record<string, Json>;
  }
  return root;
}

/** What an object has at a leaf; undefined where it has nothing. */
export function valueAt(object: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const step of path) {
    if (step === ".") return value;
    if (step.startsWith("f:")) value = isJsonObject(value) ? value[step.slice(2)] : undefined;
    else if (isJsonArray(value)) value = value.find((item) => isItem(item, step));
    else return undefined;
  }
  return value;
}

/** Takes a leaf out, in place; with "." the whole item of a list. */
export function removeLeaf(object: JsonObject, path: readonly string[]): void {
  const steps = path.at(-1) === "." ? path.slice(0, -1) : path;
  const last = steps.at(-1) ?? "";
  const parent = valueAt(object, steps.slice(0, -1));
  if (last.startsWith("f:") && isJsonObject(parent)) delete (parent as Record<string, Json>)[last.slice(2)];
  if (!last.startsWith("f:") && Array.isArray(parent)) {
    const at = (parent as Json[]).findIndex((item) => isItem(item, last));
    if (at >= 0) (parent as Json[]).splice(at, 1);
  }
}

function isItem(item: Json, step: string): boolean {
  if (step.startsWith("v:")) return JSON.stringify(item) === step.slice(2);
  if (!isJsonObject(item)) return false;
  const keys = Object.keys(JSON.parse(step.slice(2)) as object);
  return itemKey(item, keys) === step;
}
