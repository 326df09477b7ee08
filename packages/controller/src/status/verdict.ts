/** Whether a report has errors, for the exit code of `--once`: what it lists is what is wrong, one line each. */
import type { FindingReport, StatusReport } from "./report.ts";

export function listErrors(report: StatusReport): readonly string[] {
  const objects = [...report.services, ...report.routes, ...report.gateways, ...report.others];
  const findings = [...report.problems, ...objects.flatMap((object) => object.findings)];
  return findings.filter(isError).map(({ text }) => text);
}

function isError({ severity }: FindingReport): boolean {
  return severity === "error";
}
