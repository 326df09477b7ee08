/** From the checkout to build/waystone.tar: the three layers, and the archive around them. */
import { open, readFile } from "node:fs/promises";
import path from "node:path";
import { repositoryRoot } from "../run-command.ts";
import { finishFile } from "./finish-file.ts";
import { runConfig } from "./image-config.ts";
import { cacheFolderOf, type LayerName, layerNames, readImageContents } from "./image-contents.ts";
import { type CachedLayer, openLayer, pruneLayers } from "./layer-cache.ts";
import { blobPath, describeImage, type OciArchive } from "./oci-archive.ts";
import { fileHeader, padding, tarEnd } from "./tar.ts";

export interface WaystoneImage {
  /** The archive, for `ctr images import`, `docker load` and `npm run cluster -- load`. */
  readonly file: string;
  /** What a pod names: `waystone:0.1.0`. */
  readonly reference: string;
  readonly digest: string;
  readonly layers: readonly NamedLayer[];
}

interface NamedLayer extends CachedLayer {
  readonly name: LayerName;
}

/** Makes only what has changed; the path of the archive, for tests. */
export async function buildWaystoneImage(): Promise<string> {
  return (await buildImageOf(repositoryRoot)).file;
}

export async function buildImageOf(root: string): Promise<WaystoneImage> {
  const contents = await readImageContents(root);
  const cacheFolder = path.join(cacheFolderOf(root), "layers");
  const openNamed = async (name: LayerName): Promise<NamedLayer> => {
    return { name, ...(await openLayer(contents.layers[name], cacheFolder)) };
  };
  const layers = await Promise.all(layerNames.map(openNamed));
  const reference = `waystone:${contents.version}`;
  const archive = describeImage({
    // As containerd and its kin write a name without a registry.
    name: `docker.io/library/${reference}`,
    config: runConfig(contents.labels),
    layers,
  });
  const file = path.join(root, "build/waystone.tar");
  await writeArchive(file, archive, layers);
  await pruneLayers(cacheFolder, layers);
  return { file, reference, digest: archive.digest, layers };
}

async function writeArchive(
  file: string,
  archive: OciArchive,
  layers: readonly CachedLayer[],
): Promise<void> {
  await finishFile(file, async (unfinished) => {
    await using output = await open(unfinished, "wx");
    const put = async (name: string, content: Buffer): Promise<void> => {
      await output.writev([fileHeader(name, content.length), content, padding(content.length)]);
    };
    for (const { path: name, content } of archive.files) await put(name, content);
    for (const { digest, file: layer } of layers) await put(blobPath(digest), await readFile(layer));
    await output.write(tarEnd());
  });
}
