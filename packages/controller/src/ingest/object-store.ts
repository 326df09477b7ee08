/**
 * All objects of all files, file by file: what each file says now, the last good version of every object, its generation,
 * and what is wrong at the moment. Pure state without I/O: files are put in as they are read, and `settle` returns what
 * changed since it was last called, computed only for the objects and files that were touched.
 *
 * Rules: a bad object keeps its last good version, with the problem attached; so do the objects of a file that cannot be
 * read or parsed. Of two objects with one name the first stays: the one in force, else the one whose file comes first.
 */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { KindNotices } from "./kind-notices.ts";
import type { ManifestError } from "./manifest-error.ts";
import { ObjectState } from "./object-state.ts";
import type { FileContent, ObjectEntry } from "./parse-file.ts";
import type { KnownKind } from "./known-kinds.ts";
import { ProblemBook, type ProblemChange } from "./problem-book.ts";
import type { SourcedObject } from "./sourced-object.ts";
import { nothingTold, UnreadBook, type UnreadChange, type UnreadPart } from "./unread-book.ts";

/** A file as the store knows it. */
export interface SourceFile {
  /** As people know it. */
  readonly file: string;
  /** Which -f it came by: files of an earlier one come first. */
  readonly argument: number;
}

export interface ObjectChange {
  readonly kind: KnownKind;
  readonly key: string;
  /** Absent: the object is gone. */
  readonly item: SourcedObject<KubernetesObject> | undefined;
}

export interface StoreChanges {
  readonly objects: readonly ObjectChange[];
  readonly problems: readonly ProblemChange[];
  readonly unread: readonly UnreadChange[];
}

interface FileState {
  readonly source: SourceFile;
  content: FileContent;
  /** Objects that the file had, and may still have in a part that cannot be read. */
  held: readonly ObjectEntry[];
  /** It could not be read at the start, so that nobody knows what it would have had in force. */
  readonly isLost: boolean;
}

export class ObjectStore {
  readonly #files = new Map<string, FileState>();
  readonly #objects = new Map<string, ObjectState>();
  readonly #notices = new KindNotices();
  readonly #problems = new ProblemBook();
  readonly #unread = new UnreadBook();
  readonly #touched = new Set<string>();
  #isStarted = false;

  content(file: string): FileContent | undefined {
    return this.#files.get(file)?.content;
  }

