/** What is at a path: a file, a folder, something else, nothing. */
import { lstatSync, type Stats, statSync } from "node:fs";

export interface PathStat {
  readonly is: "file" | "folder" | "other" | "missing";
  /** The path itself is a symbolic link; `is` tells what it leads to. */
  readonly isLink: boolean;
  /** Differs when the content may differ. */
  readonly stamp: string;
  /** Stays the same while it is the same file or folder. */
  readonly identity: string;
}

const nothing: PathStat = { is: "missing", isLink: false, stamp: "", identity: "" };

export function statPath(path: string): PathStat {
  try {
    const own = lstatSync(path);
    const stats = own.isSymbolicLink() ? statSync(path) : own;
    // A folder made anew may get the number of the one that is gone: the time of its birth tells them apart.
    const identity = `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`;
    const stamp = `${identity}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.size}`;
    return { is: kindOf(stats), isLink: own.isSymbolicLink(), stamp, identity };
  } catch (error) {
    const { code } = error as { code?: string };
    // What is in the way of looking is in the way of reading too, and that says what it is.
    return code === "ENOENT" || code === "ENOTDIR" ? nothing : { ...nothing, is: "file" };
  }
}

function kindOf(stats: Stats): PathStat["is"] {
  return stats.isFile() ? "file" : stats.isDirectory() ? "folder" : "other";
}
