/** Which files of a package belong into an image: what can be loaded, and the licences. */
import { readdirSync } from "node:fs";
import path from "node:path";

type Keep = (relativePath: string) => boolean;

/** Relative paths of files, sorted; packages inside a package are packages of their own. */
export function listFiles(folder: string, keep: Keep): readonly string[] {
  const files: string[] = [];
  const visit = (relative: string): void => {
    for (const entry of readdirSync(path.join(folder, relative), { withFileTypes: true })) {
      const each = path.posix.join(relative, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules") visit(each);
      } else if (entry.isFile() && keep(each)) files.push(each);
    }
  };
  visit("");
  return files.toSorted();
}

/** Of a package of others. Only folders at its top are known to be for its developers: `yaml` has code in dist/doc. */
export function isKeptOfDependency(file: string): boolean {
  if (/^(?:LICEN[CS]E|NOTICE|COPYING)/i.test(path.basename(file))) return true;
  if (/^(?:\.github|benchmarks?|coverage|docs?|examples?|tests?|man|browser)\//.test(file)) return false;
  if (/(?:^|\/)\./.test(file)) return false;
  return /\.(?:[cm]?js|json|node|wasm|proto)$/.test(file) && !/\.(?:test|spec)\.[cm]?js$/.test(file);
}

/** Of a package of ours. `crd` is what the CRDs are generated from: nothing loads it at run time. */
export function isKeptOfOurs(file: string): boolean {
  if (file === "package.json") return true;
  if (!file.startsWith("src/") || !/\.(?:ts|js|json)$/.test(file)) return false;
  return !/\.test\.ts$|\.d\.ts$|\/(?:crd|testdata|testing)\/|\/test-[^/]*$/.test(file);
}
