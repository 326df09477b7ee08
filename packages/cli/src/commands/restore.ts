/** `waystone restore`: puts Services back by itself, with the controller gone too. */
import { Command } from "commander";
import { defaultSystemNamespace } from "@waystone/api/names";
import { addClusterOptions, type ClusterOptions } from "../flags/cluster-options.ts";
import { parseTimeout } from "../flags/parse-timeout.ts";

export interface RestoreOptions extends ClusterOptions {
  readonly all?: boolean;
  readonly uninstall?: boolean;
  readonly systemNamespace: string;
  readonly dryRun?: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

export function restoreCommand(): Command {
  const command = new Command("restore")
    .summary("Put captured Services back, even with the controller gone")
    .description(
      `Put captured Services back: their own selector and ports, as their owner wants them now. Works without a controller. Each Service keeps the annotation waystone.dev/release=true, so that a controller that comes back leaves it alone; remove it to enrol the Service again.`,
    )
    .argument("[service...]", "names of Services of the namespace; none: all of the namespace")
    .option("--all", "the Services of all namespaces")
    .option(
      "--uninstall",
      "with --all: stop the controller first, and remove all that Waystone has made at run time (what the chart's hook runs)",
    )
    .option("--system-namespace <name>", "where Waystone is installed", defaultSystemNamespace)
    .option("--dry-run", "only say what would be put back")
    .option("--timeout <duration>", "how long to wait for the endpoints of a Service", parseTimeout, 60_000);
  return addClusterOptions(command).action(async (services: readonly string[], options: RestoreOptions) => {
    const { restore } = await import("../compose/restore.ts");
    await restore(services, options, (line) => void process.stdout.write(`${line}\n`));
  });
}
