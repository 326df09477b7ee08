/**
 * The command `waystone`: its commands, one file each in commands/, and the one place where a failure becomes a line for the
 * user and an exit code. A command loads what it needs only when it runs.
 */
import { errorMessage } from "@waystone/base/error-message";
import { Command } from "commander";
import { CliError } from "./cli-error.ts";
import { checkCommand } from "./commands/check.ts";
import { controllerCommand } from "./commands/controller.ts";
import { enrollCommand } from "./commands/enroll.ts";
import { grantCommand } from "./commands/grant.ts";
import { explainCommand } from "./commands/explain.ts";
import { policyCommand } from "./commands/policy.ts";
import { restoreCommand } from "./commands/restore.ts";
import { revokeCommand } from "./commands/revoke.ts";
import { runCommand } from "./commands/run.ts";
import { statusCommand } from "./commands/status.ts";
import { unenrollCommand } from "./commands/unenroll.ts";
import { versionCommand } from "./commands/version.ts";
import { waypointCommand } from "./commands/waypoint.ts";

const program = new Command("waystone")
  .usage("<command> [flags]")
  .description(
    "Waypoint proxies for Kubernetes, the plain way: remote L7 proxies and a lightweight control plane.",
  )
  .helpCommand("help [command]", "Show help for a command")
  .helpOption("-h, --help", "Show this help")
  .addHelpText(
    "after",
    `
Examples:
  waystone check                          is this cluster fit?
  waystone enroll shop --dry-run          what would change for the Services of namespace shop
  waystone status -A                      every Service with a waypoint, and how far it is
  waystone explain request --from shop/web --to api.shop:80 --path /orders    why is it denied?
  waystone run -f manifests/              serve a folder of Kubernetes manifests, no cluster needed
  waystone run -f manifests/ --once       only check it, and print the resolved routes
  waystone status --admin 127.0.0.1:15000 the same of waystone run

Use "waystone <command> --help" for more about a command.`,
  );

for (const command of [
  checkCommand(),
  enrollCommand(),
  unenrollCommand(),
  statusCommand(),
  grantCommand(),
  revokeCommand(),
  explainCommand(),
  policyCommand(),
  restoreCommand(),
  runCommand(),
  controllerCommand(),
  waypointCommand(),
  versionCommand(),
]) {
  command.helpOption("-h, --help", "Show this help");
  command.showHelpAfterError(`See 'waystone ${command.name()} --help' for usage.`);
  program.addCommand(command);
}
program.showHelpAfterError("See 'waystone --help' for usage.");

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`error: ${errorMessage(error)}\n`);
  // A failure that nobody foresaw is a bug of ours: whoever reports it needs the place.
  if (!(error instanceof CliError) && process.env["WAYSTONE_LOG_LEVEL"] === "debug") console.error(error);
  // At once: what was opened before the failure (a listener, a watch) must not keep a failed start alive.
  process.exit(error instanceof CliError ? error.exitCode : 1);
}
