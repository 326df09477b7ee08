/**
 * `bin/node test/bench/many-policies/run.ts [--rounds N] [--seconds N] [--changes N]`: what 1,000 policies over 500 Services cost, beside 10 over
 * 5, through two waypoints, each beside a controller: CPU per request of the same load on the same five Services, taken in turns, and
 * the time from the write of one policy's file until an answer shows it.
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { freePort } from "@waystone/testkit/free-port";
import { loadCore } from "../../process/process-group.ts";
import { startBackend } from "../backend.ts";
import { openProber } from "../load/prober.ts";
import { runWrk } from "../load/wrk.ts";
import { type RunningPeer, untilServing } from "../peers/peer.ts";
import { repository, startBesideController } from "../peers/waystone.ts";
import { warmUp } from "../scenarios/warm-up.ts";
import { median, percentile } from "../statistics.ts";
import {
  addressOf,
  type PolicedServices,
  policiesPerService,
  probeTarget,
  target,
  writeDeny,
  writePolicedServices,
} from "./policed-services.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    changes: { type: "string", default: "100" },
  },
});
const seconds = Number(values.seconds);

/** Both sizes are asked by the same clients at as many Services. */
const askedServices = 5;
const connectionsEach = 12;
const sizes = [askedServices, 500];

interface Side extends PolicedServices {
  readonly waypoint: Pick<RunningPeer, "process" | "stop">;
  readonly cpuUs: number[];
  readonly changeMs: number[];
}

async function openSide(folder: string, count: number, backendPort: number): Promise<Side> {
  await mkdir(folder);
  const services = { folder, count, port: await freePort(addressOf(0)), backendPort };
  const waypoint = await startBesideController(repository, await writePolicedServices(services));
  for (const at of [...askedPlaces(count), count - 1])
    await untilServing(`http://${addressOf(at)}:${services.port}${target}`, waypoint.process);
  return { ...services, waypoint, cpuUs: [], changeMs: [] };
}

/** Spread over all of them. */
function askedPlaces(count: number): readonly number[] {
  return Array.from({ length: askedServices }, (_, at) => Math.floor((at * count) / askedServices));
}

async function load({ count, port, folder }: Side, forSeconds: number): Promise<number> {
  const results = await Promise.all(
    askedPlaces(count).map(async (at) => {
      const url = `http://${addressOf(at)}:${port}${target}`;
      return await runWrk({ url, seconds: forSeconds, connections: connectionsEach, folder });
    }),
  );
  const errors = results.reduce((sum, result) => sum + result.errors, 0);
  if (errors > 0) throw new Error(`${errors} requests failed`);
  return results.reduce((sum, { requests }) => sum + requests, 0);
}

async function measureCpu(side: Side, round: number): Promise<void> {
  await warmUp(round, async () => await load(side, 1));
  const before = side.waypoint.process?.cpuUs() ?? 0;
  const requests = await load(side, seconds);
  side.cpuUs.push(((side.waypoint.process?.cpuUs() ?? 0) - before) / requests);
}

/** Between two writes; else the controller gathers them. */
const pauseMs = 20;

async function measureChanges(side: Side, changes: number): Promise<void> {
  for (let number = 1; number <= changes; number += 1) {
    const at = (number * 37) % side.count;
    const prober = await openProber({ host: addressOf(at), port: side.port });
    const start = performance.now();
    await writeDeny(side, at, number);
    await prober.until(probeTarget(number), ({ status }) => status === 403);
    side.changeMs.push(performance.now() - start);
    prober.close();
    await sleep(pauseMs);
  }
  side.changeMs.sort((a, b) => a - b);
}

function printTable(sides: readonly Side[]): void {
  const rows: readonly (readonly [string, (side: Side) => number])[] = [
    ["CPU us/request, median", ({ cpuUs }) => median(cpuUs)],
    ["CPU us/request, least", ({ cpuUs }) => Math.min(...cpuUs)],
    ["one policy, write to effect, p50 ms", ({ changeMs }) => percentile(changeMs, 50)],
    ["one policy, write to effect, p99 ms", ({ changeMs }) => percentile(changeMs, 99)],
  ];
  const cells = rows.map(([title, of]) => {
    const figures = sides.map(of);
    return [title, ...figures.map((each) => each.toFixed(1)), `${(figures[1]! / figures[0]!).toFixed(2)}x`];
  });
  const titles = sides.map(({ count }) => `${count * policiesPerService} policies`);
  const lines = [["figure", ...titles, "ratio"], ["---", "---:", "---:", "---:"], ...cells];
  for (const line of lines) console.log(`| ${line.join(" | ")} |`);
  console.log(`\n${os.cpus()[0]?.model}, load average ${os.loadavg()[0]?.toFixed(1)}`);
}

// This process makes load too: it stays off the proxies' core.
execFileSync("taskset", ["-a", "-cp", String(loadCore), String(process.pid)]);
const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-many-"));
const backend = await startBackend(path.join(folder, "backend"));
const sides: Side[] = [];
try {
  for (const count of sizes)
    sides.push(await openSide(path.join(folder, String(count)), count, backend.port));
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const side of sides) await measureCpu(side, round);
  for (const side of sides) await measureChanges(side, Number(values.changes));
  printTable(sides);
} finally {
  for (const side of sides) await side.waypoint.stop();
  await backend.stop();
  await rm(folder, { recursive: true, force: true });
}
