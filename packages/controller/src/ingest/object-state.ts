/** One object: which files claim to define it, which of them is followed, and its last good version. */
import { deepEquals } from "@waystone/collection/deep-equals";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import type { KnownKind } from "./known-kinds.ts";
import { formatOrigin, type ManifestError } from "./manifest-error.ts";
import type { SourceFile } from "./object-store.ts";
import type { ObjectEntry } from "./parse-file.ts";
import type { UnkeyedProblem } from "./problem-book.ts";
import type { SourcedObject } from "./sourced-object.ts";
import type { UnreadPart } from "./unread-book.ts";

interface Claim {
  readonly source: SourceFile;
  /** In the order of the file; more than one where the file itself repeats the object. */
  readonly entries: readonly ObjectEntry[];
  isFading: boolean;
}

export class ObjectState {
  readonly kind: KnownKind;
  readonly key: string;
  /** The version in force, as others see it. */
  item: SourcedObject<KubernetesObject> | undefined = undefined;
  /** What that version was read from. */
  entry: ObjectEntry | undefined = undefined;
  /** What may be there to protect, and is not in force in any version. */
  unread: readonly UnreadPart[] = [];
  #claims: Claim[] = [];
  #generation = 0;

  constructor(kind: KnownKind, key: string) {
    this.kind = kind;
    this.key = key;
  }

  get isEmpty(): boolean {
    return this.#claims.length === 0;
  }

  isInForceFrom(file: string): boolean {
    return this.item?.origin.file === file;
  }

  /** Returns false where the file says what it said before. */
  claim(source: SourceFile, entries: readonly ObjectEntry[]): boolean {
    const index = this.#claims.findIndex((claim) => claim.source.file === source.file);
    const before = this.#claims[index];
    const isSame = before !== undefined && !before.isFading && sameItems(before.entries, entries);
    const claim = { source, entries, isFading: false };
    if (before === undefined) this.#claims.push(claim);
    else this.#claims[index] = claim;
    return !isSame;
  }

  release(file: string): void {
    this.#claims = this.#claims.filter((claim) => claim.source.file !== file);
  }

  fade(file: string): void {
    for (const claim of this.#claims) if (claim.source.file === file) claim.isFading = true;
  }

  /** Decides what is in force; returns what is wrong. */
  resolve(): readonly UnkeyedProblem[] {
    const followed = this.#follow();
    const [entry] = followed?.entries ?? [];
    this.unread = [];
    if (followed === undefined || entry === undefined) {
      this.item = undefined;
      this.entry = undefined;
      return [];
    }
    if (entry.object !== undefined) this.#accept(entry, entry.object);
    else this.#refuse(entry);
    const errors = entry.isHeld === true ? [] : entry.errors;
    return [...errors, ...this.#repeats(followed, entry)].map((error) => ({ ...error, severity: "error" }));
  }

  /** The file in force is followed while it has the object; else the first in order. */
  #follow(): Claim | undefined {
    const steady = this.#claims.filter((claim) => !claim.isFading);
    const candidates = steady.length > 0 ? steady : this.#claims;
    const incumbent = candidates.find((claim) => this.isInForceFrom(claim.source.file));
    return incumbent ?? candidates.toSorted((a, b) => compareSources(a.source, b.source))[0];
  }

  #accept(entry: ObjectEntry, object: KubernetesObject): void {
    this.entry = entry;
    const before = this.item;
    const kept = before !== undefined && sameButGeneration(before.object, object) ? before.object : undefined;
    if (kept !== undefined && before?.problem === undefined && deepEquals(before?.origin, entry.origin))
      return;
    if (kept === undefined && !(before !== undefined && sameSpec(before.object, object))) this.#generation++;
    // Parsed for this store alone and not yet seen by anybody: the count goes in without another copy.
    if (kept === undefined) Object.assign(object.metadata, { generation: this.#generation });
    this.item = { key: this.key, object: kept ?? object, origin: entry.origin };
  }

  #refuse(entry: ObjectEntry): void {
    const [problem] = entry.errors;
    if (this.item === undefined && problem !== undefined && entry.unread !== undefined) {
      this.unread = [{ ...entry.unread, problem }];
    }
    if (this.item === undefined || problem === undefined || deepEquals(this.item.problem, problem)) return;
    this.item = { ...this.item, problem };
  }

  #repeats(followed: Claim, entry: ObjectEntry): ManifestError[] {
    const others = this.#claims
      .filter((claim) => !claim.isFading)
      .flatMap((claim) => (claim === followed ? claim.entries.slice(1) : claim.entries));
    return others.map(({ origin, kind, key }) => {
      const [name, namespace] = key.split("/").toReversed();
      return {
        ...origin,
        kind: kind.kind,
        ...(namespace !== undefined && { namespace }),
        ...(name !== undefined && { name }),
        message: `is already defined at ${formatOrigin(entry.origin)}`,
        hint: `that one ${entry.object === undefined ? "counts, though it has errors" : "is in force"}; remove one of the two`,
      };
    });
  }
}

function compareSources(a: SourceFile, b: SourceFile): number {
  return a.argument - b.argument || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function sameButGeneration(stored: KubernetesObject, read: KubernetesObject): boolean {
  if (stored === read) return true;
  const { generation: _, ...metadata } = stored.metadata;
  const { generation: __, ...readMetadata } = read.metadata;
  return deepEquals({ ...stored, metadata }, { ...read, metadata: readMetadata });
}

/** As Kubernetes counts generations: names, labels and status are no part of what an object asks for. */
function sameSpec(a: KubernetesObject, b: KubernetesObject): boolean {
  const strip = (object: KubernetesObject): object => ({ ...object, metadata: undefined, status: undefined });
  return deepEquals(strip(a), strip(b));
}
