/** The folder of --state-dir, made where it is missing: better to hear now that it can't be written than after an outage. */
import { errorMessage } from "@waystone/base/error-message";
import { access, constants, mkdir } from "node:fs/promises";
import path from "node:path";
import { CliError } from "../cli-error.ts";

/** What the waypoint is given: nothing, or a folder that exists and can be written. */
export async function openStateDir(folder: string | undefined): Promise<{ readonly stateDir?: string }> {
  if (folder === undefined) return {};
  try {
    // It holds the names and addresses of a cluster: for this user alone.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const cause = causes[code ?? ""] ?? errorMessage(error);
    throw new CliError(`--state-dir ${folder} cannot be used: ${cause}`);
  }
  return { stateDir: path.resolve(folder) };
}

const causes: Readonly<Record<string, string>> = {
  EACCES: "permission denied; choose a folder that this user may write",
  EROFS: "the file system is read-only; choose another folder",
  EEXIST: "it is a file; choose a folder",
  ENOTDIR: "a part of the path is a file",
};
