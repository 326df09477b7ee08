/** `waystone waypoint`: the data plane alone, configured by a controller. */
import { Command, Option } from "commander";
import {
  addLogOptions,
  addTrafficOptions,
  type LogOptions,
  type TrafficOptions,
} from "../flags/traffic-options.ts";

export interface WaypointOptions extends TrafficOptions, LogOptions {
  readonly controller: string;
  readonly gateway?: string;
  readonly admin: string;
  readonly metrics: string;
  readonly readiness: string;
}

export function waypointCommand(): Command {
  const command = new Command("waypoint")
    .summary("Run a waypoint alone, configured by a controller")
    .description(
      `Run a waypoint alone, configured by a controller. It carries traffic and goes on doing so while the controller is away; with --state-dir it also starts without one.`,
    )
    .addOption(
      new Option("--controller <address>", "the controller's push address, on loopback")
        .makeOptionMandatory()
        .env("WAYSTONE_CONTROLLER"),
    )
    .addOption(
      new Option(
        "--gateway <ns/name>",
        "the Gateway that this waypoint is (default: every Gateway of the files)",
      ).env("WAYSTONE_GATEWAY"),
    )
    .addOption(
      new Option("--admin <address>", "where config_dump and logging are served, on loopback")
        .default("127.0.0.1:15000")
        .env("WAYSTONE_ADMIN"),
    )
    .addOption(
      new Option("--metrics <address>", "where /metrics is served")
        .default("0.0.0.0:15020")
        .env("WAYSTONE_METRICS"),
    )
    .addOption(
      new Option("--readiness <address>", "where /healthz/ready and /healthz/live are served")
        .default("0.0.0.0:15021")
        .env("WAYSTONE_READINESS"),
    );
  return addLogOptions(addTrafficOptions(command), "json").action(async (options: WaypointOptions) => {
    const { runWaypoint } = await import("../compose/run-waypoint.ts");
    return await runWaypoint(options);
  });
}
