/** Builds one component with Go into a new folder, and moves that into its place when all of it is there. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildImage } from "../image.ts";
import { builtFolder, sourceFolder } from "./built-files.ts";
import type { Component } from "./components.ts";
import { type GoOptions, goCommand } from "./go-command.ts";
import { requiredVersion } from "./required-version.ts";

export async function buildComponent(component: Component, options: GoOptions): Promise<void> {
  const folder = builtFolder(component);
  const unfinished = `${folder}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  try {
    await compile(component, unfinished, options);
    if (component.image !== undefined) await writeImage(component, component.image, unfinished);
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function compile(component: Component, output: string, options: GoOptions): Promise<void> {
  const source = sourceFolder(component.name, component.sources);
  const flags = [
    ...(options.gentle === true ? ["-p", "1"] : []),
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    ...(component.tags === undefined ? [] : ["-tags", component.tags]),
    "-ldflags",
    linkerFlags(component, await readFile(path.join(source, "go.mod"), "utf8")),
  ];
  const programs = Object.entries(component.programs);
  const [only] = programs;
  // One call for all programs of a module: what they share is compiled once. go names them by their folder.
  const target =
    programs.length === 1 && only !== undefined ? path.join(output, only[0]) : `${output}${path.sep}`;
  const packages = programs.map(([, goPackage]) => goPackage);
  await goCommand(["build", ...flags, "-o", target, ...packages], { ...options, cwd: source });
}

function linkerFlags(component: Component, goMod: string): string {
  const version = component.module === undefined ? "" : requiredVersion(goMod, component.module);
  const values = {
    ...Object.fromEntries((component.versionVariables ?? []).map((variable) => [variable, version])),
    ...component.linkValues,
  };
  return ["-s", "-w", ...Object.entries(values).map(([variable, value]) => `-X ${variable}=${value}`)].join(
    " ",
  );
}

async function writeImage(
  component: Component,
  image: NonNullable<Component["image"]>,
  folder: string,
): Promise<void> {
  const files = await Promise.all(
    Object.keys(component.programs).map(async (program) => ({
      path: `/${program}`,
      content: await readFile(path.join(folder, program)),
    })),
  );
  await writeFile(path.join(folder, "image.tar"), buildImage({ ...image, files }));
}
