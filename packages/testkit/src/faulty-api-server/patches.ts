/** JSON merge patch (RFC 7396) and JSON patch (RFC 6902: add, replace, remove, test). */
import { isJsonArray, isJsonObject, type Json, type JsonObject, sameJson, textAt } from "./json.ts";
import { badRequest, invalid } from "./status-error.ts";

export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: Record<string, Json> = isJsonObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else result[name] = mergePatch(result[name], value);
  }
  return result;
}

export function jsonPatch(target: JsonObject, patch: Json): JsonObject {
  if (!isJsonArray(patch)) throw badRequest("a JSON patch is a list");
  const root = structuredClone(target) as Json;
  let holder: Json = root;
  for (const step of patch) {
    if (!isJsonObject(step)) throw badRequest("a step of a JSON patch is an object");
    holder = applyStep(holder, step);
  }
  return holder as JsonObject;
}

function applyStep(root: Json, step: JsonObject): Json {
  const path = (textAt(step, "path") ?? "")
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = path.at(-1);
  if (last === undefined) throw badRequest("a JSON patch of the whole object is not supported");
  let parent: unknown = root;
  for (const part of path.slice(0, -1)) parent = (parent as Record<string, unknown> | undefined)?.[part];
  if (typeof parent !== "object" || parent === null)
    throw invalid(`the path ${textAt(step, "path")} does not exist`);
  changeField(parent as Record<string, Json>, last, step);
  return root;
}

function changeField(parent: Record<string, Json>, name: string, step: JsonObject): void {
  const value = step["value"] ?? null;
  const list: Json[] | undefined = Array.isArray(parent) ? parent : undefined;
  const isThere = list === undefined ? name in parent : Number(name) < list.length;
  const op = textAt(step, "op") ?? "";
  switch (op) {
    case "test":
      if (!isThere || !sameJson(parent[name], value))
        throw invalid(`testing path ${textAt(step, "path")} failed`);
      return;
    case "add":
      if (list !== undefined) list.splice(name === "-" ? list.length : Number(name), 0, value);
      else parent[name] = value;
      return;
    case "replace":
      if (!isThere) throw invalid(`the path ${textAt(step, "path")} does not exist`);
      parent[name] = value;
      return;
    case "remove":
      if (!isThere) throw invalid(`the path ${textAt(step, "path")} does not exist`);
      if (list !== undefined) list.splice(Number(name), 1);
      else delete parent[name];
      return;
    default:
      throw badRequest(`unknown operation ${op}`);
  }
}
