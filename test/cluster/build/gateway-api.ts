/**
 * The Gateway API's CRDs, from the Go module that publishes them. 1.7.0 can be read but not built here (it asks for Go
 * 1.27), so the modules are downloaded by name and compared with the committed go.sum by ourselves.
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { tryProgram } from "../run-program.ts";
import { builtFolder, isBuilt, sourceFolder } from "./built-files.ts";
import { type GoOptions, goCommand, goEnvironment } from "./go-command.ts";

export type GatewayApiVersion = "v1.6.3" | "v1.7.0";
export type GatewayApiChannel = "standard" | "experimental";

const component = { name: "gateway-api" };
const versions: readonly GatewayApiVersion[] = ["v1.6.3", "v1.7.0"];
const channels: readonly GatewayApiChannel[] = ["standard", "experimental"];
const module = "sigs.k8s.io/gateway-api";

/** The YAML files of a release, as its install manifest has them: apply them with `kubectl apply --server-side -f`. */
export async function gatewayApiCrds(
  version: GatewayApiVersion,
  channel: GatewayApiChannel,
): Promise<readonly string[]> {
  const folder = path.join(builtFolder(component), version, channel);
  if (!existsSync(folder)) throw new Error(`${folder} is not there: run \`npm run cluster -- build\``);
  const files = await readdir(folder);
  // kustomization.yaml lists the others: it is no object of the API server's.
  return files
    .filter((file) => file.endsWith(".yaml") && file !== "kustomization.yaml")
    .sort()
    .map((file) => path.join(folder, file));
}

export function isGatewayApiBuilt(): boolean {
  return isBuilt(component);
}

export async function buildGatewayApi(options: GoOptions): Promise<void> {
  const folder = builtFolder(component);
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    for (const version of versions) {
      await copyCrds(await downloadModule(version, options), path.join(unfinished, version));
    }
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** File by file: the module cache is read-only, its folders too, and a copy of those could not be filled. */
async function copyCrds(moduleFolder: string, target: string): Promise<void> {
  for (const channel of channels) {
    const source = path.join(moduleFolder, "config/crd", channel);
    await mkdir(path.join(target, channel), { recursive: true });
    for (const file of await readdir(source)) {
      await copyFile(path.join(source, file), path.join(target, channel, file));
    }
  }
}

async function downloadModule(version: GatewayApiVersion, options: GoOptions): Promise<string> {
  const sums = await readFile(path.join(sourceFolder(component.name), "go.sum"), "utf8");
  // Not through goCommand: a module that asks for a newer Go is downloaded and unpacked, and then counts as an error.
  const { stdout, stderr } = await tryProgram(["go", "mod", "download", "-json", `${module}@${version}`], {
    cwd: sourceFolder(component.name),
    environment: goEnvironment(options),
  });
  const sum = /"Sum": "(.*)"/.exec(stdout)?.[1];
  if (sum === undefined) throw new Error(`${module} ${version} cannot be downloaded: ${stderr || stdout}`);
  if (!sums.includes(`${module} ${version} ${sum}\n`)) {
    throw new Error(
      `${module} ${version} has the hash ${sum}, which is not the one in go/gateway-api/go.sum`,
    );
  }
  const moduleCache = (await goCommand(["env", "GOMODCACHE"])).trim();
  return path.join(moduleCache, `${module}@${version}`);
}
