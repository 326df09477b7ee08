/**
 * Who owns which field: server-side apply with its conflicts, and the ownership that plain writes take. Good enough for
 * tests of ours: no schema, so no defaults and no version conversion.
 */
import {
  fieldsOf,
  hasLeaf,
  isAtomicMap,
  itemKey,
  keysOfList,
  leaves,
  removeLeaf,
  setOf,
  valueAt,
} from "./field-set.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, sameJson, textAt, without } from "./json.ts";
import { StatusError } from "./status-error.ts";

export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource?: string | undefined;
}

interface Owned {
  readonly entry: JsonObject;
  paths: readonly (readonly string[])[];
}

/** The new object with its managedFields. Throws 409 for a conflict that is not forced. */
export function applyFields(
  live: JsonObject | undefined,
  applied: JsonObject,
  writer: Writer,
  isForced: boolean,
): JsonObject {
  const wanted = ownable(applied);
  const owners = readOwners(live);
  const mine = owners.find(({ entry }) => isBy(entry, writer));
  const others = owners.filter((each) => each !== mine);
  const paths = leaves(fieldsOf(wanted));
  const taken = paths.filter(
    (path) => live !== undefined && !sameJson(valueAt(live, path), valueAt(wanted, path)),
  );
  refuseConflicts(others, taken, isForced);
  const result = structuredClone(mergeApplied(live ?? {}, applied, "")) as JsonObject;
  for (const path of mine?.paths ?? []) {
    const isKept = hasPath(paths, path) || others.some((other) => hasPath(other.paths, path));
    if (!isKept) removeLeaf(result, path);
  }
  for (const other of others) other.paths = other.paths.filter((path) => !hasPath(taken, path));
  const owned = [...others, { entry: entryOf(writer), paths }];
  return withOwners(result, owned);
}

/** Ownership after a plain write: what changed is the writer's, and nobody else's. */
export function updateFields(live: JsonObject | undefined, next: JsonObject, writer: Writer): JsonObject {
  const isSetByHand =
    !sameJson(managedFieldsOf(live), managedFieldsOf(next)) && managedFieldsOf(next) !== undefined;
  const owners = readOwners(isSetByHand ? next : live);
  const before = live === undefined ? {} : ownable(live);
  const after = ownable(next);
  const changed = leaves(fieldsOf(after)).filter(
    (path) => !sameJson(valueAt(before, path), valueAt(after, path)),
  );
  const isGone = (path: readonly string[]): boolean => valueAt(after, path) === undefined;
  for (const owner of owners) {
    owner.paths = owner.paths.filter(
      (path) => !isGone(path) && (isBy(owner.entry, writer) || !hasPath(changed, path)),
    );
  }
  const mine = owners.find(({ entry }) => isBy(entry, writer));
  if (changed.length > 0 && mine !== undefined) mine.paths = unite(mine.paths, changed);
  if (changed.length > 0 && mine === undefined) owners.push({ entry: entryOf(writer), paths: changed });
  return withOwners(next, owners);
}

function refuseConflicts(
  others: readonly Owned[],
  taken: readonly (readonly string[])[],
  isForced: boolean,
): void {
  if (isForced) return;
  const causes = others.flatMap(({ entry, paths }) =>
    taken
      .filter((path) => hasPath(paths, path))
      .map((path) => ({
        reason: "FieldManagerConflict",
        message: `conflict with "${textAt(entry, "manager")}"`,
        field: path.map((step) => `.${step.slice(2)}`).join(""),
      })),
  );
  if (causes.length === 0) return;
  const message = `Apply failed with ${causes.length} conflict${causes.length === 1 ? "" : "s"}`;
  throw new StatusError(409, "Conflict", message, { causes });
}

/** What someone can own: not the object's identity, nor what the server sets. */
function ownable(object: JsonObject): JsonObject {
  const rest = without(object, "apiVersion", "kind", "metadata");
  const metadata = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  const mine = Object.fromEntries(
    Object.entries(metadata).filter(([name]) =>
      ["labels", "annotations", "finalizers", "ownerReferences"].includes(name),
    ),
  );
  return Object.keys(mine).length === 0 ? rest : { ...rest, metadata: mine };
}

function mergeApplied(live: Json | undefined, applied: Json, parent: string, name = ""): Json {
  if (isJsonObject(applied) && isJsonObject(live) && !isAtomicMap(parent, name)) {
    const merged: Record<string, Json> = { ...live };
    for (const [field, value] of Object.entries(applied))
      merged[field] = mergeApplied(live[field], value, name, field);
    return merged;
  }
  const keys = keysOfList(parent, name);
  if (keys === undefined || !isJsonArray(applied) || !isJsonArray(live)) return applied;
  const items = applied.filter(isJsonObject);
  const merged = live.filter(isJsonObject).map((item) => {
    const update = items.find((each) => itemKey(each, keys) === itemKey(item, keys));
    return update === undefined ? item : mergeApplied(item, update, parent, name);
  });
  const known = new Set(live.filter(isJsonObject).map((item) => itemKey(item, keys)));
  return [...merged, ...items.filter((item) => !known.has(itemKey(item, keys)))];
}

function managedFieldsOf(object: JsonObject | undefined): Json | undefined {
  return isJsonObject(object?.["metadata"]) ? object["metadata"]["managedFields"] : undefined;
}

function readOwners(object: JsonObject | undefined): Owned[] {
  const entries = managedFieldsOf(object);
  if (!isJsonArray(entries)) return [];
  return entries.filter(isJsonObject).flatMap((entry) => {
    const set = entry["fieldsV1"];
    return isJsonObject(set) ? [{ entry, paths: leaves(set) }] : [];
  });
}

function withOwners(object: JsonObject, owners: readonly Owned[]): JsonObject {
  const managedFields = owners
    .filter(({ paths }) => paths.length > 0)
    .map(({ entry, paths }) => ({ ...entry, fieldsV1: setOf(paths) }));
  return { ...object, metadata: { ...(object["metadata"] as JsonObject), managedFields } };
}

function entryOf({ manager, operation, apiVersion, time, subresource }: Writer): JsonObject {
  return {
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: "FieldsV1",
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function isBy(entry: JsonObject, { manager, operation, subresource }: Writer): boolean {
  return (
    entry["manager"] === manager &&
    entry["operation"] === operation &&
    (entry["subresource"] ?? undefined) === subresource
  );
}

function hasPath(paths: readonly (readonly string[])[], path: readonly string[]): boolean {
  return hasLeaf(setOf(paths), path);
}

function unite(
  a: readonly (readonly string[])[],
  b: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  return leaves(setOf([...a, ...b]));
}
