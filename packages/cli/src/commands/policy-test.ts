/** `waystone policy test`: tables of requests and what is to come of them. */
import { errorMessage } from "@waystone/base/error-message";
import { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { endWith, usageErrorsAs } from "../flags/exit-codes.ts";
import { listOption } from "../flags/world-options.ts";

export interface PolicyTestOptions {
  readonly filename: readonly string[];
  readonly junit?: string;
}

export function policyTestCommand(): Command {
  const command = new Command("test")
    .summary("Run tables of requests and expected verdicts against manifests")
    .description(
      `Run every table of tests below a path: YAML files with "tests:", as docs/policy-tests.md describes them.

Exit code: 0 if all came out as expected, 1 if not, 2 if a table or its manifests cannot be used.`,
    )
    .argument("<path>", "a table, or a folder with tables below it")
    .addOption(
      listOption("-f, --filename <path>", "manifests for all tables, in place of those that they name"),
    )
    .option("--junit <file>", "write the results as JUnit XML too");
  return usageErrorsAs(2, command).action(async (where: string, options: PolicyTestOptions) => {
    await endWith(2, async () => {
      const { runTables } = await import("../policy-test/run-tables.ts");
      const { countFailures, renderResults } = await import("../policy-test/render-results.ts");
      const tables = await runTables(where, options.filename);
      if (options.junit !== undefined) await writeJunit(options.junit, tables);
      process.stdout.write(renderResults(tables));
      process.exitCode = countFailures(tables) === 0 ? 0 : 1;
    });
  });
}

async function writeJunit(
  file: string,
  tables: Parameters<typeof import("../policy-test/junit.ts").renderJunit>[0],
): Promise<void> {
  const { renderJunit } = await import("../policy-test/junit.ts");
  const { writeFile } = await import("node:fs/promises");
  try {
    await writeFile(file, renderJunit(tables));
  } catch (error) {
    throw new CliError(`--junit: ${errorMessage(error)}`);
  }
}
