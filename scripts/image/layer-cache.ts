/**
 * Layers, compressed once and kept by what is in them: after a change of our code only the smallest one is made again.
 * gzip, because every engine and registry knows it.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { finishFile } from "./finish-file.ts";
import { type LayerItem, layerEntries } from "./layer-entries.ts";
import { digestOf, type OciLayer } from "./oci-archive.ts";
import { buildTar, type TarEntry } from "./tar.ts";

export interface CachedLayer extends OciLayer {
  /** Where its compressed bytes are. */
  readonly file: string;
}

/** Changes when the same entries are to become other bytes. */
const recipe = 1;
const archiveSuffix = ".tar.gz";
const dayMs = 24 * 60 * 60 * 1000;

export async function openLayer(items: readonly LayerItem[], cacheFolder: string): Promise<CachedLayer> {
  const entries = layerEntries(items);
  const base = path.join(cacheFolder, keyOf(entries));
  const description = `${base}.json`;
  if (!existsSync(description)) await compress(entries, base);
  return { ...(JSON.parse(await readFile(description, "utf8")) as OciLayer), file: base + archiveSuffix };
}

/** Removes what is of no image of today: every change of the code leaves a layer behind. */
export async function pruneLayers(cacheFolder: string, kept: readonly CachedLayer[]): Promise<void> {
  const keep = new Set(kept.map(({ file }) => path.basename(file, archiveSuffix)));
  for (const name of await readdir(cacheFolder)) {
    const file = path.join(cacheFolder, name);
    if (keep.has(name.split(".", 1)[0] ?? "")) continue;
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > dayMs) await rm(file, { force: true });
  }
}

/** The description comes last: where it is, the layer is whole. */
async function compress(entries: readonly TarEntry[], base: string): Promise<void> {
  const tar = buildTar(entries);
  const content = await promisify(gzip)(tar, { level: 6 });
  const layer: OciLayer = {
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    digest: digestOf(content),
    size: content.length,
    diffId: digestOf(tar),
  };
  await finishFile(base + archiveSuffix, async (file) => await writeFile(file, content));
  await finishFile(`${base}.json`, async (file) => await writeFile(file, JSON.stringify(layer)));
}

function keyOf(entries: readonly TarEntry[]): string {
  const hash = createHash("sha256").update(JSON.stringify([recipe, process.versions.zlib]));
  for (const { path: name, ...entry } of entries) {
    const mode = "mode" in entry ? entry.mode : 0;
    const content = "content" in entry ? digestOf(entry.content) : "";
    const target = "target" in entry ? entry.target : "";
    hash.update(JSON.stringify([name, mode, content, target]));
  }
  return hash.digest("hex").slice(0, 32);
}
