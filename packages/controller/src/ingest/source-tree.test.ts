/** The tree without any events: what a look everywhere finds when events were lost. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SourceTree } from "./source-tree.ts";
import type { TreeFindings } from "./tree-parts.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "waystone-tree-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => path.join(folder, name);

function show({ changed, missing }: TreeFindings): { changed: string[]; missing: string[] } {
  const names = (files: Iterable<string>): string[] =>
    [...files].map((file) => path.relative(folder, file)).toSorted();
  return { changed: names(changed.keys()), missing: names(missing.keys()) };
}

test("a look everywhere finds what was written, added, removed, moved and replaced, and nothing else", () => {
  mkdirSync(at("sub/inner"), { recursive: true });
  for (const name of ["same.yaml", "written.yaml", "removed.yaml", "sub/inner/moved.yaml"])
    writeFileSync(at(name), "");
  const tree = new SourceTree([folder], undefined, () => undefined);
  tree.open();
  writeFileSync(at("written.yaml"), "longer");
  writeFileSync(at("added.yaml"), "");
  unlinkSync(at("removed.yaml"));
  renameSync(at("sub/inner"), at("sub/outer"));
  expect(show(tree.rescan())).toEqual({
    changed: ["added.yaml", "sub/outer/moved.yaml", "written.yaml"],
    missing: ["removed.yaml", "sub/inner/moved.yaml"],
  });
  expect(show(tree.rescan())).toEqual({ changed: [], missing: [] });
});

test("a file that becomes a folder of that name, and a folder that becomes a file, are seen as what they are", () => {
  writeFileSync(at("a.yaml"), "");
  mkdirSync(at("b.yaml"));
  writeFileSync(at("b.yaml/c.yaml"), "");
  const tree = new SourceTree([folder], undefined, () => undefined);
  tree.open();
  unlinkSync(at("a.yaml"));
  mkdirSync(at("a.yaml"));
  writeFileSync(at("a.yaml/d.yaml"), "");
  rmSync(at("b.yaml"), { recursive: true });
  writeFileSync(at("b.yaml"), "");
  expect(show(tree.rescan())).toEqual({
    changed: ["a.yaml/d.yaml", "b.yaml"],
    missing: ["a.yaml", "b.yaml/c.yaml"],
  });
});

test("events of one name are one look, and only there", () => {
  writeFileSync(at("a.yaml"), "");
  writeFileSync(at("b.yaml"), "");
  const watched = new Map<string, (name: string | null) => void>();
  let touches = 0;
  const watch = (where: string, onEvent: (name: string | null) => void): (() => void) => {
    watched.set(where, onEvent);
    return () => watched.delete(where);
  };
  const tree = new SourceTree([folder], watch, () => touches++);
  tree.open();
  for (let count = 0; count < 3; count++) watched.get(folder)?.("a.yaml");
  expect(touches).toBe(3);
  expect(show(tree.look())).toEqual({ changed: ["a.yaml"], missing: [] });
  expect(show(tree.look())).toEqual({ changed: [], missing: [] });
  tree.close();
  expect(watched.size).toBe(0);
});
