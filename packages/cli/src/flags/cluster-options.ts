/** The flags of commands that talk to a cluster: kubectl's own names. */
import { type Command, Option } from "commander";

export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

export interface OutputOptions {
  readonly output: "table" | "json" | "yaml";
}

export function addClusterOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "the kubeconfig to use (default: KUBECONFIG, then ~/.kube/config)")
    .option("--context <name>", "the context of the kubeconfig to use")
    .option("-n, --namespace <name>", "the namespace (default: that of the context)");
}

export function addOutputOption(command: Command): Command {
  return command.addOption(
    new Option("-o, --output <format>", "json and yaml print everything that is known")
      .choices(["table", "json", "yaml"])
      .default("table"),
  );
}
