/**
 * One line for each kind that is in the files and has no effect: kinds of others, which Waystone passes over, and Gateway
 * API kinds that it does not serve yet. By kind and not by object, as there may be thousands.
 */
import { apiVersionOf } from "./known-kinds.ts";
import type { Origin } from "./manifest-error.ts";
import type { FileContent } from "./parse-file.ts";
import type { UnkeyedProblem } from "./problem-book.ts";

interface Seen {
  readonly apiVersion: string;
  readonly kind: string;
  readonly isForeign: boolean;
  count: number;
  readonly first: Origin;
}

type SeenByKind = Map<string, Seen>;

export class KindNotices {
  /** By kind, then by file. */
  readonly #kinds = new Map<string, Map<string, Seen>>();
  readonly #files = new Map<string, SeenByKind>();
  readonly #touched = new Set<string>();

  putFile(file: string, content: FileContent): void {
    const seen = countKinds(content);
    const before = this.#files.get(file);
    if (before !== undefined) this.#drop(file, before);
    if (seen.size === 0) this.#files.delete(file);
    else this.#files.set(file, seen);
    for (const [kind, each] of seen) {
      let files = this.#kinds.get(kind);
      if (files === undefined) this.#kinds.set(kind, (files = new Map()));
      files.set(file, each);
      this.#touched.add(kind);
    }
  }

  removeFile(file: string): void {
    const before = this.#files.get(file);
    if (before !== undefined) this.#drop(file, before);
    this.#files.delete(file);
  }

  /** Who has the notice, and the notice as it is now. */
  *settle(): Iterable<[owner: string, notices: readonly UnkeyedProblem[]]> {
    for (const kind of this.#touched) {
      const files = this.#kinds.get(kind);
      const notice = files === undefined ? undefined : describe([...files.values()]);
      yield [`kind ${kind}`, notice === undefined ? [] : [notice]];
    }
    this.#touched.clear();
  }

  #drop(file: string, seen: SeenByKind): void {
    for (const kind of seen.keys()) {
      const files = this.#kinds.get(kind);
      files?.delete(file);
      if (files?.size === 0) this.#kinds.delete(kind);
      this.#touched.add(kind);
    }
  }
}

function countKinds(content: FileContent): SeenByKind {
  const seen: SeenByKind = new Map();
  const count = (apiVersion: string, kind: string, isForeign: boolean, first: Origin): void => {
    const id = `${apiVersion} ${kind}`;
    const before = seen.get(id);
    if (before === undefined) seen.set(id, { apiVersion, kind, isForeign, count: 1, first });
    else before.count++;
  };
  for (const document of content.documents) {
    for (const { apiVersion, kind, origin } of document.foreign) count(apiVersion, kind, true, origin);
    for (const { kind, origin } of document.objects) {
      if (!kind.isServed) count(apiVersionOf(kind), kind.kind, false, origin);
    }
  }
  return seen;
}

function describe(seen: readonly Seen[]): UnkeyedProblem | undefined {
  const [first] = seen;
  if (first === undefined) return undefined;
  const count = seen.reduce((sum, each) => sum + each.count, 0);
  const objects = count === 1 ? "1 object" : `${count} objects`;
  const { apiVersion, kind, isForeign } = first;
  return isForeign
    ? {
        ...first.first,
        kind,
        severity: "info",
        message: `not used by waystone (${apiVersion}): passed over`,
        hint: objects,
      }
    : {
        ...first.first,
        kind,
        severity: "warning",
        message: "is not served yet: checked, and without effect",
        hint: objects,
      };
}
