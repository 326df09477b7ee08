/** `waystone run`: controller and waypoint in one process, on plain manifest files. */
import { Command, Option } from "commander";
import {
  addLogOptions,
  addTrafficOptions,
  collect,
  type LogOptions,
  type TrafficOptions,
} from "../flags/traffic-options.ts";

export interface RunOptions extends TrafficOptions, LogOptions {
  readonly filename: readonly string[];
  readonly admin: string;
  readonly once?: true;
}

export function runCommand(): Command {
  const command = new Command("run")
    .summary("Serve plain manifest files: controller and waypoint in one process, no cluster")
    .description(
      `Serve plain manifest files: controller and waypoint in one process, no cluster.

Reads Kubernetes and Gateway API manifests as kubectl does, and follows the files as they change. Each port of a Service that is enrolled (annotation waystone.dev/use-waypoint on it or its Namespace) and has a clusterIP in 127.0.0.0/8 is listened on at clusterIP:port, and routed by the HTTPRoutes attached to it.`,
    )
    .requiredOption(
      "-f, --filename <path>",
      "a manifest file, a folder (read with all below it), or - for stdin; may be repeated",
      collect,
    )
    .addOption(
      new Option(
        "--admin <address>",
        "where health, metrics, status and config_dump are served (port 0: any free one)",
      )
        .default("127.0.0.1:15000")
        .env("WAYSTONE_ADMIN"),
    )
    .option("--once", "only check the files, print the resolved routes and exit: 0 if all is well, else 1");
  return addLogOptions(addTrafficOptions(command), "text")
    .addHelpText(
      "after",
      `
Examples:
  waystone run -f manifests/
  waystone run -f service.yaml -f route.yaml --access-log off
  kustomize build . | waystone run -f - --once

The first SIGTERM or SIGINT drains: readiness fails, requests under way finish.
A second one exits at once.`,
    )
    .action(async (options: RunOptions) => {
      if (options.once === true) {
        const { checkOnce } = await import("../compose/check-once.ts");
        return await checkOnce(options);
      }
      const { runStandalone } = await import("../compose/run-standalone.ts");
      return await runStandalone(options);
    });
}