  /** What the file says now, in place of what it said before. */
  putFile(source: SourceFile, content: FileContent): void {
    const before = this.#files.get(source.file);
    const held = before === undefined ? [] : this.#heldEntries(before, content);
    const isBroken = brokenParts(content).length > 0;
    const isLost = isBroken && (before === undefined ? !this.#isStarted : before.isLost);
    this.#files.set(source.file, { source, content, held, isLost });
    this.#claim(source, before, content, held);
    this.#notices.putFile(source.file, content);
    this.#problems.put(`file ${source.file}`, fileProblems(content, held.length));
    this.#unread.put(`file ${source.file}`, unreadOf(content, isLost));
  }

  removeFile(file: string): void {
    const before = this.#files.get(file);
    if (before === undefined) return;
    this.#files.delete(file);
    for (const id of entryIds(before)) this.#release(id, file);
    this.#notices.removeFile(file);
    this.#problems.put(`file ${file}`, []);
    this.#unread.put(`file ${file}`, []);
  }

  /**
   * The file is gone, which may be half of a move: its objects stay, but make way for the same objects of another file.
   * Ends with the next putFile or removeFile.
   */
  fadeFile(file: string): void {
    const state = this.#files.get(file);
    if (state === undefined) return;
    for (const id of entryIds(state)) {
      this.#objects.get(id)?.fade(file);
      this.#touched.add(id);
    }
  }

  /** A complaint about something that is no file: an argument that does not exist, a folder without manifests. */
  putPathProblem(path: string, problem: ManifestError | undefined): void {
    this.#problems.put(`path ${path}`, problem === undefined ? [] : [{ ...problem, severity: "error" }]);
  }

  /** Whether `content` lacks an object that the file has in force. */
  losesObjects(file: string, content: FileContent): boolean {
    const before = this.#files.get(file);
    if (before === undefined) return false;
    const stays = new Set(content.documents.flatMap(({ objects }) => objects.map(({ id }) => id)));
    return entryIds(before).some(
      (id) => !stays.has(id) && this.#objects.get(id)?.isInForceFrom(file) === true,
    );
  }

  /** Where the version in force of an object was read. */
  entryOf(kind: string, key: string): ObjectEntry | undefined {
    return this.#objects.get(`${kind}/${key}`)?.entry;
  }

  settle(): StoreChanges {
    const objects: ObjectChange[] = [];
    for (const id of this.#touched) {
      const state = this.#objects.get(id);
      if (state === undefined) continue;
      const before = state.item;
      const problems = state.resolve();
      this.#problems.put(`object ${id}`, problems);
      this.#unread.put(`object ${id}`, state.unread);
      if (state.item !== before) objects.push({ kind: state.kind, key: state.key, item: state.item });
      if (state.isEmpty) this.#objects.delete(id);
    }
    this.#touched.clear();
    this.#isStarted = true;
    for (const [owner, notice] of this.#notices.settle()) this.#problems.put(owner, notice);
    return { objects, problems: this.#problems.settle(), unread: this.#unread.settle() };
  }

  #heldEntries(before: FileState, content: FileContent): readonly ObjectEntry[] {
    const [broken] = brokenParts(content);
    if (broken === undefined) return [];
    const stays = new Set(content.documents.flatMap(({ objects }) => objects.map(({ id }) => id)));
    const had = [...before.content.documents.flatMap(({ objects }) => objects), ...before.held];
    return had
      .filter(({ id }) => !stays.has(id) && this.#objects.get(id)?.isInForceFrom(before.source.file) === true)
      .map((entry) => ({
        ...entry,
        object: undefined,
        errors: [{ ...broken, ...nameOf(entry) }],
        unread: undefined,
        isHeld: true,
      }));
  }

  #claim(
    source: SourceFile,
    before: FileState | undefined,
    content: FileContent,
    held: readonly ObjectEntry[],
  ): void {
    const entries = new Map<string, ObjectEntry[]>();
    for (const entry of [...content.documents.flatMap(({ objects }) => objects), ...held]) {
      const same = entries.get(entry.id);
      if (same === undefined) entries.set(entry.id, [entry]);
      else same.push(entry);
    }
    for (const id of before === undefined ? [] : entryIds(before))
      if (!entries.has(id)) this.#release(id, source.file);
    for (const [id, list] of entries) {
      const [first] = list;
      if (first === undefined) continue;
      let state = this.#objects.get(id);
      if (state === undefined) this.#objects.set(id, (state = new ObjectState(first.kind, first.key)));
      if (state.claim(source, list)) this.#touched.add(id);
    }
  }

  #release(id: string, file: string): void {
    this.#objects.get(id)?.release(file);
    this.#touched.add(id);
  }
}

function entryIds({ content, held }: FileState): string[] {
  return [...content.documents.flatMap(({ objects }) => objects), ...held].map(({ id }) => id);
}

function nameOf({ kind, key }: ObjectEntry): Pick<ManifestError, "kind" | "namespace" | "name"> {
  const slash = key.indexOf("/");
  return slash === -1
    ? { kind: kind.kind, name: key }
    : { kind: kind.kind, namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** Why there are parts that nothing can be read from. */
function brokenParts({ unreadable, documents }: FileContent): readonly ManifestError[] {
  return [unreadable, ...documents.map(({ broken }) => broken)].filter((error) => error !== undefined);
}

function fileProblems(content: FileContent, held: number): (ManifestError & { severity: "error" })[] {
  const nameless = content.documents.flatMap((document) => document.nameless);
  return [...brokenParts(content).map((error) => noteHeld(error, held)), ...nameless].map((error) => ({
    ...error,
    severity: "error",
  }));
}

/** What cannot even be told apart shuts everything; what has come since the start was never in force (docs/run.md). */
function unreadOf({ unreadable, documents }: FileContent, isLost: boolean): readonly UnreadPart[] {
  const nameless = documents.flatMap(({ unread }) => unread);
  if (!isLost) return nameless;
  const broken = [
    unreadable,
    ...documents.map((document) => (document.mayGuard ? document.broken : undefined)),
  ];
  return [
    ...broken.flatMap((problem) => (problem === undefined ? [] : { ...nothingTold, problem })),
    ...nameless,
  ];
}

function noteHeld(error: ManifestError, held: number): ManifestError {
  if (held === 0) return error;
  const note = `${held} ${held === 1 ? "object of this file stays as it was" : "objects of this file stay as they were"}`;
  return { ...error, hint: error.hint === undefined ? note : `${error.hint}; ${note}` };
}
