/** Create, replace, patch, apply and delete: what each does to the stored object, with the API server's refusals. */
import { child, isJsonObject, type Json, type JsonObject, sameJson, textAt, without } from "./json.ts";
import { applyFields, updateFields, type Writer } from "./managed-fields.ts";
import { type ObjectStore, objectKey } from "./object-store.ts";
import type { Target } from "./parse-target.ts";
import { jsonPatch, mergePatch } from "./patches.ts";
import { badRequest, conflict, invalid, notFound, StatusError } from "./status-error.ts";
import { apiVersionOf } from "./stored-kind.ts";

export interface WriteRequest {
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: Json;
  readonly time: string;
}

export interface WriteAnswer {
  readonly status: number;
  readonly object: JsonObject;
}

export function createObject(store: ObjectStore, request: WriteRequest): WriteAnswer {
  const { target, body } = request;
  const object = identified(store, target, asObject(body), request.time);
  const key = objectKey(object);
  if (store.get(target.kind, key) !== undefined) {
    throw new StatusError(409, "AlreadyExists", `${target.kind.plural} "${key}" already exists`);
  }
  const owned = updateFields(undefined, object, writerOf(request, "Update"));
  return { status: 201, object: put(store, request, undefined, withoutStatus(target, owned)) };
}

export function replaceObject(store: ObjectStore, request: WriteRequest): WriteAnswer {
  const live = existing(store, request.target);
  const next = asObject(request.body);
  if (textAt(next, "metadata", "name") !== request.target.name)
    throw badRequest("the name is not that of the path");
  return { status: 200, object: update(store, request, live, next) };
}

export function patchObject(store: ObjectStore, request: WriteRequest): WriteAnswer {
  const { target, contentType, body } = request;
  if (contentType === "application/apply-patch+yaml") return applyObject(store, request);
  const live = existing(store, target);
  switch (contentType) {
    case "application/merge-patch+json":
    case "application/strategic-merge-patch+json":
      return { status: 200, object: update(store, request, live, mergePatch(live, body) as JsonObject) };
    case "application/json-patch+json":
      return { status: 200, object: update(store, request, live, jsonPatch(live, body)) };
    default:
      throw new StatusError(415, "UnsupportedMediaType", `${contentType} is no patch`);
  }
}

export function deleteObject(store: ObjectStore, { target, body, time }: WriteRequest): WriteAnswer {
  const live = existing(store, target);
  const wanted = child(body, "preconditions");
  for (const field of ["uid", "resourceVersion"]) {
    const precondition = textAt(wanted, field);
    const actual = textAt(live, "metadata", field);
    if (precondition !== undefined && precondition !== actual) {
      throw conflict(`Precondition failed: ${field} in precondition: ${precondition}, in object: ${actual}`);
    }
  }
  const finalizers = child(live, "metadata", "finalizers");
  if (!Array.isArray(finalizers) || finalizers.length === 0) {
    return { status: 200, object: store.remove(target.kind, objectKey(live)) };
  }
  if (textAt(live, "metadata", "deletionTimestamp") !== undefined) return { status: 200, object: live };
  const metadata = { ...(live["metadata"] as JsonObject), deletionTimestamp: time };
  return { status: 200, object: store.put(target.kind, { ...live, metadata }) };
}

function applyObject(store: ObjectStore, request: WriteRequest): WriteAnswer {
  const { target, query } = request;
  const manager = query.get("fieldManager");
  if (manager === null || manager === "") throw badRequest("fieldManager is required for apply patch");
  const applied = asObject(request.body);
  if (
    textAt(applied, "apiVersion") !== apiVersionOf(target.kind) ||
    textAt(applied, "kind") !== target.kind.kind
  ) {
    throw badRequest(
      `invalid object type: ${textAt(applied, "apiVersion")}, Kind=${textAt(applied, "kind")}`,
    );
  }
  const live = store.get(target.kind, keyOf(target));
  if (live === undefined && target.subresource !== undefined) throw missing(target);
  checkVersion(live, applied);
  const writer = { ...writerOf(request, "Apply"), manager };
  const named = mergePatch(applied, { metadata: { name: target.name ?? null } }) as JsonObject;
  const object = live === undefined ? identified(store, target, named, request.time) : named;
  const merged = applyFields(live, object, writer, query.get("force") === "true");
  return { status: live === undefined ? 201 : 200, object: put(store, request, live, merged) };
}

function update(store: ObjectStore, request: WriteRequest, live: JsonObject, next: JsonObject): JsonObject {
  checkVersion(live, next);
  const uid = textAt(next, "metadata", "uid");
  if (uid !== undefined && uid !== textAt(live, "metadata", "uid"))
    throw conflict("the uid is not that of the object");
  return put(
    store,
    request,
    live,
    updateFields(live, onlyWritable(request.target, live, next), writerOf(request, "Update")),
  );
}

