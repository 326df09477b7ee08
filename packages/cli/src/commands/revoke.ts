/** `waystone revoke secrets`: the controller may read Secrets of a namespace no more. */
import { Command } from "commander";
import { addClusterOptions, type ClusterOptions } from "../flags/cluster-options.ts";
import { parseSecretNames } from "../flags/secret-names.ts";

export interface RevokeSecretsOptions extends ClusterOptions {
  readonly name?: readonly string[];
  readonly dryRun?: boolean;
}

export function revokeCommand(): Command {
  const secrets = new Command("secrets")
    .summary("Take back what waystone grant secrets gave")
    .description(
      `Take back what waystone grant secrets gave: the names that are given, or without --name all of it. What needs such a Secret fails closed when the controller next has to ask for it, within ten minutes.`,
    )
    .option("--name <names>", "names of Secrets, with commas between them", parseSecretNames)
    .option("--dry-run", "have the API server check it, and write nothing");
  addClusterOptions(secrets).action(async (options: RevokeSecretsOptions) => {
    const { revokeSecrets } = await import("../compose/revoke-secrets.ts");
    process.stdout.write(await revokeSecrets(options));
  });
  return new Command("revoke").summary("Take back what waystone grant gave").addCommand(secrets);
}
