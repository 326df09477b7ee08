/** The repository's TypeScript sources as the architecture rules see them: where a file belongs, its code, its imports. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { stripComments } from "./strip-comments.ts";

export const root: string = path.resolve(import.meta.dirname, "../..");

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  /** The folder under packages/; undefined for test/, examples/, scripts/. */
  readonly package: string | undefined;
  /** A test, or what tests alone use: the folder testing/ of a package, files test-*.ts. */
  readonly isTest: boolean;
  readonly text: string;
  /** The text without its comments, line for line. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const roots = ["packages/*/src/**/*.ts", "test/**/*.ts", "examples/**/*.ts", "scripts/**/*.ts"];

export function readSourceFiles(): readonly SourceFile[] {
  return globSync([...roots], { cwd: root, exclude: ["**/node_modules", "**/gen"] })
    .map((file) => file.replaceAll(path.sep, "/"))
    .filter((file) => !file.includes("/gen/"))
    .sort()
    .map(readSourceFile);
}

function readSourceFile(file: string): SourceFile {
  const text = readFileSync(path.join(root, file), "utf8");
  const code = stripComments(text);
  return {
    path: file,
    package: /^packages\/([^/]+)\/src\//.exec(file)?.[1],
    isTest: /\.test\.ts$|\/test(ing|data)\/|\/test-[^/]+\.ts$/.test(file),
    text,
    code,
    imports: readImports(code),
  };
}

/** Static, dynamic, re-exported, for side effects, types too: a type's arrow is an arrow. */
export function readImports(code: string): readonly Import[] {
  const statement =
    /(?:^|\n)\s*(?:import|export)\b[^;"'`]*?from\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;
  return [...code.matchAll(statement)].map((found) => ({
    specifier: found[1] ?? found[2] ?? "",
    line: lineAt(code, found.index + found[0].length),
  }));
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** "path:line: what" for every place where the pattern (global) is found in the code. */
export function findInCode(file: SourceFile, pattern: RegExp, what: string): readonly string[] {
  return [...file.code.matchAll(pattern)].map((found) => {
    const start = found.index + found[0].length - found[0].trimStart().length;
    return `${file.path}:${lineAt(file.code, start)}: ${what}`;
  });
}
