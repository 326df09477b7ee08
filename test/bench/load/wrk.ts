/** Closed-loop load by wrk: as many requests as the connections carry. Good for CPU per request; says nothing of latency. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { findProgram } from "../../process/find-program.ts";
import { loadCore, ProcessGroup } from "../../process/process-group.ts";

export interface WrkLoad {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  readonly headers?: readonly string[];
  /** POST a body of this many bytes. */
  readonly postBytes?: number;
  /** For wrk's script, if there is one. */
  readonly folder: string;
}

export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly bytes: number;
  /** Answers that are no 2xx or 3xx, and socket errors. */
  readonly errors: number;
}

export async function runWrk(load: WrkLoad): Promise<WrkResult> {
  const flags = ["-t", "1", "-c", String(load.connections), "-d", `${load.seconds}s`, "--timeout", "30s"];
  for (const header of load.headers ?? []) flags.push("-H", header);
  if (load.postBytes !== undefined) flags.push("-s", await writePostScript(load.folder, load.postBytes));
  const wrk = ProcessGroup.start(findProgram("wrk") ?? "wrk", [...flags, load.url], { core: loadCore });
  const code = await wrk.exit();
  if (code !== 0) throw new Error(wrk.describe());
  return readWrk(wrk.output);
}

async function writePostScript(folder: string, bytes: number): Promise<string> {
  const file = path.join(folder, `post-${bytes}.lua`);
  await writeFile(file, `wrk.method = "POST"\nwrk.body = string.rep("x", ${bytes})\n`);
  return file;
}

export function readWrk(output: string): WrkResult {
  const totals = /(\d+) requests in [\d.]+m?s, ([\d.]+)([KMG]?)B read/.exec(output);
  if (totals === null) throw new Error(`wrk said: ${output}`);
  const scale = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[totals[3] ?? ""] ?? 1;
  const socket =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)?.slice(1) ?? [];
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0);
  return {
    requests: Number(totals[1]),
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? 0),
    bytes: Number(totals[2]) * scale,
    errors: refused + socket.reduce((sum, each) => sum + Number(each), 0),
  };
}
