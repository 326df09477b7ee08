/**
 * What `waystone run` says to people when it has started: who listens where, with how many routes and endpoints, and what
 * is wrong. Made from the same report as `waystone status`.
 */
import type { ServiceReport, StatusReport } from "@waystone/controller/status/report";

export interface StartSummary {
  readonly version: string;
  readonly report: StatusReport;
  /** "address:port" of every open Service port. */
  readonly listening: readonly string[];
  /** "address:port" */
  readonly admin: string;
  readonly workers: number;
  /** One line each. */
  readonly problems: readonly string[];
}

export function renderStartSummary(summary: StartSummary): string {
  const { version, report, admin, workers, problems } = summary;
  const open = new Set(summary.listening);
  const rows = report.services.flatMap((service) => rowsOf(service, open));
  const threads = workers === 1 ? "1 worker" : `${workers} workers`;
  const lines = [`waystone ${version} serves, with ${threads}:`, "", ...alignColumns(rows), ""];
  lines.push(`admin on http://${admin} (try: waystone status --admin ${admin})`);
  if (problems.length > 0) lines.push("", ...renderProblemList(problems));
  return `${lines.join("\n")}\n`;
}

export function renderProblemList(problems: readonly string[]): readonly string[] {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${count}:`, ...problems.map((problem) => `  ${problem}`)];
}

function rowsOf({ namespace, name, ports, routes }: ServiceReport, open: ReadonlySet<string>): string[][] {
  return ports.flatMap(({ port, protocol, listen, endpoints }) =>
    listen
      .filter((place) => open.has(place))
      .map((place) => [
        protocol === "HTTP" ? `http://${place}` : `tcp://${place}`,
        `${namespace}/${name}:${port}`,
        `${endpoints.ready}/${endpoints.total} endpoints ready`,
        routes === 1 ? "1 route" : `${routes} routes`,
      ]),
  );
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => void (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ")}`.trimEnd(),
  );
}
