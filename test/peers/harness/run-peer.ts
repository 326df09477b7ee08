/** Runs a peer's program to its end: its output, and how it ended. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { peerProgram } from "../programs.ts";

const run = promisify(execFile);

export interface PeerRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runPeer(name: string, args: readonly string[], timeoutMs = 50_000): Promise<PeerRun> {
  try {
    const options = { timeout: timeoutMs, maxBuffer: 1 << 27 };
    const { stdout, stderr } = await run(peerProgram(name), [...args], options);
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { exitCode: code, stdout, stderr };
  }
}
