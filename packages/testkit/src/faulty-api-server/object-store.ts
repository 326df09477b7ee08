/**
 * The objects and their history, as etcd keeps them for an API server: one counter of versions over all kinds, a log to
 * watch from, compaction that forgets its beginning, and the restore of an older state.
 */
import { type Json, type JsonObject, textAt } from "./json.ts";
import { expired, notFound } from "./status-error.ts";
import { kindKey, type StoredKind } from "./stored-kind.ts";

export interface StoreEvent {
  readonly kind: string;
  readonly key: string;
  readonly version: number;
  /** Undefined before its creation. */
  readonly before: JsonObject | undefined;
  /** Undefined after its deletion. */
  readonly after: JsonObject | undefined;
  /** What a watcher of the deletion is shown. */
  readonly shown: JsonObject;
}

type Listener = (event: StoreEvent) => void;

/** Other kinds' writes in between: versions of one kind have gaps. */
const firstVersion = 1000;

export class ObjectStore {
  readonly #objects = new Map<string, Map<string, JsonObject>>();
  readonly #listeners = new Set<Listener>();
  #log: StoreEvent[] = [];
  #version = firstVersion;
  #oldest = 0;
  #uids = 0;
  /** By how much a write moves the counter. */
  step = 1;

  get version(): number {
    return this.#version;
  }

  nextUid(): string {
    return `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, "0")}`;
  }

  get(kind: StoredKind, key: string): JsonObject | undefined {
    return this.#objects.get(kindKey(kind))?.get(key);
  }

  list(kind: StoredKind): readonly JsonObject[] {
    const objects = this.#objects.get(kindKey(kind)) ?? new Map<string, JsonObject>();
    return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** As it was; throws 410 where that is forgotten. */
  listAt(kind: StoredKind, version: number): readonly JsonObject[] {
    if (version < this.#oldest) throw expired("The provided continue parameter is too old");
    const objects = new Map(this.#objects.get(kindKey(kind)));
    for (const event of this.#log.toReversed()) {
      if (event.version <= version || event.kind !== kindKey(kind)) continue;
      if (event.before === undefined) objects.delete(event.key);
      else objects.set(event.key, event.before);
    }
    return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Stores `object` with a new version, and returns it as stored. */
  put(kind: StoredKind, object: JsonObject): JsonObject {
    const key = objectKey(object);
    const before = this.get(kind, key);
    const after = this.#stamped(object);
    this.#record({ kind: kindKey(kind), key, version: this.#version, before, after, shown: after });
    return after;
  }

  remove(kind: StoredKind, key: string): JsonObject {
    const before = this.get(kind, key);
    if (before === undefined) throw notFound(`${kind.plural} "${key}"`);
    const shown = this.#stamped(before);
    this.#record({ kind: kindKey(kind), key, version: this.#version, before, after: undefined, shown });
    return shown;
  }

  /** What happened after `version`; throws 410 where that is forgotten. */
  since(kind: StoredKind, version: number): readonly StoreEvent[] {
    if (version < this.#oldest) throw expired(`too old resource version: ${version} (${this.#oldest})`);
    return this.#log.filter((event) => event.version > version && event.kind === kindKey(kind));
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Time passes for other kinds. */
  advance(versions: number): void {
    this.#version += versions;
  }

  /** Forgets what led to the present state. */
  compact(): void {
    this.#oldest = this.#version;
    this.#log = [];
  }

  /** Back to the state of `version`, counter included: a restored backup. Nobody is told. */
  restore(version: number): void {
    for (const event of this.#log.toReversed()) {
      if (event.version <= version) break;
      const objects = this.#ofKind(event.kind);
      if (event.before === undefined) objects.delete(event.key);
      else objects.set(event.key, event.before);
    }
    this.#log = this.#log.filter((event) => event.version <= version);
    this.#version = Math.max(version, this.#oldest);
  }

  #stamped(object: JsonObject): JsonObject {
    this.#version += this.step;
    const metadata = object["metadata"] as JsonObject;
    return { ...object, metadata: { ...metadata, resourceVersion: String(this.#version) } };
  }

  #record(event: StoreEvent): void {
    const objects = this.#ofKind(event.kind);
    if (event.after === undefined) objects.delete(event.key);
    else objects.set(event.key, event.after);
    this.#log.push(event);
    for (const listener of this.#listeners) listener(event);
  }

  #ofKind(kind: string): Map<string, JsonObject> {
    let objects = this.#objects.get(kind);
    if (objects === undefined) {
      objects = new Map();
      this.#objects.set(kind, objects);
    }
    return objects;
  }
}

export function objectKey(object: Json | undefined): string {
  const namespace = textAt(object, "metadata", "namespace");
  const name = textAt(object, "metadata", "name") ?? "";
  return namespace === undefined ? name : `${namespace}/${name}`;
}
