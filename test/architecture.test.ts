/**
 * The rules that hold the repository's shape, read off its sources: the direction of imports, the purity of the engine, time
 * and chance as arguments, names, sizes, and what may be installed.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { allowedArrows, describeArrows, packageOf } from "./architecture/arrows.ts";
import {
  findInCode,
  readImports,
  readSourceFiles,
  root,
  type SourceFile,
} from "./architecture/source-files.ts";
import { stripComments } from "./architecture/strip-comments.ts";

const files = readSourceFiles();
const production = files.filter(
  (file) => file.package !== undefined && !file.isTest && file.package !== "testkit",
);

function offenders(
  among: readonly SourceFile[],
  find: (file: SourceFile) => readonly string[],
): readonly string[] {
  return among.flatMap((file) => find(file));
}

describe("imports", () => {
  test("packages point in one direction", () => {
    const wrong = offenders(files, (file) =>
      file.imports.flatMap(({ specifier, line }) => {
        const to = packageOf(specifier);
        if (to === undefined || mayImport(file, to)) return [];
        return [`${file.path}:${line}: ${file.package ?? "this folder"} may not import ${specifier}`];
      }),
    );
    expect(wrong, describeArrows()).toEqual([]);
  });

  test("a relative import stays in its package and names an existing file", () => {
    const wrong = offenders(files, (file) =>
      file.imports.flatMap(({ specifier, line }) => {
        if (!specifier.startsWith(".")) return [];
        const target = path.posix.join(path.posix.dirname(file.path), specifier);
        const stays = file.package === undefined || target.startsWith(`packages/${file.package}/`);
        if (stays && existsSync(path.join(root, target))) return [];
        return [`${file.path}:${line}: ${specifier} ${stays ? "does not exist" : "leaves its package"}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("properties are checked through testkit/fast-check, which gives them their seed", () => {
    const wrong = offenders(files, (file) =>
      file.imports.flatMap(({ specifier, line }) => {
        if (specifier !== "fast-check" || file.path === "packages/testkit/src/fast-check.ts") return [];
        return [`${file.path}:${line}: import @waystone/testkit/fast-check`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("a package imports only what its package.json names, and Node's own modules by node:", () => {
    const wrong = offenders(production, (file) => {
      const declared = declaredDependencies(file.package ?? "", isForGenerators(file));
      return file.imports.flatMap(({ specifier, line }) => {
        if (specifier.startsWith(".") || specifier.startsWith("node:")) return [];
        const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
        return declared.has(name)
          ? []
          : [`${file.path}:${line}: ${name} is not in packages/${file.package}/package.json`];
      });
    });
    expect(wrong).toEqual([]);
  });

  test("what only generators run (api/src/crd, by TypeBox) is imported elsewhere for its types alone", () => {
    const runs = /^import (?!type )[^;]*["'](?:[^"']*\/)?crd\/[^"']+["']/gm;
    const wrong = offenders(
      production.filter((file) => !isForGenerators(file)),
      (file) => findInCode(file, runs, "write import type"),
    );
    expect(wrong).toEqual([]);
  });

  test("the engine knows nothing of Node: it runs in a browser too", () => {
    const engine = production.filter((file) => file.package === "engine");
    const wrong = offenders(engine, (file) => [
      ...file.imports
        .filter(({ specifier }) => specifier.startsWith("node:"))
        .map((each) => `${file.path}:${each.line}`),
      ...findInCode(file, /\b(?:Buffer|process)\./g, "a global of Node"),
    ]);
    expect(wrong).toEqual([]);
  });
});

describe("code", () => {
  const isOwner = (file: SourceFile): boolean => /^packages\/base\/src\/(clock|rng)\.ts$/.test(file.path);

  test("time and chance are arguments (Clock, Rng of base), so that tests own them", () => {
    const calls =
      /\b(?:Date\.now|setTimeout|setInterval|Math\.random|performance\.now|process\.hrtime)\s*[.(]|\bnew Date\(\)/g;
    const wrong = offenders(
      production.filter((file) => !isOwner(file)),
      (file) => [
        ...findInCode(file, calls, "take a Clock or Rng instead"),
        ...file.imports
          .filter(({ specifier }) => specifier.startsWith("node:timers"))
          .map((each) => `${file.path}:${each.line}`),
      ],
    );
    expect(wrong).toEqual([]);
  });

  test("no text becomes a regular expression outside engine/pattern, where RE2 semantics rule", () => {
    const dynamic = /\bnew RegExp\(\s*(?!["'])/g;
    const mayCompile = [
      /^packages\/engine\/src\/pattern\//,
      // The patterns of Kubernetes' own schemas: they come with Waystone, never from a user.
      /^packages\/controller\/src\/ingest\/schema-node\.ts$/,
    ];
    const elsewhere = production.filter((file) => !mayCompile.some((allowed) => allowed.test(file.path)));
    expect(
      offenders(elsewhere, (file) => findInCode(file, dynamic, "a regular expression made of text")),
    ).toEqual([]);
  });

  test("what only tests use is imported by tests alone", () => {
    const wrong = offenders(production, (file) =>
      file.imports
        .filter(({ specifier }) => /(\/|^)(testing\/|test-)/.test(specifier) || specifier === "vitest")
        .map(({ specifier, line }) => `${file.path}:${line}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  test("nothing is left to do later", () => {
    const marker = new RegExp(["TO", "DO|FIX", "ME|XX", "X"].join(""), "g");
    const wrong = offenders(files, (file) =>
      file.text
        .split("\n")
        .flatMap((line, at) => (line.match(marker) ? [`${file.path}:${at + 1}: ${line.trim()}`] : [])),
    );
    expect(wrong).toEqual([]);
  });
});

describe("files", () => {
  test("names are kebab-case and say what is inside", () => {
    const wrong = files
      .map((file) => file.path)
      .filter((file) => {
        const name = path.basename(file);
        const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.config|\.d)?\.ts$/.test(name);
        return !isKebab || /(^|-)(utils?|helpers?|managers?|common|misc)(-|\.)/.test(name);
      });
    expect(wrong).toEqual([]);
  });

  test("a file has fewer than 500 lines: longer ones hold two ideas", () => {
    const long = files.map((file) => ({ path: file.path, lines: file.text.split("\n").length - 1 }));
    expect(long.filter(({ lines }) => lines >= 500)).toEqual([]);
  });

  test("a package has no index file: imports name the file that has the idea", () => {
    expect(
      files
        .filter((file) => file.package !== undefined && file.path.endsWith("/index.ts"))
        .map((f) => f.path),
    ).toEqual([]);
  });
});

describe("dependencies", () => {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };

  test("none needs an install script", () => {
    const scripted = Object.entries(lock.packages).filter(([, each]) => each.hasInstallScript === true);
    expect(scripted.map(([name]) => name)).toEqual([]);
  });

  test("the lock file has the optional packages of every platform: npm ci refuses one that lacks them", () => {
    const missing = Object.entries(lock.packages).flatMap(([place, each]) =>
      Object.keys(each.optionalDependencies ?? {}).filter(
        (name) =>
          !(`node_modules/${name}` in lock.packages || `${place}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });

  test("the lock file says what, never from where", () => {
    const urls = Object.entries(lock.packages).filter(([, each]) => each.resolved?.startsWith("http"));
    expect(urls.map(([name]) => name)).toEqual([]);
  });
});

describe("the rules' own eyes", () => {
  test("comments are blanked, strings and expressions are not", () => {
    const source = 'const a = "// not"; // yes\nconst b = /\\/\\/"/; /* yes\nyes */ const c = `/* not */`;';
    expect(stripComments(source)).toBe(
      'const a = "// not";       \nconst b = /\\/\\/"/;       \n       const c = `/* not */`;',
    );
  });

  test("all forms of import are seen", () => {
    const source =
      'import { a,\n b } from "x";\nimport "y";\nexport { c } from "z";\nconst d = await import("w");\nimport type { E } from "v";';
    expect(readImports(source).map((each) => each.specifier)).toEqual(["x", "y", "z", "w", "v"]);
  });

  test("there are sources to look at", () => {
    expect(production.length).toBeGreaterThan(10);
  });
});

interface LockedPackage {
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function mayImport(file: SourceFile, to: string): boolean {
  // Tests and the folders beside the packages may use all: they stand above the arrows.
  if (file.package === undefined) return true;
  if (to === file.package) return false;
  if (to === "testkit") return file.isTest;
  return (allowedArrows[file.package] ?? []).includes(to);
}

/** Sources of generated files: nothing that is shipped runs them. */
function isForGenerators(file: SourceFile): boolean {
  return file.path.startsWith("packages/api/src/crd/");
}

function declaredDependencies(name: string, withDevelopment: boolean): ReadonlySet<string> {
  const text = readFileSync(path.join(root, "packages", name, "package.json"), "utf8");
  const { dependencies, devDependencies } = JSON.parse(text) as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  return new Set(Object.keys({ ...dependencies, ...(withDevelopment && devDependencies) }));
}
