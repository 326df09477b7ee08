/**
 * Calls the go command so that its result depends on the committed files alone: no C, no workspace, no flags from the
 * caller's environment. Gently means: one core at most, and only when nobody else wants it.
 */
import { type ProgramOptions, runProgram } from "../run-program.ts";

export interface GoOptions {
  readonly gentle?: boolean;
}

export function goEnvironment({ gentle = false }: GoOptions): Record<string, string> {
  return {
    CGO_ENABLED: "0",
    GOFLAGS: "",
    GOWORK: "off",
    GOOS: "linux",
    ...(gentle ? { GOMAXPROCS: "1" } : {}),
  };
}

export async function goCommand(
  args: readonly string[],
  options: GoOptions & ProgramOptions = {},
): Promise<string> {
  const polite = options.gentle === true ? ["nice", "-n", "19"] : [];
  return await runProgram([...polite, "go", ...args], {
    ...options,
    environment: { ...options.environment, ...goEnvironment(options) },
  });
}
