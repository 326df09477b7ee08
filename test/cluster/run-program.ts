/** Runs a program to its end and keeps what it printed; a failure says what ran and what it said last. */
import { spawn } from "node:child_process";

export interface ProgramOptions {
  readonly cwd?: string;
  /** Added to this process' own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Never fails on the exit code; a program that cannot be started counts as exit code 127, as in a shell. */
export async function tryProgram(
  command: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.environment } });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
  child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
  // A program that ends before it has read all closes the pipe: its exit code tells more than EPIPE would.
  child.stdin.on("error", () => {});
  child.stdin.end(options.input);
  const { promise, resolve } = Promise.withResolvers<ProgramResult>();
  const finish = (exitCode: number): void =>
    resolve({
      exitCode,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    });
  child.on("error", (error) => {
    stderr.push(Buffer.from(error.message));
    finish(127);
  });
  child.on("close", (code) => finish(code ?? 1));
  return await promise;
}

/** The standard output of a program that must succeed. */
export async function runProgram(command: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await tryProgram(command, options);
  if (exitCode === 0) return stdout;
  const words = (stderr.trim() || stdout.trim()).split("\n").slice(-20).join("\n");
  throw new Error(`${command.join(" ")} failed with exit code ${exitCode}: ${words || "(no output)"}`);
}

/** Hands this terminal to the program: for commands that a person asked for. Resolves to its exit code. */
export async function attachProgram(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: "inherit", env: { ...process.env, ...environment } });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on("error", reject);
  child.on("close", (code) => resolve(code ?? 1));
  return await promise;
}
