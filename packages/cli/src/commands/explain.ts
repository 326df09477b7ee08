/** `waystone explain`: why a request is let through or not, and what policies say about a Service. */
import { Command } from "commander";
import { explainPolicyCommand } from "./explain-policy.ts";
import { explainRequestCommand } from "./explain-request.ts";

export function explainCommand(): Command {
  const command = new Command("explain")
    .summary("Why is a request denied? Which policies hold for a Service?")
    .description(
      "Explain what waypoints do, from files or a cluster: the same code decides that decides there.",
    );
  for (const each of [explainRequestCommand(), explainPolicyCommand()]) {
    each.helpOption("-h, --help", "Show this help");
    command.addCommand(each);
  }
  return command;
}
