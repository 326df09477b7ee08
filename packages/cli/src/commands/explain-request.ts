/** `waystone explain request`: what a waypoint does with one request, step by step. */
import { Command } from "commander";
import { endWith, usageErrorsAs } from "../flags/exit-codes.ts";
import { addExplainOptions, type ExplainOptions, listOption } from "../flags/world-options.ts";

export interface ExplainRequestOptions extends ExplainOptions {
  readonly from: string;
  readonly to: string;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly header: readonly string[];
  readonly serverName?: string;
  readonly jwt?: string;
}

export function explainRequestCommand(): Command {
  const command = new Command("request")
    .summary("What a waypoint does with a request, step by step, and why")
    .description(
      `Explain what a waypoint does with a request: whether the Service is captured, who the client is, which route it gets and why that one, what each policy says, where it goes. The lines that decide are marked.

Exit code: 0 if configuration lets it through (whether endpoints are ready is told, and does not count), 1 if not, or not all of it, 2 if that cannot be told.`,
    )
    .requiredOption("--from <client>", "<namespace>/<pod>, <namespace>/<service account>, or an IP address")
    .requiredOption("--to <service>", "<name>.<namespace>, with :<port> where it has several")
    .option("-X, --method <method>", "the method (default: GET)")
    .option("--path <path>", "the path, with its query (default: /)")
    .option("--host <host>", "the Host header (default: the Service's name)")
    .addOption(listOption("-H, --header <name: value>", "a header"))
    .option("--server-name <name>", "on a port that is not HTTP: the server name of a TLS client")
    .option("--jwt <file>", "a file with a token that the client shows as its bearer token");
  return usageErrorsAs(2, addExplainOptions(command))
    .addHelpText(
      "after",
      `
Examples:
  waystone explain request --from shop/frontend --to api.shop:80 -X POST --path /orders
  waystone explain request --from 10.0.3.7 --to api.shop -f manifests/ -o json`,
    )
    .action(async (options: ExplainRequestOptions) => {
      await endWith(2, async () => {
        const { explainRequestCommand: explain } = await import("../explain/explain-request-command.ts");
        const { text, isAllowed, warnings } = await explain(options);
        process.stdout.write(text);
        for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
        process.exitCode = isAllowed === undefined ? 2 : isAllowed ? 0 : 1;
      });
    });
}
