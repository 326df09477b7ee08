/** `npm run bench`: the proxies beside each other, in one table and in JSON. Exit code 1 when a peer or a figure is missing. */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type BenchArguments, parseBenchArguments, usage } from "./arguments.ts";
import { direct } from "./peers/direct.ts";
import { envoy } from "./peers/envoy.ts";
import { haproxy } from "./peers/haproxy.ts";
import { nginx } from "./peers/nginx.ts";
import type { Peer } from "./peers/peer.ts";
import { waystone, waystoneBefore, type WaystonePeer } from "./peers/waystone.ts";
import { loadCore } from "../process/process-group.ts";
import { summariseProfiles } from "./profile-summary.ts";
import { runScenario } from "./run-scenario.ts";
import { backendTlsScenarios } from "./scenarios/backend-tls.ts";
import { byteScenarios } from "./scenarios/bytes.ts";
import { latencyScenario } from "./scenarios/latency.ts";
import { idleHttp2Scenario, idleScenario, slowReaderScenario } from "./scenarios/memory.ts";
import { policyScenarios } from "./scenarios/policies.ts";
import { routeChangeScenario } from "./scenarios/route-change.ts";
import type { Measurement, Scenario } from "./scenarios/scenario.ts";
import { http2Scenarios } from "./scenarios/http2.ts";
import { tunnelScenarios } from "./scenarios/tunnels.ts";
import { trafficScenarios } from "./scenarios/traffic.ts";
import { buildFigures, formatTable } from "./table.ts";

const allScenarios = [
  ...trafficScenarios,
  ...http2Scenarios,
  ...tunnelScenarios,
  ...byteScenarios,
  ...backendTlsScenarios,
  ...policyScenarios,
  latencyScenario,
  idleScenario,
  idleHttp2Scenario,
  slowReaderScenario,
  routeChangeScenario,
];
const failures: string[] = [];

async function findPeers({ peers, before }: BenchArguments): Promise<readonly Peer[]> {
  const found: Peer[] = [];
  const wanted: Peer[] = [waystone, nginx, haproxy, envoy, direct].filter(({ name }) => peers.includes(name));
  if (before !== undefined) wanted.splice(1, 0, waystoneBefore(before));
  for (const peer of wanted) {
    const missing = await peer.missing();
    if (missing === undefined) found.push(peer);
    else failures.push(`${peer.name} is not to be had: ${missing}`);
  }
  return found;
}

function peersOf(scenario: Scenario, peers: readonly Peer[]): readonly Peer[] {
  return peers
    .filter(({ name }) => name === "before" || (scenario.peers?.includes(name) ?? true))
    .map((peer) => (scenario.form === "waypoint" && isWaystone(peer) ? peer.asWaypoint : peer));
}

function isWaystone(peer: Peer): peer is WaystonePeer {
  return "asWaypoint" in peer;
}

async function measureAll(args: BenchArguments, scenarios: readonly Scenario[], peers: readonly Peer[]) {
  const results = new Map<string, Map<string, Measurement[]>>();
  for (const scenario of scenarios) {
    const profileFolder = args.profile ? path.resolve(".cache/bench/profiles", scenario.name) : undefined;
    console.error(`... ${scenario.name}: ${scenario.title}`);
    const onFailure = (peer: string, error: unknown): void => {
      failures.push(`${scenario.name}, ${peer}: ${error instanceof Error ? error.message : String(error)}`);
    };
    const plan = {
      peers: peersOf(scenario, peers),
      rounds: args.rounds,
      seconds: args.seconds,
      profileFolder,
      onFailure,
    };
    results.set(scenario.name, await runScenario(scenario, plan));
    if (profileFolder !== undefined) console.log(await summariseProfiles(profileFolder));
  }
  return results;
}

async function main(): Promise<void> {
  const args = parseBenchArguments(process.argv.slice(2));
  if (args.help) {
    console.log(describeUsage());
    return;
  }
  const scenarios = allScenarios.filter(({ name }) => args.only.length === 0 || args.only.includes(name));
  if (scenarios.length === 0) throw new Error(`no such scenario: ${args.only.join(", ")}`);
  // This process makes load too: it stays off the proxy's core.
  execFileSync("taskset", ["-a", "-cp", String(loadCore), String(process.pid)]);
  // What others do on this machine while it is measured: figures taken beside a load of 2 say little.
  const loadBefore = os.loadavg()[0]?.toFixed(1) ?? "unknown";
  const peers = await findPeers(args);
  const results = await measureAll(args, scenarios, peers);
  const names = peers.map(({ name }) => name);
  const figures = buildFigures(scenarios, names, results);
  const versions = Object.fromEntries(
    await Promise.all(peers.map(async (peer) => [peer.name, await peer.version()] as const)),
  );
  const machine = `${os.cpus()[0]?.model ?? "unknown"}, ${os.cpus().length} cores, Linux ${os.release()}, Node ${process.version}, load average before ${loadBefore}`;
  console.log(formatTable(scenarios, names, figures));
  console.log(
    `\n${machine}; ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`.trim())
      .join(", ")}`,
  );
  await mkdir(path.dirname(path.resolve(args.json)), { recursive: true });
  const rounds = Object.fromEntries(
    [...results].map(([name, peersOfOne]) => [name, Object.fromEntries(peersOfOne)]),
  );
  await writeFile(
    args.json,
    JSON.stringify({ at: new Date().toISOString(), machine, versions, figures, rounds, failures }, null, 2),
  );
  for (const failure of failures) console.log(`MISSING ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function describeUsage(): string {
  return `${usage}\nscenarios:\n${allScenarios.map(({ name, title }) => `  ${name.padEnd(18)}${title}`).join("\n")}`;
}

try {
  await main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${describeUsage()}`);
  process.exitCode = 1;
}
