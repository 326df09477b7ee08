/** The files of the image as plain files, `FOLDER/<layer>/...`: for engines, and for looking at. */
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { layerNames, readImageContents } from "./image-contents.ts";
import { type LayerItem, layerEntries } from "./layer-entries.ts";

/** `folder` is made; it must not hold a tree already. */
export async function writeTree(repositoryRoot: string, folder: string): Promise<void> {
  const { layers } = await readImageContents(repositoryRoot);
  for (const name of layerNames) await writeLayer(layers[name], path.join(folder, name));
}

export async function writeLayer(items: readonly LayerItem[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const entry of layerEntries(items)) {
    const place = path.join(folder, entry.path);
    if ("target" in entry) await symlink(entry.target, place);
    else if ("content" in entry) await writeFile(place, entry.content, { flag: "wx" });
    else await mkdir(place);
    // Whatever the umask says.
    if ("mode" in entry) await chmod(place, entry.mode);
  }
}
