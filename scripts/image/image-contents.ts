/** All that is in the image, by layer: what the archive is made of, and the tree that the Dockerfile copies. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { openDebianPackages } from "./debian-packages.ts";
import type { LayerItem } from "./layer-entries.ts";
import { codeLayer, dependenciesLayer } from "./package-layers.ts";
import { runtimeLayer } from "./runtime-layer.ts";

/** From what changes least to what changes most. */
export const layerNames = ["runtime", "dependencies", "code"] as const;
export type LayerName = (typeof layerNames)[number];

/** The labels that the Dockerfile has too; the others say what was found. */
export const staticLabels: Readonly<Record<string, string>> = {
  "org.opencontainers.image.title": "waystone",
  "org.opencontainers.image.licenses": "Apache-2.0",
};

export interface ImageContents {
  readonly version: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly layers: Readonly<Record<LayerName, readonly LayerItem[]>>;
}

export function cacheFolderOf(repositoryRoot: string): string {
  return path.join(repositoryRoot, ".cache/image");
}

export async function readImageContents(repositoryRoot: string): Promise<ImageContents> {
  const packages = await openDebianPackages(path.join(cacheFolderOf(repositoryRoot), "debian"));
  const [runtime, dependencies, code] = await Promise.all([
    runtimeLayer({ repositoryRoot, packages }),
    dependenciesLayer(repositoryRoot),
    codeLayer(repositoryRoot),
  ]);
  const version = readVersion(path.join(repositoryRoot, "packages/cli"));
  const libraries = packages.map((each) => `${each.name}=${each.version}`).join(" ");
  return {
    version,
    labels: {
      ...staticLabels,
      "org.opencontainers.image.version": version,
      "waystone.dev/node": readVersion(
        path.join(repositoryRoot, "node_modules", `node-linux-${process.arch}`),
      ),
      "waystone.dev/debian-packages": libraries,
    },
    layers: { runtime, dependencies, code },
  };
}

function readVersion(folder: string): string {
  const text = readFileSync(path.join(folder, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
