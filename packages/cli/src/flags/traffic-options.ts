/** The flags that `run` and `waypoint` share: everything about carrying traffic. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { LogLevel } from "@waystone/base/logger";
import { parseTimeout } from "./parse-timeout.ts";

export interface TrafficOptions {
  readonly workers?: number;
  readonly accessLog: "on" | "off";
  readonly set: readonly string[];
  readonly stateDir?: string;
  /** Milliseconds. */
  readonly drainTimeout: number;
}

export interface LogOptions {
  readonly logLevel: LogLevel;
  readonly logFormat: "text" | "json";
}

/** As @waystone/base/logger has them; that module is too heavy to load for --help. A test compares the two. */
export const logLevelChoices: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

const mostWorkers = 256;

export function addTrafficOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--workers <n>",
        "worker threads that carry traffic (default: one per CPU of this container's limit)",
      )
        .argParser(parseWorkers)
        .env("WAYSTONE_WORKERS"),
    )
    .addOption(
      new Option("--access-log <on|off>", "one JSON line per request on stdout")
        .choices(["on", "off"])
        .default("on")
        .env("WAYSTONE_ACCESS_LOG"),
    )
    .addOption(
      new Option(
        "--set <path=value>",
        "change a limit or timeout, such as timeouts.requestMs=30s; may be repeated",
      )
        .argParser(collect)
        .default([], "none; docs/settings.md lists them"),
    )
    .addOption(
      new Option(
        "--state-dir <dir>",
        "keep the last good configuration here, to start from when the controller is away",
      ).env("WAYSTONE_STATE_DIR"),
    )
    .addOption(
      new Option("--drain-timeout <duration>", "how long requests may take to finish after SIGTERM")
        .argParser(parseTimeout)
        .default(30_000, "30s")
        .env("WAYSTONE_DRAIN_TIMEOUT"),
    );
}

export function addLogOptions(command: Command, format: "text" | "json"): Command {
  return command
    .addOption(
      new Option("--log-level <level>", "how much to log on stderr")
        .choices([...logLevelChoices])
        .default("info")
        .env("WAYSTONE_LOG_LEVEL"),
    )
    .addOption(
      new Option("--log-format <format>", "text for people, json for machines")
        .choices(["text", "json"])
        .default(format)
        .env("WAYSTONE_LOG_FORMAT"),
    );
}

/** Gathers the values of a flag that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > mostWorkers) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${mostWorkers}.`);
  }
  return workers;
}
