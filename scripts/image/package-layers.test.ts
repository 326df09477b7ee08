/** What is in the upper layers of this checkout's image: all that the code names, and nothing for developers. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "../run-command.ts";
import type { LayerItem } from "./layer-entries.ts";
import { codeLayer, dependenciesLayer } from "./package-layers.ts";
import { productionPackages } from "./production-packages.ts";

let code: readonly LayerItem[];
let dependencies: readonly LayerItem[];
beforeAll(async () => {
  [code, dependencies] = await Promise.all([codeLayer(repositoryRoot), dependenciesLayer(repositoryRoot)]);
});

describe("the packages", () => {
  const names = productionPackages(repositoryRoot).map(({ name }) => name);

  test("are what the command imports, and what that imports", () => {
    expect(names).toEqual(
      expect.arrayContaining(["waystone", "@waystone/kube", "commander", "undici", "@grpc/grpc-js", "long"]),
    );
  });

  test("are none that only developers need", () => {
    const text = readFileSync(path.join(repositoryRoot, "package.json"), "utf8");
    const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
    const unwanted = ["@waystone/testkit", "typebox", "vite", ...Object.keys(devDependencies)];
    expect(names.filter((name) => name !== "waystone" && unwanted.includes(name))).toEqual([]);
  });
});

describe("the code", () => {
  test("has no test, and nothing that a test alone needs", () => {
    const paths = code.map((item) => item.path);
    expect(paths.filter((each) => /\.test\.|testdata|\/testing\/|testkit|bench|\.ts$/.test(each))).toEqual(
      [],
    );
    expect(paths).toContain("/app/packages/cli/src/main.js");
    expect(paths).toContain("/usr/local/bin/waystone");
  });

  test("finds every file of ours that it names", () => {
    const paths = new Set(code.map((item) => item.path));
    const missing = code.flatMap((item) =>
      namedFiles(item).flatMap((file) => (paths.has(file) ? [] : [`${item.path}: ${file}`])),
    );
    expect(missing).toEqual([]);
  });

  test("names no package that is not there", () => {
    const installed = new Set(productionPackages(repositoryRoot).map(({ name }) => name));
    const named = new Set(code.flatMap(namedPackages));
    expect([...named].filter((name) => !installed.has(name))).toEqual([]);
    expect(named).toContain("commander");
  });

  test("links each package of ours by its name", () => {
    const links = code.filter((item) => "target" in item);
    for (const { path: link, target } of links) {
      const folder = path.posix.join(path.posix.dirname(link), target);
      expect(
        code.some((item) => item.path === `${folder}/package.json`),
        link,
      ).toBe(true);
    }
    expect(links.map((item) => item.path)).toContain("/app/node_modules/@waystone/kube");
  });
});

/** What a file of ours imports. */
function specifiersOf(item: LayerItem): readonly string[] {
  if (!("content" in item) || !item.path.startsWith("/app/packages/") || !item.path.endsWith(".js"))
    return [];
  const text = Buffer.from(item.content).toString();
  const found = text.matchAll(/(?:\bfrom|\bimport|\bimport\(|new URL\()\s*"([^"]+)"/g);
  return [...found].map(([, name = ""]) => name);
}

/** The files of the image that the file imports: by relative path, or as part of a package of ours. */
function namedFiles(item: LayerItem): readonly string[] {
  return specifiersOf(item).flatMap((name) => {
    if (name.startsWith(".")) return [path.posix.join(path.posix.dirname(item.path), name)];
    const [, ours, rest] = /^@waystone\/([^/]+)\/(.+)$/.exec(name) ?? [];
    return ours === undefined ? [] : [`/app/packages/${ours}/src/${rest}.js`];
  });
}

/** The packages of others that the file imports. */
function namedPackages(item: LayerItem): readonly string[] {
  const others = specifiersOf(item).filter((name) => /^(?!node:|@waystone\/)[@a-z]/.test(name));
  return others.map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}

describe("the dependencies", () => {
  test("are in the places where they are installed, so that they are found as they are here", () => {
    for (const item of dependencies) {
      expect(existsSync(path.join(repositoryRoot, path.posix.relative("/app", item.path))), item.path).toBe(
        true,
      );
    }
  });

  test("are no sources, types, maps or documents", () => {
    const paths = dependencies.map((item) => item.path);
    expect(paths.filter((each) => /\.(?:[cm]?ts|map|html)$/.test(each))).toEqual([]);
  });

  test("come with their licences", () => {
    const licences = dependencies.filter((item) => /licen[cs]e/i.test(path.posix.basename(item.path)));
    expect(licences.length).toBeGreaterThan(40);
  });
});
