/** Fetches the status document from an admin address and prints it the way that was asked for. */
import { errorMessage } from "@waystone/base/error-message";
import { request } from "node:http";
import {
  renderPolicies,
  renderRouteTable,
  renderServiceTable,
} from "@waystone/controller/status/status-tables";
import type { StatusReport } from "@waystone/controller/status/report";
import { CliError } from "../cli-error.ts";
import type { StatusOptions, StatusSubject } from "../commands/status.ts";
import { formatAddress, parseAddress } from "../flags/parse-address.ts";
import { renderYaml } from "../output/render-yaml.ts";

const deadlineMs = 10_000;

export async function showStatus(
  what: StatusSubject,
  admin: string,
  { output }: StatusOptions,
): Promise<string> {
  const report = await fetchReport(formatAddress(parseAddress(admin, "--admin")));
  if (output === "table") return tables[what](report);
  const shown = what === "services" ? report : { [what]: report[what], problems: report.problems };
  return output === "json" ? `${JSON.stringify(shown, null, 2)}\n` : renderYaml(shown);
}

const tables: Readonly<Record<StatusSubject, (report: StatusReport) => string>> = {
  services: renderServiceTable,
  routes: renderRouteTable,
  policies: renderPolicies,
};

async function fetchReport(address: string): Promise<StatusReport> {
  let answer: { readonly status: number; readonly text: string };
  try {
    answer = await get(`http://${address}/status`);
  } catch (error) {
    throw new CliError(`cannot ask ${address} for its status: ${whyUnreachable(error)}`);
  }
  if (answer.status !== 200)
    throw new CliError(`${address} answered ${answer.status}: ${answer.text.trim()}`);
  const report = parseReport(answer.text);
  if (report === undefined) {
    throw new CliError(
      `what listens on ${address} is not a waystone admin address: its /status is no status report`,
    );
  }
  return report;
}

/** Not fetch, which refuses some ports for the sake of web pages. */
function get(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, signal: AbortSignal.timeout(deadlineMs) }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

function parseReport(text: string): StatusReport | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isReport = typeof value === "object" && value !== null && "services" in value && "routes" in value;
    return isReport ? (value as StatusReport) : undefined;
  } catch {
    return undefined;
  }
}

function whyUnreachable(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (code === "ECONNREFUSED")
    return "nothing listens there; is `waystone run` up, and with this --admin address?";
  if (name === "AbortError" || name === "TimeoutError") return `no answer within ${deadlineMs / 1000} s`;
  return errorMessage(error);
}
