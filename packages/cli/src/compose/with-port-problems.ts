/** The controller's report with what only the waypoint knows: Service ports that cannot be listened on. */
import type { StatusReport } from "@waystone/controller/status/report";
import type { PortProblem } from "@waystone/waypoint/worker/port-problem";

export function withPortProblems(report: StatusReport, portProblems: readonly PortProblem[]): StatusReport {
  if (portProblems.length === 0) return report;
  const services = report.services.map((service) => {
    const key = `${service.namespace}/${service.name}`;
    const own = portProblems.filter((problem) => problem.service === key).map(({ message }) => message);
    if (own.length === 0) return service;
    const findings = own.map((message) => ({ severity: "error" as const, message, text: message }));
    return {
      ...service,
      problems: [...service.problems, ...own],
      findings: [...service.findings, ...findings],
    };
  });
  return { ...report, services };
}