/** Stores, unless nothing changed: then the version stays. */
function put(
  store: ObjectStore,
  { target, query }: WriteRequest,
  live: JsonObject | undefined,
  next: JsonObject,
): JsonObject {
  if (live !== undefined && sameJson(timeless(live), timeless(next))) return live;
  const generation = Number(child(live, "metadata", "generation") ?? 0);
  const isSpecNew = !sameJson(specOf(live), specOf(next));
  const metadata = {
    ...(next["metadata"] as JsonObject),
    generation: isSpecNew ? generation + 1 : generation,
  };
  const object = { ...next, metadata };
  if (query.get("dryRun") === "All") return object;
  const finalizers = child(object, "metadata", "finalizers");
  const isEmpty = !Array.isArray(finalizers) || finalizers.length === 0;
  const stored = store.put(target.kind, object);
  if (textAt(object, "metadata", "deletionTimestamp") !== undefined && isEmpty) {
    return store.remove(target.kind, objectKey(stored));
  }
  return stored;
}

/** Through its own path only the status, through the object's own all but the status. */
function onlyWritable({ kind, subresource }: Target, live: JsonObject, next: JsonObject): JsonObject {
  const meta = (object: JsonObject): JsonObject => object["metadata"] as JsonObject;
  if (subresource === "status") {
    const managedFields = meta(next)["managedFields"] ?? [];
    return { ...live, metadata: { ...meta(live), managedFields }, ...pick(next, "status") };
  }
  const kept = {
    ...meta(next),
    ...pick(meta(live), "uid", "creationTimestamp", "resourceVersion", "generation", "deletionTimestamp"),
  };
  if (!kind.hasStatus) return { ...next, metadata: kept };
  return { ...without(next, "status"), ...pick(live, "status"), metadata: kept };
}

function withoutStatus({ kind }: Target, object: JsonObject): JsonObject {
  return kind.hasStatus ? without(object, "status") : object;
}

function identified(store: ObjectStore, target: Target, object: JsonObject, time: string): JsonObject {
  const { kind, namespace } = target;
  const given = isJsonObject(object["metadata"]) ? object["metadata"] : {};
  const name = textAt(given, "name") ?? generatedName(store, given);
  if (name === undefined) throw invalid("metadata.name: Required value: name or generateName is required");
  const metadata = {
    ...without(given, "generateName"),
    name,
    ...(kind.namespaced ? { namespace: namespace ?? textAt(given, "namespace") ?? "default" } : {}),
    uid: store.nextUid(),
    creationTimestamp: time,
    generation: 1,
  };
  return { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata };
}

function generatedName(store: ObjectStore, metadata: JsonObject): string | undefined {
  const prefix = textAt(metadata, "generateName");
  return prefix === undefined ? undefined : `${prefix}${store.nextUid().slice(-5)}`;
}

function checkVersion(live: JsonObject | undefined, next: JsonObject): void {
  const expected = textAt(next, "metadata", "resourceVersion");
  const actual = textAt(live, "metadata", "resourceVersion");
  if (expected === undefined || expected === actual) return;
  throw conflict(
    `Operation cannot be fulfilled on "${objectKey(next)}": the object has been modified; please apply your changes to the latest version and try again`,
  );
}

function existing(store: ObjectStore, target: Target): JsonObject {
  const live = store.get(target.kind, keyOf(target));
  if (live === undefined) throw missing(target);
  return live;
}

const missing = (target: Target): StatusError => notFound(`${target.kind.plural} "${target.name}"`);

export function keyOf({ namespace, name }: Target): string {
  return namespace === undefined ? (name ?? "") : `${namespace}/${name}`;
}

function writerOf({ target, query, userAgent, time }: WriteRequest, operation: Writer["operation"]): Writer {
  return {
    manager: query.get("fieldManager") ?? userAgent.split("/")[0] ?? "unknown",
    operation,
    apiVersion: apiVersionOf(target.kind),
    time,
    subresource: target.subresource,
  };
}

function asObject(body: Json): JsonObject {
  if (!isJsonObject(body)) throw badRequest("the body is no object");
  return isJsonObject(body["metadata"]) ? body : { ...body, metadata: {} };
}

const specOf = (object: JsonObject | undefined): JsonObject =>
  object === undefined ? {} : without(object, "metadata", "status", "apiVersion", "kind");

function pick(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

/** Without what says when: a write that changes nothing else changes nothing. */
function timeless(object: JsonObject): JsonObject {
  const metadata = object["metadata"] as JsonObject;
  const managed = metadata["managedFields"];
  const entries = Array.isArray(managed)
    ? managed.filter(isJsonObject).map((entry) => without(entry, "time"))
    : [];
  const rest = without(metadata, "managedFields", "resourceVersion", "generation");
  return { ...object, metadata: { ...rest, managedFields: entries } };
}
