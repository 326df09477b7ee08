/**
 * Which packages the command `waystone` needs at run time: its dependencies, theirs, and so on, found as Node finds them.
 * What only tests, builds and checks need is not among them.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

export interface InstalledPackage {
  readonly name: string;
  /** Relative to the repository: `packages/kube`, `node_modules/undici`. */
  readonly folder: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Sorted by folder: ours are those under `packages/`. */
export function productionPackages(repositoryRoot: string, start = "packages/cli"): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const visit = (name: string, folder: string): void => {
    if (found.has(folder)) return;
    found.set(folder, { name, folder });
    const absolute = path.join(repositoryRoot, folder);
    const { dependencies = {} } = JSON.parse(
      readFileSync(path.join(absolute, "package.json"), "utf8"),
    ) as Manifest;
    for (const each of Object.keys(dependencies)) visit(each, resolvePackage(each, folder, repositoryRoot));
  };
  visit("waystone", start);
  return [...found.values()].toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

function resolvePackage(name: string, from: string, repositoryRoot: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const place = path.join(repositoryRoot, folder, "node_modules", name);
    if (existsSync(place)) return path.relative(realpathSync(repositoryRoot), realpathSync(place));
    if (folder === ".") throw new Error(`${name}, which ${from} needs, is not installed: run \`npm ci\``);
  }
}
