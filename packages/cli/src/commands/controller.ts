/** `waystone controller`: the control plane alone, on plain manifest files. */
import { Command, Option } from "commander";
import { addLogOptions, collect, type LogOptions } from "../flags/traffic-options.ts";

export interface ControllerOptions extends LogOptions {
  readonly filename: readonly string[];
  readonly listen: string;
  readonly admin: string;
}

export function controllerCommand(): Command {
  const command = new Command("controller")
    .summary("Run the controller alone, on plain manifest files")
    .description(
      `Run the controller alone, on plain manifest files: waypoints connect to it and get their configuration pushed. It carries no traffic itself. Loopback addresses only, until the push channel has TLS and tokens.`,
    )
    .requiredOption(
      "-f, --filename <path>",
      "a manifest file, a folder (read with all below it), or - for stdin; may be repeated",
      collect,
    )
    .addOption(
      new Option("--listen <address>", "where waypoints connect to (port 0: any free one)")
        .default("127.0.0.1:15010")
        .env("WAYSTONE_LISTEN"),
    )
    .addOption(
      new Option("--admin <address>", "where health, metrics and status are served (port 0: any free one)")
        .default("127.0.0.1:15001")
        .env("WAYSTONE_ADMIN"),
    );
  return addLogOptions(command, "json").action(async (options: ControllerOptions) => {
    const { runController } = await import("../compose/run-controller.ts");
    return await runController(options);
  });
}
