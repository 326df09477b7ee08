/**
 * The files of the -f arguments as collections, one per kind: what the controller's model is derived from. Everything that
 * one look at the files finds is applied in one batch.
 *
 * Files are written in steps, and editors move them about: content that has lost objects, has errors or looks cut off, and
 * a file that is gone, are believed only after a moment of quiet. All else takes effect at once.
 */
import type { Clock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import type { CollectionGraph } from "@waystone/collection/collection";
import { DoubtfulFiles } from "./doubtful-files.ts";
import { looksCut } from "./looks-cut.ts";
import { type ManifestCollections, type OpenedCollections, openCollections } from "./manifest-collections.ts";
import type { Origin } from "./manifest-error.ts";
import { ObjectStore } from "./object-store.ts";
import { type FileContent, parseFile, unreadableFile } from "./parse-file.ts";
import { PositionFinder } from "./position-finder.ts";
import { reportProblems } from "./report-problems.ts";
import { readSource, readStream, type SourceRead } from "./read-source.ts";
import type { TreeFile, TreeFindings } from "./tree-parts.ts";
import { type WatchedFiles, watchFiles } from "./watch-files.ts";

export interface ObjectSourceOptions {
  readonly graph: CollectionGraph;
  /** The -f arguments; "-" is standard input. */
  readonly paths: readonly string[];
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  readonly watch: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ObjectSource extends ManifestCollections {
  /**
   * Where a field ("spec.rules[0].name") of an object in force stands, or else the nearest one above it that is written.
   * Undefined where the file no longer has that version.
   */
  positionOf(kind: string, key: string, fieldPath: string): Origin | undefined;
  /** Stops watching. The collections stay as they are. */
  close(): void;
}

const stdinFile = "<stdin>";

/** Reads everything once, then follows the files. Never rejects for what is in the files or whether they are there. */
export async function openObjectSource(options: ObjectSourceOptions): Promise<ObjectSource> {
  const follower = new FileFollower(options);
  const { paths, stdin } = options;
  if (paths.includes("-") && stdin !== undefined) {
    follower.readStdin(await readStream(stdin, stdinFile), paths.indexOf("-"));
  }
  follower.open();
  return {
    ...follower.collections,
    positionOf: (kind, key, fieldPath) => follower.positionOf(kind, key, fieldPath),
    close: () => follower.close(),
  };
}

class FileFollower {
  readonly #options: ObjectSourceOptions;
  readonly #store = new ObjectStore();
  readonly #opened: OpenedCollections;
  readonly #doubts: DoubtfulFiles;
  readonly #positions: PositionFinder;
  readonly #stopReports: () => void;
  #watched: WatchedFiles | undefined;

  constructor(options: ObjectSourceOptions) {
    this.#options = options;
    this.#opened = openCollections(options.graph);
    this.#doubts = new DoubtfulFiles(options.clock, (files) => this.#believe(files));
    this.#positions = new PositionFinder(this.#store);
    this.#stopReports = reportProblems(this.#opened.collections.problems, options.logger);
  }

  get collections(): ManifestCollections {
    return this.#opened.collections;
  }

  readStdin(read: SourceRead, argument: number): void {
    const source = { file: stdinFile, argument };
    if (read.is === "read") {
      this.#positions.keepText(stdinFile, read.bytes);
      this.#store.putFile(source, parseFile(stdinFile, read.bytes, undefined));
    } else if (read.is === "unreadable") this.#store.putFile(source, unreadableFile(read.problem));
  }

  open(): void {
    const { paths, watch, clock, logger } = this.#options;
    this.#watched = watchFiles({
      paths,
      watch,
      clock,
      logger,
      onFindings: (findings) => this.#follow(findings),
    });
    const { first } = this.#watched;
    for (const [path, problem] of first.problems) this.#store.putPathProblem(path, problem);
    // At the start there is nothing to lose: what is there is read as it is.
    for (const file of first.changed.values()) this.#putBelieved(file);
    this.#settle();
  }

  positionOf(kind: string, key: string, fieldPath: string): Origin | undefined {
    return this.#positions.find(kind, key, fieldPath);
  }

  close(): void {
    this.#watched?.close();
    this.#doubts.close();
    this.#stopReports();
  }

  #follow({ changed, missing, problems }: TreeFindings): void {
    for (const [path, problem] of problems) this.#store.putPathProblem(path, problem);
    for (const file of missing.values()) this.#doubtMissing(file);
    for (const file of changed.values()) this.#read(file);
    this.#settle();
  }

  #read(file: TreeFile): void {
    const read = readSource(file.file, file.path);
    if (read.is === "missing") return this.#doubtMissing(file);
    const content = this.#parse(file, read);
    const isDoubtful =
      (read.is === "read" && looksCut(read.bytes)) ||
      hasErrors(content) ||
      this.#store.losesObjects(file.file, content);
    if (isDoubtful) return this.#doubts.add(file);
    this.#doubts.delete(file.file);
    this.#store.putFile(file, content);
  }

  #doubtMissing(file: TreeFile): void {
    this.#store.fadeFile(file.file);
    this.#doubts.add(file);
  }

  #believe(files: readonly TreeFile[]): void {
    for (const file of files) this.#putBelieved(file);
    this.#settle();
  }

  #putBelieved(file: TreeFile): void {
    const read = readSource(file.file, file.path);
    if (read.is === "missing") this.#store.removeFile(file.file);
    else this.#store.putFile(file, this.#parse(file, read));
  }

  #parse({ file }: TreeFile, read: Exclude<SourceRead, { is: "missing" }>): FileContent {
    return read.is === "read"
      ? parseFile(file, read.bytes, this.#store.content(file))
      : unreadableFile(read.problem);
  }

  #settle(): void {
    this.#opened.write(this.#store.settle());
  }
}

function hasErrors({ unreadable, documents }: FileContent): boolean {
  return (
    unreadable !== undefined ||
    documents.some(
      ({ broken, nameless, objects }) =>
        broken !== undefined || nameless.length > 0 || objects.some(({ object }) => object === undefined),
    )
  );
}
