/** Where the time went: the functions with the most time of their own in the CPU profiles of a folder. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const shown = 25;

export async function summariseProfiles(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".cpuprofile"));
  const parts = await Promise.all(files.map(async (file) => await summarise(path.join(folder, file))));
  return files.length === 0 ? `no profile in ${folder}` : parts.join("\n");
}

async function summarise(file: string): Promise<string> {
  const profile = JSON.parse(await readFile(file, "utf8")) as CpuProfile;
  const frames = new Map(profile.nodes.map((node) => [node.id, describe(node.callFrame)]));
  const own = new Map<string, number>();
  let busy = 0;
  profile.samples.forEach((sample, at) => {
    const frame = frames.get(sample) ?? "?";
    if (frame.startsWith("(idle)")) return;
    const us = profile.timeDeltas[at] ?? 0;
    busy += us;
    own.set(frame, (own.get(frame) ?? 0) + us);
  });
  const top = [...own].sort((a, b) => b[1] - a[1]).slice(0, shown);
  const lines = top.map(([frame, us]) => `${((100 * us) / busy).toFixed(1).padStart(6)} %  ${frame}`);
  return [`${file}: ${(busy / 1e6).toFixed(1)} s busy`, ...lines].join("\n");
}

function describe(frame: CpuProfile["nodes"][number]["callFrame"]): string {
  const place =
    frame.url === ""
      ? ""
      : ` ${frame.url.replace(/^.*\/(packages|node_modules)\//, "$1/")}:${frame.lineNumber + 1}`;
  return `${frame.functionName || "(anonymous)"}${place}`;
}
