import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLayer, pruneLayers } from "./layer-cache.ts";
import type { LayerItem } from "./layer-entries.ts";
import { digestOf } from "./oci-archive.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "waystone-layers-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const items = (text: string): readonly LayerItem[] => [
  { path: "/app/a", mode: 0o644, content: Buffer.from(text) },
  { path: "/app/b", target: "a" },
];

test("the same files are the same bytes, wherever they are made", async () => {
  const first = await openLayer(items("a"), path.join(folder, "one"));
  const second = await openLayer(items("a"), path.join(folder, "two"));
  expect(second.digest).toBe(first.digest);
  expect(readFileSync(second.file).equals(readFileSync(first.file))).toBe(true);
});

test("a layer is described by the hash of its compressed and of its plain bytes", async () => {
  const layer = await openLayer(items("a"), folder);
  const content = readFileSync(layer.file);
  expect(layer).toMatchObject({
    digest: digestOf(content),
    size: content.length,
    diffId: digestOf(gunzipSync(content)),
  });
});

test("what is there is not made again", async () => {
  const { file } = await openLayer(items("a"), folder);
  utimesSync(file, 1, 1);
  await openLayer(items("a"), folder);
  expect(statSync(file).mtimeMs).toBe(1000);
});

test.for([
  ["other content", items("b")],
  [
    "another mode",
    [
      { path: "/app/a", mode: 0o755, content: Buffer.from("a") },
      { path: "/app/b", target: "a" },
    ],
  ],
  [
    "another name",
    [
      { path: "/app/c", mode: 0o644, content: Buffer.from("a") },
      { path: "/app/b", target: "a" },
    ],
  ],
  [
    "another link",
    [
      { path: "/app/a", mode: 0o644, content: Buffer.from("a") },
      { path: "/app/b", target: "b" },
    ],
  ],
] as const)("%s is another layer", async ([, changed]) => {
  const before = await openLayer(items("a"), folder);
  const after = await openLayer(changed, folder);
  expect(after.digest).not.toBe(before.digest);
});

test("two at once make one layer, and leave nothing unfinished", async () => {
  await Promise.all([openLayer(items("a"), folder), openLayer(items("a"), folder)]);
  expect(
    readdirSync(folder)
      .map((name) => name.replace(/^[0-9a-f]+/, ""))
      .sort(),
  ).toEqual([".json", ".tar.gz"]);
});

test("layers of yesterday that the image no longer has are removed", async () => {
  const kept = await openLayer(items("kept"), folder);
  const young = await openLayer(items("young"), folder);
  const old = await openLayer(items("old"), folder);
  for (const { file } of [kept, old]) {
    for (const each of [file, file.replace(".tar.gz", ".json")]) utimesSync(each, 1, 1);
  }
  await pruneLayers(folder, [kept]);
  const left = new Set(
    readdirSync(folder).map((name) => path.join(folder, `${name.split(".", 1)[0]}.tar.gz`)),
  );
  expect(left).toEqual(new Set([kept.file, young.file]));
});
