/** The entries of an image layer: every folder on the way is an entry of its own, once, before what it holds. */
import path from "node:path";
import type { TarEntry } from "./tar.ts";

export interface LayerFile {
  /** Absolute path inside the image. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

export interface LayerLink {
  readonly path: string;
  readonly target: string;
}

export interface LayerFolder {
  readonly path: string;
  readonly mode: number;
}

export type LayerItem = LayerFile | LayerLink | LayerFolder;

/** In the order given; what comes from reading folders is the caller's to sort. */
export function layerEntries(items: readonly LayerItem[]): TarEntry[] {
  const entries: TarEntry[] = [];
  const folders = new Set(["."]);
  const addFolder = (folder: string, mode: number): void => {
    if (folders.has(folder)) return;
    addFolder(path.posix.dirname(folder), 0o755);
    folders.add(folder);
    entries.push({ path: folder, mode });
  };
  for (const item of items) {
    const relative = path.posix.relative("/", item.path);
    if (!("target" in item) && !("content" in item)) {
      addFolder(relative, item.mode);
      continue;
    }
    addFolder(path.posix.dirname(relative), 0o755);
    entries.push({ ...item, path: relative });
  }
  return entries;
}
