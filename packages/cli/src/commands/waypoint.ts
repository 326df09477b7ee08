/** `waystone waypoint`: the data plane alone, configured by a controller. */
import { Command, Option } from "commander";
import {
  addLogOptions,
  addTrafficOptions,
  type LogOptions,
  type TrafficOptions,
} from "../flags/traffic-options.ts";
import { parseTimeout } from "../flags/parse-timeout.ts";

export interface WaypointOptions extends TrafficOptions, LogOptions {
  readonly controller: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly gateway?: string;
  readonly instance?: string;
  readonly admin: string;
  readonly metrics: string;
  readonly readiness: string;
  /** Milliseconds. */
  readonly drainDelay: number;
}

export function waypointCommand(): Command {
  const command = new Command("waypoint")
    .summary("Run a waypoint alone, configured by a controller")
    .description(
      `Run a waypoint alone, configured by a controller. It carries traffic and goes on doing so while the controller is away; with --state-dir it also starts without one. In a pod the environment says all of this.`,
    )
    .addOption(
      new Option(
        "--controller <address>",
        "the controller's push address: on loopback, or anywhere with --token-file",
      )
        .makeOptionMandatory()
        .env("WAYSTONE_CONTROLLER"),
    )
    .addOption(
      new Option(
        "--token-file <file>",
        "the token that says which pod this is; the channel is then TLS, and --ca-file is needed",
      ).env("WAYSTONE_TOKEN_FILE"),
    )
    .addOption(
      new Option("--ca-file <file>", "the certificates by which the controller is known (PEM)").env(
        "WAYSTONE_CA_FILE",
      ),
    )
    .addOption(
      new Option(
        "--gateway <ns/name>",
        "the Gateway that this waypoint is (default: every Gateway of the files)",
      ).env("WAYSTONE_GATEWAY"),
    )
    .addOption(
      new Option(
        "--instance <name>",
        "what the controller knows this waypoint by: in a cluster the pod's name (default: the process id)",
      ).env("POD_NAME"),
    )
    .addOption(
      new Option("--admin <address>", "where config_dump and logging are served, on loopback")
        .default("127.0.0.1:15000")
        .env("WAYSTONE_ADMIN"),
    )
    .addOption(
      new Option("--metrics <address>", "where /metrics is served")
        .default("[::]:15020")
        .env("WAYSTONE_METRICS"),
    )
    .addOption(
      new Option("--readiness <address>", "where /healthz/ready and /healthz/live are served")
        .default("[::]:15021")
        .env("WAYSTONE_READINESS"),
    )
    .addOption(
      new Option(
        "--drain-delay <duration>",
        "how long to serve on after SIGTERM, not ready any more, until everybody has heard; --drain-timeout comes after it",
      )
        .argParser(parseTimeout)
        .default(0, "0s")
        .env("WAYSTONE_DRAIN_DELAY"),
    );
  return addLogOptions(addTrafficOptions(command), "json").action(async (options: WaypointOptions) => {
    const { runWaypoint } = await import("../compose/run-waypoint.ts");
    return await runWaypoint(options);
  });
}
