/** `waystone unenroll`: takes a namespace or a Service off its waypoint. */
import { Command } from "commander";
import { addClusterOptions, type ClusterOptions } from "../flags/cluster-options.ts";
import { parseTimeout } from "../flags/parse-timeout.ts";

export interface UnenrollOptions extends ClusterOptions {
  readonly dryRun?: boolean;
  readonly wait: boolean;
  /** Milliseconds. */
  readonly timeout: number;
}

export function unenrollCommand(): Command {
  const command = new Command("unenroll")
    .summary("Take a namespace or a Service off its waypoint")
    .description(
      `Take a namespace or a Service off its waypoint: removes the annotation (a Service in an annotated namespace gets waystone.dev/use-waypoint=none) and waits until the controller has given every Service back its own selector and ports.`,
    )
    .argument("<what...>", 'a namespace ("shop"), or a Service ("svc/web" with -n shop)')
    .option("--dry-run", "only say what would change")
    .option("--no-wait", "do not wait for the Services to be given back")
    .option("--timeout <duration>", "how long to wait", parseTimeout, 120_000);
  return addClusterOptions(command).action(async (what: readonly string[], options: UnenrollOptions) => {
    const { unenroll } = await import("../compose/unenroll.ts");
    await unenroll(what, options, (line) => void process.stdout.write(`${line}\n`));
  });
}
