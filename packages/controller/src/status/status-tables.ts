/** A status report as tables, in the manner of kubectl: what `waystone status` and `waystone status routes` print. */
import type { Condition } from "@waystone/api/kubernetes/meta";
import { renderTable } from "@waystone/base/table";
import { policyRow, renderPolicyTable } from "./policy-table.ts";
import type { ObjectReport, RouteReport, ServiceReport, StatusReport } from "./report.ts";

export function renderServiceTable(report: StatusReport): string {
  const served = report.services.filter(
    ({ waypoint, conditions }) => waypoint !== null || conditions.length > 0,
  );
  const rows = served.map((service) => [
    service.namespace,
    service.name,
    service.waypoint ?? "-",
    service.addresses.join(",") || "-",
    service.ports.map(({ port, protocol }) => `${port}/${protocol}`).join(",") || "-",
    `${service.endpoints.ready}/${service.endpoints.total}`,
    `${service.routes}`,
    programmedOf(service),
    service.problems.join("; ") || "-",
  ]);
  const header = [
    "NAMESPACE",
    "NAME",
    "WAYPOINT",
    "ADDRESS",
    "PORTS",
    "READY",
    "ROUTES",
    "PROGRAMMED",
    "PROBLEMS",
  ];
  const others = report.services.length - served.length;
  return [
    rows.length === 0
      ? "no Service has a waypoint: annotate a Namespace with waystone.dev/use-waypoint\n"
      : renderTable(header, rows),
    others === 0 ? "" : `${others} other Services have no waypoint\n`,
    renderProblems(report),
  ].join("");
}

export function renderRouteTable(report: StatusReport): string {
  const rows = report.routes.flatMap(routeRows);
  const header = [
    "NAMESPACE",
    "KIND",
    "NAME",
    "PARENT",
    "GENERATION",
    "ACCEPTED",
    "RESOLVED",
    "PROGRAMMED",
    "MESSAGE",
  ];
  return (rows.length === 0 ? "there are no routes\n" : renderTable(header, rows)) + renderProblems(report);
}

export function renderPolicies(report: StatusReport): string {
  const rows = report.policies.map((policy) =>
    policyRow({
      ...policy,
      targets: (policy.ancestors ?? []).map(({ ancestorRef }) => ancestorRef),
      mode: policy.mode ?? undefined,
      ancestors: policy.ancestors ?? [],
      notes: [notesOf(policy)],
    }),
  );
  return (rows.length === 0 ? "there are no policies\n" : renderPolicyTable(rows)) + renderProblems(report);
}

function programmedOf({ conditions }: ServiceReport): string {
  return show(conditions.find(({ type }) => type === "waystone.dev/Programmed"));
}

function routeRows(route: RouteReport): string[][] {
  const start = [route.namespace, route.kind, route.name];
  const notes = notesOf(route);
  if (route.parents.length === 0)
    return [[...start, "-", `${route.generation}`, "-", "-", "-", notes || "-"]];
  return route.parents.map(({ parentRef, conditions }, position) => {
    const find = (type: string): Condition | undefined =>
      conditions.find((condition) => condition.type === type);
    const port = parentRef.port ?? parentRef.sectionName;
    const place =
      parentRef.namespace === undefined ? parentRef.name : `${parentRef.namespace}/${parentRef.name}`;
    const messages = conditions.filter(isRemarkable).map(({ message }) => message);
    return [
      ...start,
      `${parentRef.kind}/${place}${port === undefined ? "" : `:${port}`}`,
      `${route.generation}`,
      show(find("Accepted")),
      show(find("ResolvedRefs")),
      show(find("Programmed")),
      [...messages, ...(position === 0 && notes !== "" ? [notes] : [])].join("; ") || "-",
    ];
  });
}

/** PartiallyInvalid is bad when True, all others when not. Programmed has news only where a waypoint refused. */
function isRemarkable({ type, status, reason }: Condition, _: number, all: readonly Condition[]): boolean {
  if (type === "PartiallyInvalid") return status === "True";
  if (type !== "Programmed") return status !== "True";
  const isAccepted = all.some((other) => other.type === "Accepted" && other.status === "True");
  return isAccepted && status === "False" && reason === "Invalid";
}

function show(condition: Condition | undefined): string {
  if (condition === undefined) return "-";
  return condition.status === "True" ? "True" : `${condition.status} (${condition.reason})`;
}

/** What the conditions do not say. */
function notesOf({ findings, refusedVersion }: ObjectReport): string {
  const warnings = findings.filter(({ severity }) => severity === "warning").map(({ message }) => message);
  return [...warnings, ...(refusedVersion === null ? [] : [refusedVersion])].join("; ");
}

function renderProblems({ problems }: StatusReport): string {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return "";
  return `\nrefused:\n${errors.map(({ text }) => `  ${text}\n`).join("")}`;
}
