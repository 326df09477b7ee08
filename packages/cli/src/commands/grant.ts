/** `waystone grant secrets`: lets the controller read Secrets of a namespace, by the user's own rights. */
import { Command } from "commander";
import { defaultSystemNamespace } from "@waystone/api/names";
import {
  addClusterOptions,
  addOutputOption,
  type ClusterOptions,
  type OutputOptions,
} from "../flags/cluster-options.ts";
import { parseSecretNames } from "../flags/secret-names.ts";

export interface GrantSecretsOptions extends ClusterOptions, OutputOptions {
  readonly name?: readonly string[];
  readonly systemNamespace: string;
  readonly dryRun?: boolean;
}

export function grantCommand(): Command {
  const secrets = new Command("secrets")
    .summary("Let the controller read Secrets of a namespace")
    .description(
      `Let the controller read Secrets of a namespace (get, list, watch), by a Role and a RoleBinding "waystone-secrets": those that are named, beside those that it may read already; without --name all of them. You need these rights yourself. waystone revoke secrets takes it back.`,
    )
    .option("--name <names>", "names of Secrets, with commas between them", parseSecretNames)
    .option("--system-namespace <name>", "where Waystone is installed", defaultSystemNamespace)
    .option("--dry-run", "have the API server check it, and write nothing");
  addOutputOption(addClusterOptions(secrets)).action(async (options: GrantSecretsOptions) => {
    const { grantSecrets } = await import("../compose/grant-secrets.ts");
    process.stdout.write(await grantSecrets(options));
  });
  return new Command("grant").summary("Let the controller read Secrets of a namespace").addCommand(secrets);
}
