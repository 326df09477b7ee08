/** What a tree of manifest files is made of, and what a look at it finds. */
import type { ManifestError } from "./manifest-error.ts";

export interface TreeFile {
  /** As people know it: the argument, and the path below it. */
  readonly file: string;
  readonly path: string;
  /** Which -f it came by. */
  readonly argument: number;
}

export interface TreeFindings {
  /** To be read again, by name. */
  readonly changed: Map<string, TreeFile>;
  readonly missing: Map<string, TreeFile>;
  /** By path; undefined: the problem is over. */
  readonly problems: Map<string, ManifestError | undefined>;
}

/** Told of every folder that matters; returns how to stop. `name` is null where the system does not say. */
export type WatchFolder = (folder: string, onEvent: (name: string | null) => void) => () => void;

export interface Leaf extends TreeFile {
  readonly root: Root;
  stamp: string;
  stopLinkWatch: (() => void) | undefined;
  isLink: boolean;
}

export interface Folder {
  readonly label: string;
  readonly path: string;
  readonly identity: string;
  readonly root: Root;
  readonly leaves: Map<string, Leaf>;
  readonly folders: Map<string, Folder>;
  stopWatch: () => void;
}

export interface Root {
  readonly argument: number;
  readonly label: string;
  readonly path: string;
  content: Leaf | Folder | undefined;
  /** Paths of its manifests, those that an earlier argument has included. */
  readonly files: Set<string>;
  problem: ManifestError | undefined;
}

/** A folder entry, an argument, or a file that a link leads to. */
export type Touched =
  | { readonly folder: Folder; readonly name: string | null }
  | { readonly root: Root }
  | { readonly leaf: Leaf };

export function emptyFindings(): TreeFindings {
  return { changed: new Map(), missing: new Map(), problems: new Map() };
}

export function rootProblem({ label, content, files }: Root): ManifestError | undefined {
  if (content === undefined) return { file: label, message: "no such file or folder" };
  if (files.size > 0 || !("leaves" in content)) return undefined;
  const hint = "files that end in .yaml, .yml or .json are read; hidden ones are not";
  return { file: label, message: "has no manifests", hint };
}
