/** `waystone check`: is this cluster fit for Waystone, and is what is installed well? */
import { Command } from "commander";
import { defaultSystemNamespace } from "@waystone/api/names";
import {
  addClusterOptions,
  addOutputOption,
  type ClusterOptions,
  type OutputOptions,
} from "../flags/cluster-options.ts";

export interface CheckOptions extends ClusterOptions, OutputOptions {
  readonly systemNamespace: string;
}

export function checkCommand(): Command {
  const command = new Command("check")
    .summary("Check whether the cluster is fit, and what is installed is well")
    .description(
      `Check versions, the Gateway API, what you may do, admission policies, the controller and whether the cluster keeps source addresses. Works before an installation too. Exits with 1 where something does not work.`,
    )
    .option("--system-namespace <name>", "where Waystone is installed", defaultSystemNamespace);
  return addOutputOption(addClusterOptions(command)).action(async (options: CheckOptions) => {
    const { check } = await import("../compose/check.ts");
    const { text, isFit } = await check(options);
    process.stdout.write(text);
    if (!isFit) process.exitCode = 1;
  });
}
