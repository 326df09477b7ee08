/** `waystone controller`: the control plane alone, in a cluster or on plain manifest files. */
import { Command, Option } from "commander";
import { addLogOptions, collect, type LogOptions } from "../flags/traffic-options.ts";

export interface ControllerOptions extends LogOptions {
  /** Empty: in a cluster. */
  readonly filename: readonly string[];
  readonly listen?: string;
  readonly admin?: string;
  readonly metrics?: string;
  readonly readiness?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

export function controllerCommand(): Command {
  const command = new Command("controller")
    .summary("Run the controller alone, in a cluster or on plain manifest files")
    .description(
      `Run the controller alone: waypoints connect to it and get their configuration pushed. It carries no traffic itself. Without -f it runs in a cluster, as the chart installs it: it follows the API server, and one of its replicas leads. With -f it reads plain manifest files, and listens on loopback addresses only.`,
    )
    .addOption(
      new Option(
        "-f, --filename <path>",
        "a manifest file, a folder (read with all below it), or - for stdin; may be repeated",
      )
        .argParser(collect)
        .default([], "none: in a cluster"),
    )
    .addOption(
      new Option(
        "--listen <address>",
        "where waypoints connect to (port 0: any free one; default with -f: 127.0.0.1:15010)",
      ).env("WAYSTONE_LISTEN"),
    )
    .addOption(
      new Option(
        "--admin <address>",
        "where status and the like are served, on loopback (default: 127.0.0.1:15000; with -f: 127.0.0.1:15001, for everything)",
      ).env("WAYSTONE_ADMIN"),
    )
    .addOption(
      new Option("--metrics <address>", "in a cluster: where /metrics is served (default: port 15020)").env(
        "WAYSTONE_METRICS",
      ),
    )
    .addOption(
      new Option(
        "--readiness <address>",
        "in a cluster: where /healthz/ready and /healthz/live are served (default: port 15021)",
      ).env("WAYSTONE_READINESS"),
    )
    .option("--kubeconfig <file>", "the cluster's kubeconfig, outside a pod (default: KUBECONFIG)")
    .option("--context <name>", "the context of the kubeconfig");
  return addLogOptions(command, "json").action(async (options: ControllerOptions) => {
    if (options.filename.length === 0) {
      const { runClusterController } = await import("../compose/run-cluster-controller.ts");
      return await runClusterController(options);
    }
    const { runController } = await import("../compose/run-controller.ts");
    return await runController(options);
  });
}
