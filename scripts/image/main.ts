/**
 * `npm run image`: builds build/waystone.tar, and says what it is. `npm run image -- --tree FOLDER` writes the same files, a
 * folder for each layer, for the Dockerfile to copy.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { buildImageOf } from "./build-waystone-image.ts";
import { repositoryRoot } from "../run-command.ts";
import { writeTree } from "./write-tree.ts";

async function printImage(): Promise<void> {
  const start = performance.now();
  const { file, reference, digest, layers } = await buildImageOf(repositoryRoot);
  for (const { name, size } of layers) console.log(`${name.padEnd(14)}${megabytes(size)}`);
  console.log(`${"all".padEnd(14)}${megabytes(layers.reduce((sum, { size }) => sum + size, 0))}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${reference} ${digest}`);
  console.log(`${path.relative(process.cwd(), file)} in ${seconds} s`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2).padStart(6)} MB`;
}

// Node's own warning that stripTypeScriptTypes may change is for us, not for whoever builds.
process.removeAllListeners("warning");
try {
  const { values } = parseArgs({ options: { tree: { type: "string" } } });
  if (values.tree === undefined) await printImage();
  else await writeTree(repositoryRoot, values.tree);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
