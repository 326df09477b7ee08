/** `waystone policy`: policies before they are in force: tested against tables, and held against what clients really do. */
import { Command } from "commander";
import { policyImpactCommand } from "./policy-impact.ts";
import { policyTestCommand } from "./policy-test.ts";

export function policyCommand(): Command {
  const command = new Command("policy")
    .summary("Test policies in CI; see what a change of them would do")
    .description("Try policies before they are in force: the same code decides that decides in waypoints.");
  for (const each of [policyTestCommand(), policyImpactCommand()]) {
    each.helpOption("-h, --help", "Show this help");
    command.addCommand(each);
  }
  return command;
}
