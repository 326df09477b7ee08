/**
 * As much of a checkout as an image is built from, in another folder: the packages, and what is installed for them. Debian's
 * packages go along, because a node's network has no way to them.
 */
import { cp } from "node:fs/promises";
import path from "node:path";
import { productionPackages } from "../../../scripts/image/production-packages.ts";

export async function copyCheckout(from: string, to: string): Promise<void> {
  const installed = productionPackages(from).map(({ folder }) => folder);
  const folders = [
    ".cache/image/debian",
    "packages",
    "node_modules/@waystone",
    `node_modules/node-linux-${process.arch}`,
  ];
  for (const folder of [...folders, ...installed.filter((each) => each.startsWith("node_modules/"))]) {
    await cp(path.join(from, folder), path.join(to, folder), { recursive: true, verbatimSymlinks: true });
  }
}
