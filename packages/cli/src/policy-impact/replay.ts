/**
 * What a world says to a request of a log: the verdict and who decided, or why that cannot be told. Clients are who the log says
 * that they were, and not who has their addresses by now.
 */
import type { ServiceModel } from "@waystone/controller/model/service";
import type { Explanation } from "@waystone/engine/explain/explanation";
import type { WorkloadState } from "@waystone/waypoint/store/snapshot";
import { CliError } from "../cli-error.ts";
import type { Asker } from "../explain/ask.ts";
import type { FoundClient } from "../explain/find-client.ts";
import { findPort } from "../explain/find-port.ts";
import type { World } from "../explain/world.ts";
import { bareName, verdictOf } from "../policy-test/judge-test.ts";
import type { LoggedCaller } from "./logged-caller.ts";
import { type LogLine, loggedHeaders } from "./log-line.ts";

export type Replayed =
  | { readonly verdict: string; readonly policies: readonly string[]; readonly service: string }
  | { readonly unknown: string };

/** "<name>.<namespace>:<port>" of the port that the line is about; undefined: nobody knows it. */
export function askedPort(world: World, { local, authority }: LogLine): string | undefined {
  for (const service of world.model.services.list()) {
    const port = service.ports.find(({ listen }) => listen.some((place) => isAt(place, local)));
    if (port !== undefined) return nameOf(service, port.port);
  }
  try {
    const { service, port } = findPort(world, /:\d+$/.test(authority) ? authority : `${authority}:80`);
    return nameOf(service, port.port);
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

function isAt(
  { address, port }: { readonly address: string; readonly port: number },
  local: string,
): boolean {
  if (local === `${address}:${port}` || local === `[${address}]:${port}`) return true;
  return address === "::" && local.endsWith(`:${port}`);
}

function nameOf({ name, namespace }: ServiceModel, port: number): string {
  return `${name}.${namespace}:${port}`;
}

/** `caller`: who it was, where the log says so. */
export async function replay(
  asker: Asker,
  line: LogLine,
  to: string,
  caller?: LoggedCaller,
): Promise<Replayed> {
  const missed = new Set<string>();
  const { method, path, authority } = line;
  const { explanation, asked } = await asker.askAs(clientOf(line), {
    to,
    method,
    path,
    host: authority,
    timeMs: line.timeMs,
    headers: headersOf(line),
    judgeCredentials: caller?.judge,
    onUnknownHeader: (name) => {
      if (!loggedHeaders.some((each) => each === name)) missed.add(name);
    },
  });
  if (caller?.unknown !== undefined) return { unknown: caller.unknown };
  if (missed.size > 0)
    return { unknown: `it depends on headers that logs do not have (${[...missed].join(", ")})` };
  if (explanation.assumed.length > 0 || (caller === undefined && isAboutHidden(line, explanation)))
    return { unknown: "it depends on a credential" };
  if (explanation.asks.length > 0) return { unknown: "it depends on what an external authorizer says" };
  const policies = [...new Set(explanation.outcomes.flatMap((outcome) => outcome.policies.map(bareName)))];
  return {
    verdict: describe(verdictOf(explanation), explanation.outcomes[0]?.status ?? null),
    policies,
    service: asked.service.key,
  };
}

/** A credential in the query, of which logs show that it was there (hideParameters): it is not known what it was. */
function isAboutHidden({ path }: LogLine, { outcomes }: Explanation): boolean {
  return /[?&][^&]*=\.\.\.(?:&|$)/.test(path) && outcomes.some(({ kind }) => kind === "credential-refused");
}

/** "deny 403" */
function describe(verdict: string, status: number | null): string {
  return verdict === "deny" && status !== null ? `deny ${status}` : verdict;
}

function headersOf({ userAgent, forwardedFor }: LogLine): readonly (readonly [string, string])[] {
  const headers: [string, string][] = [];
  if (userAgent !== "") headers.push(["user-agent", userAgent]);
  if (forwardedFor !== "") headers.push(["x-forwarded-for", forwardedFor]);
  return headers;
}

function clientOf({ address, namespace, serviceAccount }: LogLine): FoundClient {
  const text = nameClient({ address, namespace, serviceAccount });
  if (namespace === "") return { state: { known: false }, address, text };
  const labels = { pod: "", workload: "", app: "", version: "", canonicalService: "", canonicalRevision: "" };
  const state: WorkloadState = {
    known: true,
    labels: { ...labels, namespace, serviceAccount },
    podLabels: new Map(),
  };
  return { state, address, text };
}

/** "shop/web", or the address of somebody whom nobody knew. */
export function nameClient({
  address,
  namespace,
  serviceAccount,
}: Pick<LogLine, "address" | "namespace" | "serviceAccount">): string {
  return namespace === "" ? address || "unknown" : `${namespace}/${serviceAccount}`;
}
