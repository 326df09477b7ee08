/** `waystone version`: what runs here, and in the cluster. */
import { Command } from "commander";
import { defaultSystemNamespace } from "@waystone/api/names";
import { addClusterOptions, type ClusterOptions } from "../flags/cluster-options.ts";

export interface VersionOptions extends ClusterOptions {
  readonly client?: boolean;
  readonly systemNamespace: string;
}

export function versionCommand(): Command {
  const command = new Command("version")
    .summary("Print the version, here and in the cluster")
    .description("Print the version of this command and of the Node that runs it, and what a cluster runs.")
    .option("--client", "only of this command")
    .option("--system-namespace <name>", "where Waystone is installed", defaultSystemNamespace);
  return addClusterOptions(command).action(async (options: VersionOptions) => {
    const { version } = await import("../version.ts");
    process.stdout.write(
      `waystone ${version} (node ${process.version}, ${process.platform}-${process.arch})\n`,
    );
    if (options.client === true) return;
    const { describeServerVersion } = await import("../compose/server-version.ts");
    process.stdout.write(`${await describeServerVersion(options)}\n`);
  });
}
