/**
 * All that one file says: its documents, validated. Documents whose text has not changed since the last time are taken over
 * from then, so that an edit in a file of thousands of documents costs one.
 */
import { isUtf8 } from "node:buffer";
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { mayGuard, type Unread } from "./describe-unread.ts";
import type { FieldPath } from "./field-path.ts";
import type { KnownKind } from "./known-kinds.ts";
import type { ManifestError, Origin } from "./manifest-error.ts";
import { type ManifestObject, parseDocument } from "./parse-manifest.ts";
import { type DocumentText, splitDocuments } from "./split-documents.ts";
import { type Validated, validateObject } from "./validate-object.ts";
import type { YamlTree } from "./yaml-tree.ts";

export interface ObjectEntry {
  /** "<Kind>/<key>". */
  readonly id: string;
  readonly kind: KnownKind;
  readonly key: string;
  readonly origin: Origin;
  /** Where in its document the object is: [], or ["items", n] in a List. */
  readonly path: FieldPath;
  readonly document: { readonly digest: string; readonly line: number };
  /** Absent where it has errors. */
  readonly object: KubernetesObject | undefined;
  readonly errors: readonly ManifestError[];
  /** Of an object with errors that may be there to protect. */
  readonly unread: Unread | undefined;
  /** Kept from an earlier reading, as the file cannot be read now. */
  readonly isHeld?: true;
}

export interface ForeignEntry {
  readonly apiVersion: string;
  readonly kind: string;
  readonly origin: Origin;
}

export interface DocumentContent {
  readonly digest: string;
  readonly line: number;
  readonly objects: readonly ObjectEntry[];
  readonly foreign: readonly ForeignEntry[];
  /** Of objects whose kind or name cannot be told. */
  readonly nameless: readonly ManifestError[];
  /** Those of them that may be there to protect. */
  readonly unread: readonly (Unread & { readonly problem: ManifestError })[];
  /** Why nothing can be read from this document. */
  readonly broken: ManifestError | undefined;
  /** Whether what cannot be read from it may be there to protect. */
  readonly mayGuard: boolean;
}

export interface FileContent {
  readonly documents: readonly DocumentContent[];
  /** Why nothing can be read from this file. */
  readonly unreadable: ManifestError | undefined;
}

export function unreadableFile(problem: ManifestError): FileContent {
  return { documents: [], unreadable: problem };
}

export function parseFile(file: string, bytes: Buffer, before: FileContent | undefined): FileContent {
  if (!isUtf8(bytes)) {
    const hint = looksLikeUtf16(bytes) ? "it looks like UTF-16: save it as UTF-8" : "save it as UTF-8";
    return unreadableFile({ file, message: "is not UTF-8 text", hint });
  }
  if (bytes.includes(0)) return unreadableFile({ file, message: "has a NUL byte, so it is no text" });
  const known = new Map(before?.documents.map((document) => [document.digest, document]));
  const documents = splitDocuments(bytes).map((text) => {
    const same = known.get(text.digest);
    return same === undefined ? readDocument(file, text) : moveDocument(same, text.line - same.line);
  });
  return { documents, unreadable: undefined };
}

function looksLikeUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function readDocument(file: string, text: DocumentText): DocumentContent {
  const { digest, line } = text;
  const parsed = parseDocument(text);
  const objects: ObjectEntry[] = [];
  const foreign: ForeignEntry[] = [];
  const nameless: ManifestError[] = [];
  const unread: DocumentContent["unread"][number][] = [];
  for (const each of parsed.objects) {
    const entry = readObject(file, { digest, line }, each, parsed.tree);
    if ("id" in entry) objects.push(entry);
    else if ("origin" in entry) foreign.push(entry);
    else {
      nameless.push(...entry.errors);
      const [problem] = entry.errors;
      if (entry.unread !== undefined && problem !== undefined) unread.push({ ...entry.unread, problem });
    }
  }
  const { issue } = parsed;
  const broken = issue && {
    file,
    ...issue.position,
    message: issue.message,
    ...(issue.hint && { hint: issue.hint }),
  };
  return {
    digest,
    line,
    objects,
    foreign: orNone(foreign),
    nameless: orNone(nameless),
    unread: orNone(unread),
    broken,
    mayGuard: broken !== undefined && mayGuard(text.bytes),
  };
}

/** One empty list for the thousands of documents that have none. */
const none: readonly never[] = [];

function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list;
}

function readObject(
  file: string,
  document: ObjectEntry["document"],
  parsed: ManifestObject,
  tree: () => YamlTree,
): ObjectEntry | ForeignEntry | Extract<Validated, { is: "nameless" }> {
  const origin = { file, ...parsed.position };
  const validated = validateObject(parsed, origin, tree);
  switch (validated.is) {
    case "foreign":
      return { apiVersion: validated.apiVersion, kind: validated.kind, origin };
    case "nameless":
      return validated;
    case "good":
    case "bad": {
      const { kind, namespace, name } = validated.identity;
      const key = namespace === undefined ? name : `${namespace}/${name}`;
      const object = validated.is === "good" ? validated.object : undefined;
      const errors = validated.is === "good" ? none : validated.errors;
      const unread = validated.is === "good" ? undefined : validated.unread;
      return {
        id: `${kind.kind}/${key}`,
        kind,
        key,
        origin,
        path: parsed.path,
        document,
        object,
        errors,
        unread,
      };
    }
  }
}

/** The same document some lines further down (or up). */
function moveDocument(document: DocumentContent, by: number): DocumentContent {
  if (by === 0) return document;
  const move = <T extends { readonly line?: number }>(place: T): T =>
    place.line === undefined ? place : { ...place, line: place.line + by };
  const moveObject = (entry: ObjectEntry): ObjectEntry => ({
    ...entry,
    document: move(entry.document),
    origin: move(entry.origin),
    errors: entry.errors.map(move),
  });
  return {
    ...document,
    line: document.line + by,
    objects: document.objects.map(moveObject),
    foreign: document.foreign.map((each) => ({ ...each, origin: move(each.origin) })),
    nameless: document.nameless.map(move),
    unread: document.unread.map((each) => ({ ...each, problem: move(each.problem) })),
    broken: document.broken && move(document.broken),
  };
}
