/** `waystone enroll`: gives a namespace or a Service a waypoint, and says first what that means for every Service. */
import { Command } from "commander";
import { defaultSystemNamespace } from "@waystone/api/names";
import {
  addClusterOptions,
  addOutputOption,
  type ClusterOptions,
  type OutputOptions,
} from "../flags/cluster-options.ts";

export interface EnrollOptions extends ClusterOptions, OutputOptions {
  readonly waypoint: string;
  readonly waypointNamespace?: string;
  readonly systemNamespace: string;
  readonly dryRun?: boolean;
}

export function enrollCommand(): Command {
  const command = new Command("enroll")
    .summary("Give a namespace or a Service a waypoint, and say what will change")
    .description(
      `Give a namespace or a Service a waypoint by annotating it (waystone.dev/use-waypoint), and print for every Service whether it is captured, how, or why not. With --dry-run nothing is written.`,
    )
    .argument("<what...>", 'a namespace ("shop"), or a Service ("svc/web" with -n shop)')
    .option(
      "--waypoint <gateway>",
      "the Gateway that is the waypoint; it is made if there is none",
      "waypoint",
    )
    .option("--waypoint-namespace <name>", "its namespace, where it is another one")
    .option("--system-namespace <name>", "where Waystone is installed", defaultSystemNamespace)
    .option("--dry-run", "only say what would change");
  return addOutputOption(addClusterOptions(command)).action(
    async (what: readonly string[], options: EnrollOptions) => {
      const { enroll } = await import("../compose/enroll.ts");
      process.stdout.write(await enroll(what, options));
    },
  );
}
