/**
 * `waystone run --once`: checks the files and prints the resolved routes (per Service port, in order of precedence) on
 * stdout, the problems on stderr. Exit code 1 where anything does not do what it says: fit for a CI job. Endpoints may be
 * missing and kinds may not be served yet: that is worth a line, and no error of the files.
 */
import { renderResolvedRoutes } from "@waystone/controller/status/render-resolved-routes";
import { CliError } from "../cli-error.ts";
import type { RunOptions } from "../commands/run.ts";
import { listErrors, listProblems } from "../output/list-problems.ts";
import { openLog } from "../output/open-log.ts";
import { startQuietly } from "../output/quiet-start.ts";
import { renderProblemList } from "../output/start-summary.ts";
import { openConfiguration } from "./open-configuration.ts";

export async function checkOnce(options: RunOptions): Promise<void> {
  const { logger } = startQuietly(openLog(options));
  const configuration = await openConfiguration({ paths: options.filename, watch: false, logger });
  const report = configuration.controller.status();
  const ports = configuration.controller.resolvedRoutes();
  configuration.close();
  const problems = listProblems(report);
  // Where files could not be read, that no Service has a waypoint is their doing: the problems say what to do.
  if (ports.length > 0 || problems.length === 0) process.stdout.write(renderResolvedRoutes(ports));
  if (problems.length > 0) process.stderr.write(`${renderProblemList(problems).join("\n")}\n`);
  const errors = listErrors(report).length;
  if (errors > 0) throw new CliError(errors === 1 ? "1 error" : `${errors} errors`);
}
