/** `waystone version`: what runs here. */
import { Command } from "commander";

export function versionCommand(): Command {
  return new Command("version")
    .summary("Print the version")
    .description("Print the version of Waystone, and of the Node that runs it.")
    .action(async () => {
      const { version } = await import("../version.ts");
      process.stdout.write(
        `waystone ${version} (node ${process.version}, ${process.platform}-${process.arch})\n`,
      );
    });
}
