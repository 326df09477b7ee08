/**
 * What policies cost: the same small GET through more and more of them. Before the first round both sides are asked what they must refuse: a
 * proxy that lets everything through is fast and useless.
 */
import { readFileSync, truncateSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  benchHeader,
  type BenchPolicies,
  type PolicyShape,
  seenHeader,
  subject,
  tokenHeader,
} from "../policies.ts";
import type { Measurement, Scenario, ScenarioRun } from "./scenario.ts";
import { measureTraffic, trafficScenario } from "./traffic.ts";
import { usualMetrics } from "./warm-up.ts";

const nothing: PolicyShape = { rules: 0, checksToken: false, changesHeaders: false, writesLog: false };
const peers = ["waystone", "envoy"];

function policyScenario(name: string, title: string, shape: Partial<PolicyShape>): Scenario {
  return {
    ...trafficScenario(name, title, 1, { connections: 64 }, usualMetrics),
    policies: { ...nothing, ...shape },
    peers,
    measure: measurePolicies,
  };
}

async function measurePolicies(run: ScenarioRun): Promise<Measurement> {
  const { round, policies, peer } = run;
  if (policies === undefined) throw new Error("a row about policies has none");
  const headers = tokenHeader(policies.token);
  if (round === 0) await checkRefusals(run, policies);
  if (peer.accessLog !== undefined) truncateSync(peer.accessLog);
  const measured = await measureTraffic(run, { connections: 64, headers: headerFlags(headers) });
  if (peer.accessLog !== undefined) await checkLog(peer.accessLog, measured["requests"] ?? 0);
  return measured;
}

function headerFlags(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
}

/** What comes back is what was asked for, and what must not pass does not. */
async function checkRefusals({ peer, routes }: ScenarioRun, policies: BenchPolicies): Promise<void> {
  const { checksToken, changesHeaders, denies, allows, token, forgedToken } = policies;
  const ask = async (target: string, shown?: string): Promise<string> => {
    const headers: Record<string, string> = {
      connection: "close",
      [benchHeader.name]: "the client's",
      "x-user": "mallory",
    };
    if (shown !== undefined) Object.assign(headers, tokenHeader(shown));
    const response = await fetch(`http://${peer.host}:${peer.port}${target}`, { headers });
    await response.arrayBuffer();
    return response.ok ? `200 ${response.headers.get(seenHeader) ?? ""}` : String(response.status);
  };
  const user = checksToken ? subject : "mallory";
  const bench = changesHeaders ? benchHeader.value : "the client's";
  const wanted = [
    [await ask(routes.target, token), `200 ${user}${bench}`],
    ...(checksToken
      ? [
          [await ask(routes.target, forgedToken), "401"],
          [await ask(routes.target), "401"],
        ]
      : []),
    ...(denies.length > 0 ? [[await ask(`${denies.at(-1)!.path}x`, token), "403"]] : []),
    ...(allows.length > 0 ? [[await ask("/elsewhere", token), "403"]] : []),
  ];
  const wrong = wanted.filter(([got, want]) => got !== want);
  if (wrong.length > 0) throw new Error(`not what the policies say: ${JSON.stringify(wrong)}`);
}

/** Of the last lines some wait for more. */
const writtenAtLeast = 0.99;
const flushedMs = 300;

/** A line for each request that was answered: both write the code as a number. */
async function checkLog(file: string, requests: number): Promise<void> {
  await sleep(flushedMs);
  const written = readFileSync(file, "latin1");
  const lines = written.split('"response_code":200').length - 1;
  if (lines < requests * writtenAtLeast)
    throw new Error(`${lines} lines in the access log, for ${requests} requests`);
}

const all: Partial<PolicyShape> = { rules: 20, checksToken: true, changesHeaders: true, writesLog: true };

export const policyScenarios: readonly Scenario[] = [
  policyScenario("policies", "small GET, 20 rules, JWT, headers, access log", all),
  policyScenario("policies-none", "the same GET, no policies", {}),
  policyScenario("policies-rules", "20 rules alone", { rules: 20 }),
  policyScenario("policies-token", "JWT alone, its signature remembered", { checksToken: true }),
  policyScenario("policies-headers", "request headers changed alone", { changesHeaders: true }),
  policyScenario("policies-log", "access log alone", { writesLog: true }),
  policyScenario("authorizer-grpc", "an authorizer asked over gRPC", { authorizer: "grpc" }),
  policyScenario("authorizer-http", "an authorizer asked over HTTP", { authorizer: "http" }),
];
