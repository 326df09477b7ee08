/** nghttpd as an endpoint: files of a folder of its own, and `/echo`, once a request's body has ended. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { peerProgram } from "../programs.ts";
import { blobPieces } from "./blob.ts";

export interface NghttpdServer {
  readonly port: number;
  /** nghttpd says GOAWAY for none of them. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  stop(): Promise<void>;
}

/** `files`: name -> bytes of a blob. */
export async function startNghttpd(
  port: number,
  files: Readonly<Record<string, number>>,
): Promise<NghttpdServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-nghttpd-"));
  for (const [name, bytes] of Object.entries(files))
    await writeFile(path.join(folder, name), Buffer.concat([...blobPieces(bytes)]));
  const flags = ["--no-tls", "-a", "127.0.0.1", "-d", folder, "--echo-upload", String(port)];
  const group = ProcessGroup.start(peerProgram("nghttpd"), flags, {});
  await untilListening({ host: "127.0.0.1", port }, group);
  return {
    port,
    async end(signal) {
      group.signal(signal);
      await group.exit();
    },
    async stop() {
      await group.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
