/**
 * A route that leads very many tunnels nowhere any more: how long until the waypoint has closed the last (its descriptors, by the
 * kernel's count), until client and endpoint have heard of it (they share two processors with it), and what another
 * client of the same waypoint notices meanwhile.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Child } from "../attacks/child.ts";
import type { PoliteAnswer, PoliteOrder } from "../attacks/polite-process.ts";
import { starvationOf } from "../attacks/processor-time.ts";
import { figuresOf } from "../attacks/spell.ts";
import { proxyCore } from "../process/process-group.ts";
import type { SoakBed } from "./bed.ts";
import type { Checks } from "./checks.ts";
import { type EndReport, monotonicMs } from "./end-times.ts";
import { allThreadsTime, descriptorCount } from "./process-figures.ts";

/** Issue 5: a second. Where others had the waypoint's processors, its clients among them, it is that much longer. */
const closingMs = 1000;
/** What a hundredth of another client's requests may take meanwhile: requests are served between turns of some milliseconds. */
const politeMs = 100;
const politeSeconds = 2;
/** Another client's connections to and through the waypoint: with so many the last of the tunnels cannot be told from them. */
const othersDescriptors = 64;
const patienceMs = 20_000;

export async function expectClosing(bed: SoakBed, holder: Child, checks: Checks): Promise<void> {
  const { open: count } = await holder.ask<EndReport>("report");
  await bed.backend.ask<EndReport>("report");
  const polite = new Child("polite-process.ts", { core: proxyCore });
  try {
    const { address: host, polite: port } = bed.places;
    const order: PoliteOrder = { host, port, seconds: politeSeconds };
    const quiet = figuresOf({ ...(await polite.ask<PoliteAnswer>(order)), starvation: 1 });
    const pids = bed.waypoints.map(({ pid }) => pid);
    const wanted = descriptorsOf(pids) - 2 * count + othersDescriptors;
    const before = pids.map(allThreadsTime);
    const answer = polite.ask<PoliteAnswer>(order);
    const begin = monotonicMs();
    await bed.writeRoute(0, "/elsewhere");
    const closed = await untilClosed(pids, wanted);
    const starvation = Math.max(...pids.map((pid, at) => starvationOf(before[at]!, allThreadsTime(pid))));
    const client = await untilHeard(holder, begin);
    const endpoint = await untilHeard(bed.backend, begin);
    const tookMs = closed - begin;
    checks.expect(
      tookMs <= closingMs * starvation && client.open + endpoint.open === 0,
      `${count} tunnels that a route allows no more: the waypoint had closed all ${tookMs.toFixed(0)} ms after the file was written ` +
        `(its threads took ${starvation.toFixed(1)} times as long as on processors of their own); the client heard of the ` +
        `first after ${client.first} and of the last after ${client.last} ms, the endpoint after ${endpoint.first} and ${endpoint.last} ms`,
    );
    const { p50Ms, p99Ms, answered, failed } = figuresOf({ ...(await answer), starvation });
    checks.expect(
      failed === 0 && p99Ms <= politeMs * starvation,
      `another client meanwhile: ${answered} answered, ${failed} failed, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms ` +
        `(before: ${quiet.p50Ms.toFixed(1)} and ${quiet.p99Ms.toFixed(1)} ms)`,
    );
    await bed.writeRoute(0);
  } finally {
    await polite.stop();
  }
}

function descriptorsOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + descriptorCount(pid), 0);
}

/** Gives back when. */
async function untilClosed(pids: readonly number[], wanted: number): Promise<number> {
  const end = monotonicMs() + patienceMs;
  while (descriptorsOf(pids) > wanted && monotonicMs() < end) await sleep(5);
  return monotonicMs();
}

interface Heard {
  readonly open: number;
  /** Milliseconds after the file was written. */
  readonly first: string;
  readonly last: string;
}

/** Until the process has heard of all ends, by its own report. */
async function untilHeard(process: Child, begin: number): Promise<Heard> {
  const end = monotonicMs() + patienceMs;
  let first: number | undefined;
  let [last, open] = [begin, 0];
  do {
    await sleep(50);
    const report = await process.ask<EndReport>("report");
    first ??= report.firstMs;
    last = report.lastMs ?? last;
    open = report.open;
  } while (open > 0 && monotonicMs() < end);
  return { open, first: ((first ?? end) - begin).toFixed(0), last: (last - begin).toFixed(0) };
}
