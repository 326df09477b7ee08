/**
 * The C and C++ libraries that Node needs, from Debian's packages: apt checks their signatures, and what a security update
 * brings is in the next image. They are the newest that the machine's apt knows of, and the image's labels say which; two
 * builds are the same bytes as long as apt names the same versions.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { finishFile } from "./finish-file.ts";
import { runProgram } from "./run-program.ts";

export const packageNames = [
  "base-files",
  "gcc-12-base",
  "libatomic1",
  "libc6",
  "libgcc-s1",
  "libstdc++6",
] as const;

/** Without a way out it should say so, not hang. */
const patience = [
  "-o",
  "Acquire::Retries=1",
  "-o",
  "Acquire::http::Timeout=15",
  "-o",
  "Acquire::https::Timeout=15",
];

export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** Its files, unpacked. */
  readonly folder: string;
  /** Its entry for the list of installed packages (dpkg's control file). */
  readonly control: string;
}

/** From the cache when apt's newest versions are there; by download otherwise. */
export async function openDebianPackages(cacheFolder: string): Promise<readonly DebianPackage[]> {
  try {
    return await openNewest(cacheFolder);
  } catch {
    // A machine that never asked knows no versions, and one that asked long ago knows some that are gone.
  }
  try {
    await runProgram("apt-get", [...patience, "update", "-qq"]);
    return await openNewest(cacheFolder);
  } catch (error) {
    throw new Error(explain(error), { cause: error });
  }
}

function explain(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `the image's C libraries come from Debian's packages, and apt has brought none: ${reason}. Build on Debian 12 as root, or with a container engine: docker build .`;
}

async function openNewest(cacheFolder: string): Promise<readonly DebianPackage[]> {
  const versions = parsePolicy(await runProgram("apt-cache", ["policy", ...packageNames]));
  return await Promise.all(
    packageNames.map(async (name) => {
      const version = versions.get(name);
      if (version === undefined) throw new Error(`apt-cache policy ${name}: no version can be downloaded`);
      const folder = path.join(cacheFolder, `${name}_${version.replaceAll(":", "%")}_${process.arch}`);
      if (!existsSync(folder)) await download(name, version, folder);
      const control = await readFile(path.join(folder, "DEBIAN/control"), "utf8");
      return { name, version, folder, control };
    }),
  );
}

/**
 * Package -> newest version, of those that a repository has: `apt-cache policy` names, under a version, the places it can be
 * had from, and an installed version without a place besides /var/lib/dpkg/status cannot be downloaded.
 */
export function parsePolicy(text: string): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  let name = "";
  let version = "";
  for (const line of text.split("\n")) {
    const heading = /^(\S+):$/.exec(line)?.[1];
    if (heading !== undefined) name = heading;
    version = /^ (?:\*\*\*|   ) (\S+) /.exec(line)?.[1] ?? version;
    if (/^ {6,}-?\d+ \w+:\/\//.test(line) && !versions.has(name)) versions.set(name, version);
  }
  return versions;
}

async function download(name: string, version: string, folder: string): Promise<void> {
  await finishFile(folder, async (unfinished) => {
    const scratch = `${unfinished}.download`;
    await mkdir(scratch);
    try {
      await runProgram("apt-get", [...patience, "download", "-qq", `${name}=${version}`], { cwd: scratch });
      const [archive] = await readdir(scratch);
      if (archive === undefined) throw new Error(`apt-get download ${name}=${version} brought nothing`);
      await runProgram("dpkg-deb", ["--raw-extract", archive, unfinished], { cwd: scratch });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}
