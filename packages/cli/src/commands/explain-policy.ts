/** `waystone explain policy`: which policies hold for a Service, and where each came from. */
import { Command, Option } from "commander";
import type { WorldOptions } from "../explain/open-world.ts";
import { addClusterOptions } from "../flags/cluster-options.ts";
import { collect } from "../flags/traffic-options.ts";

export interface ExplainPolicyOptions extends WorldOptions {
  readonly output: "text" | "json" | "yaml";
}

export function explainPolicyCommand(): Command {
  const command = new Command("policy")
    .summary("Which policies hold for a Service, from which level, and what they override")
    .description(
      "Show the policies that are in effect for each port of a Service: AuthorizationPolicies of all levels in the order in which they are asked, and what holds for it as a backend, with what is overridden.",
    )
    .argument("<service>", "<name>.<namespace>")
    .addOption(
      new Option("-f, --filename <path>", "files or folders to ask instead of a cluster; may be repeated")
        .argParser(collect)
        .default([], "none"),
    )
    .addOption(
      new Option("-o, --output <format>", "text for people")
        .choices(["text", "json", "yaml"])
        .default("text"),
    );
  return addClusterOptions(command).action(async (service: string, options: ExplainPolicyOptions) => {
    const { explainPolicyCommand: explain } = await import("../explain/explain-policy-command.ts");
    process.stdout.write(await explain(service, options));
  });
}
