/** `waystone status`: what runs, as a cluster's conditions or the admin address of `waystone run` tell it. */
import { Argument, Command, Option } from "commander";
import {
  addClusterOptions,
  addOutputOption,
  type ClusterOptions,
  type OutputOptions,
} from "../flags/cluster-options.ts";

export interface StatusOptions extends ClusterOptions, OutputOptions {
  readonly admin?: string;
  readonly allNamespaces?: boolean;
}

export const statusSubjects = ["services", "routes", "policies"] as const;
export type StatusSubject = (typeof statusSubjects)[number];

export function statusCommand(): Command {
  const command = new Command("status")
    .summary("Show Services, routes or policies: waypoint, phase, replicas in sync, problems")
    .description(
      `Show Services that have a waypoint or were meant to have one (phase, waypoints in sync, what is wrong), routes with their Gateway API conditions, or policies of every kind with their targets and mode. Programmed is True once every waypoint concerned runs this generation. With --admin it asks \`waystone run\` instead of a cluster.`,
    )
    .addArgument(
      new Argument("[what]", "services, routes or policies").choices(statusSubjects).default("services"),
    )
    .option("-A, --all-namespaces", "of all namespaces")
    .addOption(
      new Option(
        "--admin <address>",
        "admin address of `waystone run` (default port 15000) or of `waystone controller -f` (15001)",
      ).env("WAYSTONE_ADMIN"),
    );
  return addOutputOption(addClusterOptions(command)).action(
    async (what: StatusSubject, options: StatusOptions) => {
      process.stdout.write(await show(what, options));
    },
  );
}

async function show(what: StatusSubject, options: StatusOptions): Promise<string> {
  if (options.admin !== undefined) {
    const { showStatus } = await import("../compose/show-status.ts");
    return await showStatus(what, options.admin, options);
  }
  const { showClusterStatus } = await import("../compose/show-cluster-status.ts");
  return await showClusterStatus(what, options);
}
