/** The upper layers: what others wrote, which changes with the lock file, and what we wrote, which changes every day. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { appFolder, launcherPath } from "./image-config.ts";
import { isKeptOfDependency, isKeptOfOurs, listFiles } from "./kept-files.ts";
import type { LayerFile, LayerItem } from "./layer-entries.ts";
import { type InstalledPackage, productionPackages } from "./production-packages.ts";
import { toJavaScript } from "./to-javascript.ts";

const isOurs = ({ folder }: InstalledPackage): boolean => folder.startsWith("packages/");

export async function dependenciesLayer(repositoryRoot: string): Promise<LayerItem[]> {
  const packages = productionPackages(repositoryRoot).filter((each) => !isOurs(each));
  return await packageFiles(repositoryRoot, packages, isKeptOfDependency);
}

export async function codeLayer(repositoryRoot: string): Promise<LayerItem[]> {
  const packages = productionPackages(repositoryRoot).filter(isOurs);
  const launcher = await readFile(path.join(import.meta.dirname, "launch.js"));
  return [
    { path: launcherPath, mode: 0o755, content: launcher },
    ...toJavaScript(await packageFiles(repositoryRoot, packages, isKeptOfOurs)),
    // The names by which they import each other.
    ...packages.map(({ name, folder }) => {
      const link = path.posix.join("node_modules", name);
      return {
        path: path.posix.join(appFolder, link),
        target: path.posix.relative(path.posix.dirname(link), folder),
      };
    }),
  ];
}

async function packageFiles(
  repositoryRoot: string,
  packages: readonly InstalledPackage[],
  isKept: (file: string) => boolean,
): Promise<LayerFile[]> {
  const names = packages.flatMap(({ folder }) =>
    listFiles(path.join(repositoryRoot, folder), isKept).map((file) => path.posix.join(folder, file)),
  );
  return await Promise.all(
    names.map(async (name) => ({
      path: path.posix.join(appFolder, name),
      mode: 0o644,
      content: await readFile(path.join(repositoryRoot, name)),
    })),
  );
}
