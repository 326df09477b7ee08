/** `waystone check`: runs the checks in their order, and prints one line each. */
import { renderTable } from "@waystone/base/table";
import { withCluster } from "../cluster/connect-cluster.ts";
import { type Finding, runChecks } from "../cluster/checks.ts";
import type { CheckOptions } from "../commands/check.ts";
import { renderYaml } from "../output/render-yaml.ts";

const marks = { ok: "ok", warning: "!", failed: "FAILED" } as const;

export async function check(
  options: CheckOptions,
): Promise<{ readonly text: string; readonly isFit: boolean }> {
  const findings = await withCluster(
    options,
    async ({ transport }) => await runChecks({ transport, systemNamespace: options.systemNamespace }),
  );
  return {
    text: render(findings, options.output),
    isFit: findings.every(({ verdict }) => verdict !== "failed"),
  };
}

function render(findings: readonly Finding[], output: CheckOptions["output"]): string {
  if (output === "json") return `${JSON.stringify(findings, null, 2)}\n`;
  if (output === "yaml") return renderYaml(findings);
  return renderTable(
    ["", "CHECK", "RESULT"],
    findings.map(({ name, verdict, message }) => [marks[verdict], name, message]),
  );
}
