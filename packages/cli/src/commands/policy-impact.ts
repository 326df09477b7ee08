/** `waystone policy impact`: what a change of policies would have done to requests that were really made. */
import { Command, Option } from "commander";
import type { WorldOptions } from "../explain/open-world.ts";
import { addClusterOptions } from "../flags/cluster-options.ts";
import { collect } from "../flags/traffic-options.ts";

export interface PolicyImpactOptions extends WorldOptions {
  readonly present: readonly string[];
  readonly accessLog: string;
  readonly output: "text" | "json" | "yaml";
}

export function policyImpactCommand(): Command {
  const command = new Command("impact")
    .summary("Replay recorded requests through the present and the new policies")
    .description(
      "Replay lines of access logs through what is in force and through the same with the new objects in it, and list what would change, by client, operation and policy. What the log does not say (most headers) is not guessed: such lines are counted.",
    )
    .addOption(
      new Option(
        "-f, --filename <path>",
        "the new objects: they take the place of those of the same kind and name",
      )
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--present <path>", "files with what is in force, in place of a cluster; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .requiredOption("--access-log <file>", "lines of JSON as waypoints write them; - for stdin")
    .addOption(
      new Option("-o, --output <format>", "text for people")
        .choices(["text", "json", "yaml"])
        .default("text"),
    );
  return addClusterOptions(command).action(async (options: PolicyImpactOptions) => {
    const { policyImpact } = await import("../policy-impact/policy-impact.ts");
    process.stdout.write(await policyImpact(options));
  });
}
