/**
 * Which files the -f arguments stand for, now: files as they are named, folders with all their .yaml, .yml and .json files
 * down to the last subfolder. Hidden files and folders are skipped; links to files are followed, links to folders inside a
 * folder are not (as kubectl does).
 *
 * It looks only where it was told that something happened, and says which files may have changed and which are gone; when to
 * look is watch-files.ts's part.
 */
import { readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { describeFileSystemError } from "./file-system-error.ts";
import { type PathStat, statPath } from "./stat-path.ts";
import {
  emptyFindings,
  type Folder,
  type Leaf,
  type Root,
  rootProblem,
  type Touched,
  type TreeFindings,
  type WatchFolder,
} from "./tree-parts.ts";

const manifestName = /\.(ya?ml|json)$/i;

export class SourceTree {
  readonly #roots: readonly Root[];
  readonly #watchFolder: WatchFolder | undefined;
  readonly #onTouched: () => void;
  readonly #touched = new Map<string, Touched>();
  /** A file that two arguments name is read once. */
  readonly #paths = new Set<string>();
  readonly #stops: (() => void)[] = [];
  #findings: TreeFindings = emptyFindings();

  /** "-" (standard input) is no file. `onTouched` is called when `look` has something to do. */
  constructor(paths: readonly string[], watchFolder: WatchFolder | undefined, onTouched: () => void) {
    this.#watchFolder = watchFolder;
    this.#onTouched = onTouched;
    this.#roots = paths
      .map((label, argument) => ({
        argument,
        label,
        path: path.resolve(label),
        content: undefined,
        files: new Set<string>(),
        problem: undefined,
      }))
      .filter(({ label }) => label !== "-");
  }

  /** The first look: all files are "changed". */
  open(): TreeFindings {
    for (const root of this.#roots) {
      const name = path.basename(root.path);
      const stop = this.#watchFolder?.(path.dirname(root.path), (event) => {
        if (event === null || event === name) this.#touch(`root ${root.argument}`, { root });
      });
      if (stop !== undefined) this.#stops.push(stop);
      this.#lookAtRoot(root);
    }
    return this.#take();
  }

  /** Looks where something happened since the last time. */
  look(): TreeFindings {
    const touched = [...this.#touched.values()];
    this.#touched.clear();
    for (const each of touched) {
      if ("root" in each) this.#lookAtRoot(each.root);
      else if ("leaf" in each) this.#find(each.leaf);
      else this.#lookInFolder(each.folder, each.name);
    }
    return this.#take();
  }

  /** Looks everywhere, whatever events have said. */
  rescan(): TreeFindings {
    for (const root of this.#roots) {
      this.#lookAtRoot(root);
      if (root.content !== undefined && "leaves" in root.content) this.#lookAtAll(root.content);
    }
    return this.look();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const root of this.#roots) this.#drop(root);
  }

  #touch(key: string, touched: Touched): void {
    this.#touched.set(key, touched);
    this.#onTouched();
  }

  #take(): TreeFindings {
    for (const root of this.#roots) {
      const problem = rootProblem(root);
      if (problem?.message !== root.problem?.message) this.#findings.problems.set(root.path, problem);
      root.problem = problem;
    }
    const findings = this.#findings;
    this.#findings = emptyFindings();
    return findings;
  }

  #lookAtRoot(root: Root): void {
    const stat = statPath(root.path);
    const { content } = root;
    if (stat.is === "folder") {
      if (content !== undefined && "leaves" in content && content.identity === stat.identity) return;
      this.#drop(root);
      root.content = this.#openFolder(root, root.label, root.path, stat);
    } else if (stat.is === "missing") this.#drop(root);
    else if (content !== undefined && "file" in content) {
      // A pipe is read once: what it had is gone.
      if (stat.is === "file") this.#refresh(content, stat);
    } else {
      this.#drop(root);
      root.content = this.#addLeaf(root, root.label, root.path, stat);
    }
  }

  #lookInFolder(folder: Folder, name: string | null): void {
    if (name === null) return this.#lookAtAll(folder);
    if (!name.startsWith(".")) return this.#lookAtEntry(folder, name);
    // A mounted ConfigMap changes all its files by moving one hidden link, "..data".
    for (const [file, leaf] of folder.leaves) if (leaf.isLink) this.#lookAtEntry(folder, file);
  }

  #lookAtAll(folder: Folder): void {
    const names = new Set([...this.#list(folder), ...folder.leaves.keys(), ...folder.folders.keys()]);
    for (const name of names) {
      this.#lookAtEntry(folder, name, true);
      const inner = folder.folders.get(name);
      if (inner !== undefined) this.#lookAtAll(inner);
    }
  }

  /** After an event the file is read whatever its stamp says: two writes may fall into one tick of the clock. */
  #lookAtEntry(folder: Folder, name: string, onlyIfStampDiffers = false): void {
    const entryPath = path.join(folder.path, name);
    const stat = statPath(entryPath);
    const leaf = folder.leaves.get(name);
    const inner = folder.folders.get(name);
    if (inner !== undefined && (stat.is !== "folder" || stat.identity !== inner.identity)) {
      folder.folders.delete(name);
      this.#dropFolder(inner);
    }
    if (leaf !== undefined && stat.is !== "file") {
      folder.leaves.delete(name);
      this.#dropLeaf(leaf);
    }
    if (stat.is !== "file") folder.root.files.delete(entryPath);
    const label = path.join(folder.label, name);
    if (stat.is === "folder" && !stat.isLink && !folder.folders.has(name)) {
      folder.folders.set(name, this.#openFolder(folder.root, label, entryPath, stat));
    } else if (stat.is === "file" && leaf !== undefined) {
      if (!onlyIfStampDiffers || leaf.stamp !== stat.stamp) this.#refresh(leaf, stat);
    } else if (stat.is === "file" && manifestName.test(name)) {
      const added = this.#addLeaf(folder.root, label, entryPath, stat);
      if (added !== undefined) folder.leaves.set(name, added);
    }
  }

  #openFolder(root: Root, label: string, folderPath: string, stat: PathStat): Folder {
    const { identity } = stat;
    const folder: Folder = {
      label,
      path: folderPath,
      identity,
      root,
      leaves: new Map(),
      folders: new Map(),
      stopWatch: () => undefined,
    };
    // Watched before it is listed: what appears in between is seen twice rather than never.
    const onEvent = (name: string | null): void =>
      this.#touch(`${folderPath}/${name ?? ""}`, { folder, name });
    folder.stopWatch = this.#watchFolder?.(folderPath, onEvent) ?? folder.stopWatch;
    for (const name of this.#list(folder)) this.#lookAtEntry(folder, name);
    return folder;
  }

  #list(folder: Folder): readonly string[] {
    try {
      const names = readdirSync(folder.path).filter((name) => !name.startsWith("."));
      this.#findings.problems.set(folder.path, undefined);
      return names.sort();
    } catch (error) {
      const { code, problem } = describeFileSystemError(folder.label, error);
      if (code !== "ENOENT") this.#findings.problems.set(folder.path, problem);
      return [];
    }
  }

  #addLeaf(root: Root, file: string, leafPath: string, stat: PathStat): Leaf | undefined {
    root.files.add(leafPath);
    if (this.#paths.has(leafPath)) return undefined;
    this.#paths.add(leafPath);
    const { argument } = root;
    const leaf = {
      file,
      path: leafPath,
      argument,
      root,
      stamp: "",
      stopLinkWatch: undefined,
      isLink: stat.isLink,
    };
    this.#refresh(leaf, stat);
    return leaf;
  }

  #refresh(leaf: Leaf, stat: PathStat): void {
    leaf.stamp = stat.stamp;
    leaf.isLink = stat.isLink;
    leaf.stopLinkWatch?.();
    leaf.stopLinkWatch = stat.isLink ? this.#watchTarget(leaf) : undefined;
    this.#find(leaf);
  }

  /** Writes to what a link leads to are events of another folder. */
  #watchTarget(leaf: Leaf): (() => void) | undefined {
    if (this.#watchFolder === undefined) return undefined;
    try {
      const target = realpathSync(leaf.path);
      const name = path.basename(target);
      return this.#watchFolder(path.dirname(target), (event) => {
        if (event === null || event === name) this.#touch(`leaf ${leaf.path}`, { leaf });
      });
    } catch {
      // Gone since it was looked at: the event of that is on its way.
      return undefined;
    }
  }

  #find({ file, path: leafPath, argument }: Leaf): void {
    this.#findings.missing.delete(file);
    this.#findings.changed.set(file, { file, path: leafPath, argument });
  }

  #drop(root: Root): void {
    const { content } = root;
    root.content = undefined;
    if (content === undefined) return;
    if ("leaves" in content) this.#dropFolder(content);
    else this.#dropLeaf(content);
  }

  #dropFolder(folder: Folder): void {
    folder.stopWatch();
    this.#findings.problems.set(folder.path, undefined);
    for (const leaf of folder.leaves.values()) this.#dropLeaf(leaf);
    for (const inner of folder.folders.values()) this.#dropFolder(inner);
  }

  #dropLeaf({ file, path: leafPath, argument, root, stopLinkWatch }: Leaf): void {
    stopLinkWatch?.();
    root.files.delete(leafPath);
    this.#paths.delete(leafPath);
    this.#findings.changed.delete(file);
    this.#findings.missing.set(file, { file, path: leafPath, argument });
  }
}
