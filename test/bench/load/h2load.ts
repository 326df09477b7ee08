/** Load over HTTP/2 with prior knowledge, by nghttp2's h2load: connections of so many streams each, in a closed loop or at a rate. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { findProgram } from "../../process/find-program.ts";
import { loadCore, ProcessGroup } from "../../process/process-group.ts";

export interface H2Load {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** Under way at a time on each connection. */
  readonly streams: number;
  /** Each connection asks so often, as long as its streams suffice; else as fast as answers come. */
  readonly perSecond?: number;
  /** POST this as a gRPC message. */
  readonly grpcMessage?: Buffer;
  readonly folder: string;
}

export interface H2LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Answers that are no 2xx or 3xx, and streams that were lost. */
  readonly errors: number;
}

export async function runH2load(load: H2Load): Promise<H2LoadResult> {
  const flags = ["-t", "1", "-c", String(load.connections), "-m", String(load.streams)];
  flags.push("-D", String(load.seconds));
  if (load.perSecond !== undefined) flags.push("--rps", String(load.perSecond));
  if (load.grpcMessage !== undefined) {
    const file = path.join(load.folder, "message");
    await writeFile(file, load.grpcMessage);
    flags.push("-d", file, "-H", "content-type: application/grpc", "-H", "te: trailers");
  }
  const h2load = ProcessGroup.start(findProgram("h2load") ?? "h2load", [...flags, load.url], {
    core: loadCore,
  });
  const code = await h2load.exit();
  if (code !== 0) throw new Error(h2load.describe());
  return readH2load(h2load.output);
}

export function readH2load(output: string): H2LoadResult {
  const rate = /finished in [\d.]+m?s, ([\d.]+) req\/s/.exec(output);
  const counts = /(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/.exec(output);
  const statuses = /status codes: (\d+) 2xx, (\d+) 3xx/.exec(output);
  if (rate === null || counts === null || statuses === null) throw new Error(`h2load said: ${output}`);
  const [requests = 0, failed = 0] = counts.slice(1).map(Number);
  const answered = Number(statuses[1]) + Number(statuses[2]);
  // Requests under way at the end are counted as nothing, and as answered where their head had come.
  return { requests, requestsPerSecond: Number(rate[1]), errors: failed + Math.max(0, requests - answered) };
}

/** One message, uncompressed (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export function grpcMessage(bytes: number): Buffer {
  const message = Buffer.alloc(5 + bytes, "x");
  message.writeUInt8(0, 0);
  message.writeUInt32BE(bytes, 1);
  return message;
}
