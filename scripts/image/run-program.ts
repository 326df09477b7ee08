/** Runs a program of the machine, and says what is wrong in one line when it fails. */
import { execFile } from "node:child_process";

/** Resolves to what it printed. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Messages are read by us: not in the language of the machine.
  const settings = { ...options, env: { ...process.env, LC_ALL: "C" }, maxBuffer: 64 * 1024 * 1024 };
  execFile(program, args, settings, (error, stdout, stderr) => {
    if (error === null) return resolve(stdout);
    const said = error.code === "ENOENT" ? "not found on this machine" : stderr.trim() || error.message;
    reject(new Error(`${[program, ...args].join(" ")}: ${said}`));
  });
  return await promise;
}
