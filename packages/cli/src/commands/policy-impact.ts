/** `waystone policy impact`: what a change of policies would have done to requests that were really made. */
import { Command } from "commander";
import { addClusterOptions } from "../flags/cluster-options.ts";
import { answerOption, type ExplainOptions, listOption } from "../flags/world-options.ts";

export interface PolicyImpactOptions extends ExplainOptions {
  readonly present: readonly string[];
  readonly accessLog: string;
}

export function policyImpactCommand(): Command {
  const command = new Command("impact")
    .summary("Replay recorded requests through the present and the new policies")
    .description(
      "Replay lines of access logs through what is in force and through the same with the new objects in it, and list what would change, by client, operation and policy. What the log does not say (most headers) is not guessed: such lines are counted.",
    )
    .addOption(
      listOption(
        "-f, --filename <path>",
        "the new objects: they take the place of those of their kind and name",
      )
        .default(undefined)
        .makeOptionMandatory(),
    )
    .addOption(listOption("--present <path>", "files with what is in force, in place of a cluster"))
    .requiredOption("--access-log <file>", "lines of JSON as waypoints write them; - for stdin")
    .addOption(answerOption());
  return addClusterOptions(command).action(async (options: PolicyImpactOptions) => {
    const { policyImpact } = await import("../policy-impact/policy-impact.ts");
    process.stdout.write(await policyImpact(options));
  });
}
