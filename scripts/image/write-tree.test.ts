import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LayerItem, layerEntries } from "./layer-entries.ts";
import { writeLayer } from "./write-tree.ts";

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "waystone-tree-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

const items: readonly LayerItem[] = [
  { path: "/tmp", mode: 0o1777 },
  { path: "/usr/local/bin/program", mode: 0o755, content: Buffer.from("a program") },
  { path: "/app/alias", target: "../usr/local/bin/program" },
];

test("a tree is the entries of the layer's archive, each with its mode whatever the umask", async () => {
  const folder = path.join(scratch, "layer");
  await writeLayer(items, folder);
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => {
    const place = path.join(folder, name);
    const entry = lstatSync(place);
    if (entry.isSymbolicLink()) return { path: name, target: readlinkSync(place) };
    const mode = entry.mode & 0o7777;
    return { path: name, mode, ...(entry.isFile() ? { content: readFileSync(place) } : {}) };
  });
  const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
    a.path < b.path ? -1 : 1;
  expect(found.toSorted(byPath)).toEqual(layerEntries(items).toSorted(byPath));
});

test("a second tree is not mixed into a first", async () => {
  await writeLayer(items, scratch);
  await expect(writeLayer(items, scratch)).rejects.toThrow("EEXIST");
});
