/** From the checkout to build/waystone.tar: the three layers, and the archive around them. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { repositoryRoot } from "../run-command.ts";
import { runConfig } from "./image-config.ts";
import { cacheFolderOf, type LayerName, layerNames, readImageContents } from "./image-contents.ts";
import { type CachedLayer, openLayer } from "./layer-cache.ts";
import { blobPath, describeImage, type OciArchive } from "./oci-archive.ts";
import { fileHeader, padding, tarEnd } from "./tar.ts";

export interface WaystoneImage {
  /** The archive, for `ctr images import`, `docker load` and `npm run cluster -- load`. */
  readonly file: string;
  /** What a pod names: `waystone:0.1.0`. */
  readonly reference: string;
  readonly digest: string;
  readonly layers: readonly { readonly name: LayerName; readonly layer: CachedLayer }[];
}

/** Makes only what has changed; the path of the archive, for tests. */
export async function buildWaystoneImage(): Promise<string> {
  return (await buildImageOf(repositoryRoot)).file;
}

export async function buildImageOf(root: string): Promise<WaystoneImage> {
  const contents = await readImageContents(root);
  const cacheFolder = path.join(cacheFolderOf(root), "layers");
  const layers = await Promise.all(
    layerNames.map(async (name) => ({ name, layer: await openLayer(contents.layers[name], cacheFolder) })),
  );
  const reference = `waystone:${contents.version}`;
  const archive = describeImage({
    // As containerd and its kin write a name without a registry.
    name: `docker.io/library/${reference}`,
    config: runConfig(contents.labels),
    layers: layers.map(({ layer }) => layer),
  });
  const file = path.join(root, "build/waystone.tar");
  await writeArchive(
    file,
    archive,
    layers.map(({ layer }) => layer),
  );
  return { file, reference, digest: archive.digest, layers };
}

/** Under its name only when all of it is there: others may be reading the one before. */
async function writeArchive(
  file: string,
  archive: OciArchive,
  layers: readonly CachedLayer[],
): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const output = await open(unfinished, "w");
  const put = async (name: string, content: Buffer): Promise<void> => {
    await output.writev([fileHeader(name, content.length), content, padding(content.length)]);
  };
  try {
    for (const { path: name, content } of archive.files) await put(name, content);
    for (const { digest, file: layer } of layers) await put(blobPath(digest), await readFile(layer));
    await output.write(tarEnd());
  } finally {
    await output.close();
  }
  await rename(unfinished, file);
}
