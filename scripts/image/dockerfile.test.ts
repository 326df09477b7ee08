/** The Dockerfile and `npm run image` make the same image. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../run-command.ts";
import { runConfig } from "./image-config.ts";
import { layerNames, staticLabels } from "./image-contents.ts";
import { parseInstructions, parseLastStage, parsePairs } from "./parse-dockerfile.ts";

const text = readFileSync(path.join(repositoryRoot, "Dockerfile"), "utf8");
const stage = parseLastStage(text);
const config = runConfig({});

function valuesOf(name: string): readonly string[] {
  return stage.filter((each) => each.name === name).map(({ value }) => value);
}

describe("the Dockerfile", () => {
  test("starts from nothing and copies the layers in their order, and nothing else", () => {
    expect(valuesOf("FROM")).toEqual(["scratch"]);
    expect(valuesOf("COPY")).toEqual(layerNames.map((name) => `--from=build /image/${name}/ /`));
    expect(stage.filter(({ name }) => name === "RUN" || name === "ADD")).toEqual([]);
  });

  test("has the layers' files listed by the program that lists them for the archive", () => {
    const runs = parseInstructions(text).filter(({ name }) => name === "RUN");
    expect(runs.map(({ value }) => value)).toEqual([
      "npm ci --omit=dev && bin/node scripts/image/main.ts --tree /image",
    ]);
  });

  test("has the same user, environment, folder and entrypoint", () => {
    expect(valuesOf("USER")).toEqual([config.User]);
    expect(valuesOf("WORKDIR")).toEqual([config.WorkingDir]);
    const environment = Object.assign({}, ...valuesOf("ENV").map(parsePairs)) as Record<string, string>;
    expect(Object.entries(environment).map(([name, value]) => `${name}=${value}`)).toEqual(config.Env);
    expect(valuesOf("ENTRYPOINT").map((value) => JSON.parse(value) as unknown)).toEqual([config.Entrypoint]);
    expect(valuesOf("CMD")).toEqual([]);
  });

  test("has the labels that no build needs to find out", () => {
    expect(valuesOf("LABEL").map(parsePairs)).toEqual([staticLabels]);
  });

  test("is given no built, installed or cached file, and all that the image is made of", () => {
    const ignored = readFileSync(path.join(repositoryRoot, ".dockerignore"), "utf8").split("\n");
    expect(ignored).toEqual(expect.arrayContaining([".git", ".cache", "build", "**/node_modules"]));
    for (const needed of ["bin", "packages", "scripts", "package.json", "package-lock.json"]) {
      expect(ignored).not.toContain(needed);
    }
  });
});
