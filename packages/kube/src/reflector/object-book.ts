/**
 * What is known of each object of a kind, so that old news can be told from new: a watch that repeats or reorders itself
 * must not bring back what is gone, nor set back what is newer. The items themselves are in the collection.
 *
 * A list replaces everything, whatever its versions say: it is a consistent read, hence the truth, also after the cluster's
 * database was restored to an older state.
 */
import type { SourceCollection } from "@waystone/collection/collection";
import { type KubeObject, objectKey } from "../kube-object.ts";
import { isOlder, isSameOrOlder } from "./resource-version.ts";

export interface ObjectBookOptions<T> {
  readonly into: SourceCollection<T>;
  /** The key function of `into`. */
  readonly key: (item: T) => string;
  /** Undefined: not wanted. Throws: the object keeps the item it had, and `onPoison` is told. */
  readonly strip: (object: KubeObject) => T | undefined;
  readonly onPoison: (object: string, thrown: unknown) => void;
}

interface Entry {
  readonly version: string;
  /** The item's key in the collection; undefined where the object is not wanted. */
  readonly key: string | undefined;
}

/** A complete set in the making, aside of what is served. */
export interface Staged<T> {
  readonly items: Map<string, { readonly entry: Entry; readonly item: T | undefined }>;
}

const buriedLimit = 10_000;

export class ObjectBook<T> {
  readonly #into: SourceCollection<T>;
  readonly #key: (item: T) => string;
  readonly #strip: (object: KubeObject) => T | undefined;
  readonly #onPoison: (object: string, thrown: unknown) => void;
  #entries = new Map<string, Entry>();
  /** At which version objects were deleted, within one stream: an older event must not bring them back. */
  readonly #buried = new Map<string, string>();
  /** Whose last news could not be stripped. */
  readonly #poisoned = new Set<string>();
  /** All up to here is known: a stream that starts here has nothing to say about what is older. */
  #floor: string | undefined;
  #version: string | undefined;

  constructor({ into, key, strip, onPoison }: ObjectBookOptions<T>) {
    this.#into = into;
    this.#key = key;
    this.#strip = strip;
    this.#onPoison = onPoison;
  }

  /** Where to watch from; undefined: list first. */
  get version(): string | undefined {
    return this.#version;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The version is no longer of use. What is held stays until a list replaces it. */
  forgetVersion(): void {
    this.#version = undefined;
  }

  /** A stream begins at the version that is known. */
  beginStream(): void {
    this.#floor = this.#version;
    this.#buried.clear();
  }

  /** False: old news, nothing was done. */
  apply(object: KubeObject, isDelete: boolean): boolean {
    const version = object.metadata.resourceVersion ?? "";
    const id = objectKey(object);
    const isOldNews = this.#isOldNews(id, version);
    if (!isOldNews) {
      const before = this.#entries.get(id);
      if (isDelete) this.#remove(id, before, version);
      else this.#put(id, before, object, version);
    }
    this.bookmark(version);
    return !isOldNews;
  }

  /** Versions only go up within a stream. */
  bookmark(version: string): void {
    if (this.#version === undefined || !isOlder(version, this.#version)) this.#version = version;
  }

  stage(): Staged<T> {
    return { items: new Map() };
  }

  addStaged(staged: Staged<T>, object: KubeObject, isDelete = false): void {
    const id = objectKey(object);
    const version = object.metadata.resourceVersion ?? "";
    const known = staged.items.get(id);
    if (known !== undefined && isOlder(version, known.entry.version)) return;
    if (isDelete) {
      staged.items.delete(id);
      return;
    }
    const item = this.#tryStrip(id, object) ?? this.#heldAfterPoison(id);
    staged.items.set(id, { entry: { version, key: this.#keyOf(item) }, item });
  }

  /** The staged set is all there is, as of `version`. */
  publish({ items }: Staged<T>, version: string): void {
    const wanted: T[] = [];
    const entries = new Map<string, Entry>();
    for (const [id, { entry, item }] of items) {
      entries.set(id, entry);
      if (item !== undefined) wanted.push(item);
    }
    this.#entries = entries;
    this.#version = version;
    this.#floor = undefined;
    this.#buried.clear();
    this.#poisoned.clear();
    this.#into.replaceAll(wanted);
  }

  #isOldNews(id: string, version: string): boolean {
    if (this.#floor !== undefined && isSameOrOlder(version, this.#floor)) return true;
    // A delete has a version of its own, newer than the object's last change.
    const known = this.#entries.get(id)?.version ?? this.#buried.get(id);
    return known !== undefined && isSameOrOlder(version, known);
  }

  #put(id: string, before: Entry | undefined, object: KubeObject, version: string): void {
    const item = this.#tryStrip(id, object);
    if (item === undefined && this.#poisoned.has(id)) {
      this.#entries.set(id, { version, key: before?.key });
      return;
    }
    const key = this.#keyOf(item);
    this.#entries.set(id, { version, key });
    if (before?.key !== undefined && before.key !== key) this.#into.delete(before.key);
    if (item !== undefined) this.#into.set(item);
  }

  #remove(id: string, before: Entry | undefined, version: string): void {
    this.#entries.delete(id);
    this.#poisoned.delete(id);
    if (before?.key !== undefined) this.#into.delete(before.key);
    this.#bury(id, version);
  }

  #bury(id: string, version: string): void {
    this.#buried.delete(id);
    this.#buried.set(id, version);
    if (this.#buried.size <= buriedLimit) return;
    for (const oldest of this.#buried.keys()) {
      this.#buried.delete(oldest);
      break;
    }
  }

  #tryStrip(id: string, object: KubeObject): T | undefined {
    try {
      const item = this.#strip(object);
      this.#poisoned.delete(id);
      return item;
    } catch (thrown) {
      this.#poisoned.add(id);
      this.#onPoison(id, thrown);
      return undefined;
    }
  }

  #heldAfterPoison(id: string): T | undefined {
    const key = this.#poisoned.has(id) ? this.#entries.get(id)?.key : undefined;
    return key === undefined ? undefined : this.#into.get(key);
  }

  #keyOf(item: T | undefined): string | undefined {
    return item === undefined ? undefined : this.#key(item);
  }
}
