/** `waystone status`: what runs, as the admin address of a controller or of `waystone run` tells it. */
import { Argument, Command, Option } from "commander";

export interface StatusOptions {
  readonly admin?: string;
  readonly output: "table" | "json" | "yaml";
}

export type StatusSubject = "services" | "routes";

export function statusCommand(): Command {
  return new Command("status")
    .summary("Show Services or routes: addresses, endpoints, conditions, problems")
    .description(
      `Show what runs: a table of Services (address, ports, endpoints ready, routes, problems), or of routes with their Gateway API conditions. Programmed is True once every waypoint concerned runs this generation.`,
    )
    .addArgument(
      new Argument("[what]", "services or routes").choices(["services", "routes"]).default("services"),
    )
    .addOption(
      new Option(
        "--admin <address>",
        "admin address of `waystone run` (default port 15000) or `waystone controller` (15001)",
      ).env("WAYSTONE_ADMIN"),
    )
    .addOption(
      new Option("-o, --output <format>", "json and yaml print everything that is known")
        .choices(["table", "json", "yaml"])
        .default("table"),
    )
    .action(async (what: StatusSubject, options: StatusOptions) => {
      const { showStatus } = await import("../compose/show-status.ts");
      process.stdout.write(await showStatus(what, options));
    });
}
