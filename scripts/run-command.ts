/** Runs one of the repository's own tools with the Node of the lock file, and keeps what it said. */
import { spawn } from "node:child_process";
import path from "node:path";

export const repositoryRoot: string = path.resolve(import.meta.dirname, "..");

export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

export interface CommandOptions {
  /** Pass the output on as it comes, as well as keeping it. */
  readonly echo?: boolean;
}

/** `args`: a script under node_modules (or of our own) and its arguments. A signal counts as exit code 1. */
export async function runNode(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const child = spawn(process.execPath, args, { cwd: repositoryRoot, stdio: ["ignore", "pipe", "pipe"] });
  const pieces: Buffer[] = [];
  for (const [stream, target] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    stream.on("data", (piece: Buffer) => {
      pieces.push(piece);
      if (options.echo === true) target.write(piece);
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  child.on("error", reject);
  child.on("close", (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(pieces).toString() }));
  return await promise;
}
