/**
 * Everything that is wrong in a status report, one line each: with the files, with objects that are valid but cannot do
 * what they say, and what a waypoint refused. The lines begin with the place in the file where it is known, so that an
 * editor can jump there.
 */
import type {
  FindingReport,
  ObjectReport,
  ServiceReport,
  StatusReport,
} from "@waystone/controller/status/report";

type Severity = FindingReport["severity"];

/** What has no effect is worth a line too; what is for the record alone is not. */
export function listProblems(report: StatusReport): readonly string[] {
  return gather(report, ["error", "warning"]);
}

/** Only what keeps something from doing what it says. */
export function listErrors(report: StatusReport): readonly string[] {
  return gather(report, ["error"]);
}

function gather(report: StatusReport, severities: readonly Severity[]): readonly string[] {
  const pick = (findings: readonly FindingReport[]): string[] =>
    findings.filter(({ severity }) => severities.includes(severity)).map(({ text }) => text);
  const objects = [
    ...report.gateways,
    ...report.services,
    ...report.routes,
    ...report.policies,
    ...report.others,
  ];
  const lines = [
    ...pick(report.problems),
    ...objects.flatMap(({ findings }) => pick(findings)),
    ...report.routes.flatMap((route) =>
      refusals(route.parents.flatMap(({ conditions }) => conditions)).map((message) => about(route, message)),
    ),
    ...report.services.flatMap((service) =>
      refusals(service.conditions).map((message) => about(service, message)),
    ),
  ];
  if (severities.includes("warning")) lines.push(...report.services.flatMap(emptyServices));
  return [...new Set(lines)];
}

/** What a waypoint said no to: it knows something that the controller does not. */
function refusals(conditions: ObjectReport["conditions"]): readonly string[] {
  return conditions
    .filter(({ type, reason, message }) => {
      return type.endsWith("Programmed") && reason === "Invalid" && message.startsWith("refused by");
    })
    .map(({ message }) => message);
}

function emptyServices(service: ServiceReport): readonly string[] {
  if (service.waypoint === null || service.endpoints.ready > 0) return [];
  return [
    about(service, service.endpoints.total === 0 ? "it has no endpoints" : "none of its endpoints is ready"),
  ];
}

function about({ kind, namespace, name }: ObjectReport, message: string): string {
  return `${kind} ${namespace}/${name}: ${message}`;
}
