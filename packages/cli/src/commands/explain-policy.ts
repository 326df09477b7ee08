/** `waystone explain policy`: which policies hold for a Service, and where each came from. */
import { Command } from "commander";
import { addExplainOptions, type ExplainOptions } from "../flags/world-options.ts";

export function explainPolicyCommand(): Command {
  const command = new Command("policy")
    .summary("Which policies hold for a Service, from which level, and what they override")
    .description(
      "Show the policies that are in effect for each port of a Service: AuthorizationPolicies of all levels in the order in which they are asked, AuthenticationPolicies merged field by field, and what holds for it as a backend, with what is overridden.",
    )
    .argument("<service>", "<name>.<namespace>");
  return addExplainOptions(command).action(async (service: string, options: ExplainOptions) => {
    const { explainPolicyCommand: explain } = await import("../explain/explain-policy-command.ts");
    process.stdout.write(await explain(service, options));
  });
}
