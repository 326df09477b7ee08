/**
 * Files and the controller that understands them: what `run`, `controller` and `--once` have in common. Ends with close().
 */
import { systemClock } from "@waystone/base/clock";
import type { Logger } from "@waystone/base/logger";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type Controller, createController } from "@waystone/controller/app";
import { describeProblem } from "@waystone/controller/model/sources";
import { type ObjectSource, openObjectSource } from "@waystone/controller/ingest/object-source";
import { CliError } from "../cli-error.ts";

export interface Configuration {
  readonly source: ObjectSource;
  readonly controller: Controller;
  close(): void;
}

export interface ConfigurationOptions {
  /** The -f arguments. */
  readonly paths: readonly string[];
  readonly watch: boolean;
  readonly logger: Logger;
}

/** Throws a CliError where the files hold nothing at all that could be used. */
export async function openConfiguration({
  paths,
  watch,
  logger,
}: ConfigurationOptions): Promise<Configuration> {
  const graph = createCollectionGraph({
    onError: (error) =>
      logger.error({ error }, "a part of the configuration could not be computed; it stays as it was"),
  });
  const source = await openObjectSource({
    graph,
    paths,
    stdin: process.stdin,
    watch,
    clock: systemClock,
    logger,
  });
  if (countObjects(source) === 0) {
    source.close();
    throw new CliError(describeNothing(source, paths));
  }
  const controller = createController({ source, graph, clock: systemClock, logger, standalone: true });
  return {
    source,
    controller,
    close() {
      controller.close();
      source.close();
    },
  };
}

function countObjects(source: ObjectSource): number {
  return (Object.keys(source) as (keyof ObjectSource)[]).reduce((sum, name) => {
    const part = source[name];
    const isComplaint = name === "problems" || name === "unread";
    return isComplaint || typeof part === "function" ? sum : sum + part.size;
  }, 0);
}

/** One problem is the message; several are listed above it. */
function describeNothing(source: ObjectSource, paths: readonly string[]): string {
  const problems = source.problems.list().filter(({ severity }) => severity !== "info");
  const [first] = problems;
  if (first === undefined) return `nothing to serve: no objects in ${paths.join(", ")}`;
  if (problems.length === 1) return describeProblem(first);
  const all = problems.map(describeProblem).toSorted();
  return `nothing to serve: every object has a problem\n${all.map((line) => `  ${line}`).join("\n")}`;
}
