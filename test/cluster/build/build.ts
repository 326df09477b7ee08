/** `build`: makes what is missing, one component after the other (Go itself uses all cores), and says how long each took. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { requireMachine } from "../doctor.ts";
import { buildComponent } from "./build-component.ts";
import { cacheFolder, missingComponents } from "./built-files.ts";
import { buildGatewayApi, isGatewayApiBuilt } from "./gateway-api.ts";
import type { Component } from "./components.ts";
import type { GoOptions } from "./go-command.ts";

interface Part {
  readonly name: string;
  build(options: GoOptions): Promise<void>;
}

/** `wanted`: what a cluster is made of, unless somebody needs more. */
export async function buildCluster(options: GoOptions, wanted?: readonly Component[]): Promise<void> {
  removeUnfinished();
  const parts: readonly Part[] = [
    ...(isGatewayApiBuilt() ? [] : [{ name: "gateway-api", build: buildGatewayApi }]),
    ...missingComponents(wanted).map((component) => ({
      name: component.name,
      build: async (options: GoOptions) => await buildComponent(component, options),
    })),
  ];
  if (parts.length > 0) await requireMachine("build");
  for (const part of parts) {
    const start = performance.now();
    process.stdout.write(`building ${part.name} ... `);
    await part.build(options);
    console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  console.log(`all parts of the cluster are built, in ${cacheFolder}`);
}

/** Folders of builds that were interrupted: they end in the id of a process that is no more. */
function removeUnfinished(): void {
  if (!existsSync(cacheFolder)) return;
  for (const name of readdirSync(cacheFolder)) {
    const builder = /\.(\d+)$/.exec(name)?.[1];
    if (builder === undefined || existsSync(`/proc/${builder}`)) continue;
    rmSync(path.join(cacheFolder, name), { recursive: true, force: true });
  }
}
