/**
 * Where a field of an object in force stands in its file. Nobody keeps the trees of all files for the few times that a
 * message wants a position: the file is read and its one document parsed again, and the last tree is kept, as questions come
 * in bunches.
 */
import { parseFieldPath } from "./field-path.ts";
import { locateField } from "./locate-field.ts";
import type { Origin } from "./manifest-error.ts";
import type { ObjectStore } from "./object-store.ts";
import { readSource } from "./read-source.ts";
import { splitDocuments } from "./split-documents.ts";
import { buildYamlTree, type YamlTree } from "./yaml-tree.ts";

type Place = { readonly digest: string; readonly line: number };

export class PositionFinder {
  readonly #store: ObjectStore;
  /** Of sources that cannot be read twice. */
  readonly #texts = new Map<string, Buffer>();
  #last: (Place & { readonly file: string; readonly tree: YamlTree }) | undefined;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  keepText(file: string, bytes: Buffer): void {
    this.#texts.set(file, bytes);
  }

  find(kind: string, key: string, fieldPath: string): Origin | undefined {
    const entry = this.#store.entryOf(kind, key);
    if (entry === undefined) return undefined;
    const { file } = entry.origin;
    const tree = this.#treeOf(file, entry.document);
    if (tree === undefined) return undefined;
    const { line, column } = locateField(tree, [...entry.path, ...parseFieldPath(fieldPath)], "value");
    return { file, line, column };
  }

  #treeOf(file: string, { digest, line }: Place): YamlTree | undefined {
    const last = this.#last;
    if (last?.file === file && last.digest === digest && last.line === line) return last.tree;
    const bytes = this.#texts.get(file) ?? this.#read(file);
    const document =
      bytes && splitDocuments(bytes).find((each) => each.digest === digest && each.line === line);
    if (document === undefined) return undefined;
    const tree = buildYamlTree(document.bytes.toString("utf8"), line);
    this.#last = { file, digest, line, tree };
    return tree;
  }

  #read(file: string): Buffer | undefined {
    const read = readSource(file, file);
    return read.is === "read" ? read.bytes : undefined;
  }
}
