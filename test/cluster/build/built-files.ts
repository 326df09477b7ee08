/**
 * Where a component's programs are kept: .cache/cluster/<name>-<hash>, the hash being of all that decides what they are
 * (its go.mod, go.sum, sources, and how we build it). A folder is there whole or not at all.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Component, components, conformanceComponents } from "./components.ts";

const repositoryRoot = path.resolve(import.meta.dirname, "../../..");
export const cacheFolder: string = path.join(repositoryRoot, ".cache/cluster");

/** Changes when the way of building changes in a manner that the component's own description does not show. */
const recipe = 1;

export function sourceFolder(name: string, sources = "test/cluster/go"): string {
  return path.join(repositoryRoot, sources, name);
}

export function builtFolder(component: Pick<Component, "name" | "sources">): string {
  const hash = createHash("sha256").update(JSON.stringify([recipe, process.arch, component]));
  const folder = sourceFolder(component.name, component.sources);
  for (const file of readdirSync(folder).sort()) {
    hash.update(`\n${file}\n`).update(readFileSync(path.join(folder, file)));
  }
  return path.join(cacheFolder, `${component.name}-${hash.digest("hex").slice(0, 16)}`);
}

export function imageArchive(component: Component): string {
  return path.join(builtFolder(component), "image.tar");
}

export function imageArchives(): readonly string[] {
  return components.filter((component) => component.image !== undefined).map(imageArchive);
}

/** Where to look for programs, in the form of a PATH. */
export function programPath(): string {
  return [...components.map(builtFolder), process.env["PATH"] ?? "", "/usr/sbin", "/sbin"].join(":");
}

/** The absolute path of a program of ours. Fails with the command that builds it. */
export function programFile(name: string): string {
  const component = [...components, ...conformanceComponents].find(({ programs }) => name in programs);
  if (component === undefined) throw new Error(`no component builds ${name}`);
  const file = path.join(builtFolder(component), name);
  if (existsSync(file)) return file;
  throw new Error(`${name} is not built as go/${component.name} asks now: run \`npm run cluster -- build\``);
}

export function isBuilt(component: Pick<Component, "name" | "sources">): boolean {
  return existsSync(builtFolder(component));
}

/** `wanted`: what a cluster is made of, unless somebody needs more. */
export function missingComponents(wanted: readonly Component[] = components): readonly Component[] {
  return wanted.filter((component) => !isBuilt(component));
}
