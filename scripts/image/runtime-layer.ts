/**
 * The bottom layer: Node (the one of the lock file) and what it takes to run it, and nothing else. No shell, no package
 * manager, no certificates (Node has its own list of authorities).
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DebianPackage } from "./debian-packages.ts";
import { readElfNeeds, stripElf } from "./elf.ts";
import { group, nodePath, passwd } from "./image-config.ts";
import type { LayerFile, LayerItem } from "./layer-entries.ts";

export interface RuntimeSources {
  readonly repositoryRoot: string;
  readonly packages: readonly DebianPackage[];
}

export async function runtimeLayer({ repositoryRoot, packages }: RuntimeSources): Promise<LayerItem[]> {
  const nodePackage = path.join(repositoryRoot, "node_modules", `node-linux-${process.arch}`);
  const node = await readFile(path.join(nodePackage, "bin/node"));
  return [
    { path: "/tmp", mode: 0o1777 },
    textFile("/etc/passwd", passwd),
    textFile("/etc/group", group),
    // Names are looked up in /etc/hosts, which a pod has, and then by DNS.
    textFile("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
    { path: nodePath, mode: 0o755, content: stripElf(node) },
    {
      path: "/usr/share/doc/node/LICENSE",
      mode: 0o644,
      content: await readFile(path.join(nodePackage, "LICENSE")),
    },
    ...(await libraries(node, packages)),
    ...(await packageRecords(packages)),
  ];
}

/** What the program asks for, what that asks for, and so on; the loader itself is at the path that the program names. */
async function libraries(program: Buffer, packages: readonly DebianPackage[]): Promise<LayerFile[]> {
  const found = new Map<string, LayerFile>();
  const add = async (name: string, target: string): Promise<void> => {
    if (found.has(name)) return;
    const content = await readFile(findLibrary(name, packages));
    found.set(name, { path: target, mode: 0o755, content: stripElf(content) });
    for (const each of readElfNeeds(content).libraries) await add(each, `/lib/${triple()}/${each}`);
  };
  const { interpreter, libraries } = readElfNeeds(program);
  if (interpreter !== undefined) await add(path.posix.basename(interpreter), interpreter);
  for (const name of libraries) await add(name, `/lib/${triple()}/${name}`);
  // pthread_cancel and C++ exceptions that cross C look for it only then.
  await add("libgcc_s.so.1", `/lib/${triple()}/libgcc_s.so.1`);
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function findLibrary(name: string, packages: readonly DebianPackage[]): string {
  const places = packages.flatMap(({ folder }) =>
    ["lib", "usr/lib"].map((library) => path.join(folder, library, triple(), name)),
  );
  const file = places.find((place) => existsSync(place));
  if (file !== undefined) return file;
  const names = packages.map((each) => each.name).join(", ");
  throw new Error(`${name}, which Node needs, is in none of the packages ${names}`);
}

/** Debian's name for the machine, which is in the loader's search path. */
function triple(): string {
  return process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
}

/** By these, scanners know what is inside; and the licences say that they go along. */
async function packageRecords(packages: readonly DebianPackage[]): Promise<LayerItem[]> {
  const files: LayerItem[] = [];
  for (const { name, folder, control } of packages) {
    files.push(textFile(`/var/lib/dpkg/status.d/${name}`, control));
    for (const each of [`usr/share/doc/${name}/copyright`, "usr/lib/os-release"]) {
      const file = path.join(folder, each);
      if (existsSync(file)) files.push({ path: `/${each}`, mode: 0o644, content: await readFile(file) });
    }
  }
  return [...files, { path: "/etc/os-release", target: "../usr/lib/os-release" }];
}

function textFile(file: string, text: string): LayerFile {
  return { path: file, mode: 0o644, content: Buffer.from(text) };
}
