/** Commands whose exit code is an answer keep another one for not having any. */
import { errorMessage } from "@waystone/base/error-message";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";

/** A command line that cannot be understood. */
export function usageErrorsAs(exitCode: number, command: Command): Command {
  return command.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : exitCode));
}

/** Runs a command whose failures end with `exitCode`. */
export async function endWith(exitCode: number, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw error instanceof CliError ? new CliError(errorMessage(error), exitCode) : error;
  }
}
