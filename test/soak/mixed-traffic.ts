/**
 * Minutes of every kind of traffic while routes and endpoints change: no request may fail that was not asked to, and what is
 * held after garbage was collected may not grow. The second part is compared with the first, constructor by constructor.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { SoakBed } from "./bed.ts";
import { type Checks, mebibyte, mib } from "./checks.ts";
import { type Census, growthSince } from "./heap-census.ts";
import { lanes } from "./lanes.ts";
import type { LeftBehind } from "./left-behind.ts";
import { LiveHeap } from "./live-heap.ts";
import { rssBytes, slopePerMinute } from "./process-figures.ts";

const sampleMs = 1000;
/** Collecting all garbage stops every thread for some tens of milliseconds. */
const heapSampleMs = 10_000;
/**
 * What is left after garbage was collected, over the last two thirds: a leak of 8 bytes for each of the thousand exchanges a second
 * shows. Nothing else grows there, so a busy machine, or a slow one, makes no difference to it.
 */
const heapMibPerMinute = 0.5;
/** Before that, code is still being compiled, caches fill, and too few samples say too little. */
const steadyFromMinutes = 4;
/** RSS has garbage in it and what the allocator keeps, whose slope says nothing about leaks: it is bounded as a whole. */
const mostRssMib = 512;
const constructorsShown = 12;

interface Samples {
  readonly rss: number[];
  readonly heaps: number[];
}

interface LaneReport {
  readonly name: string;
  times: number;
  readonly failures: Map<string, number>;
}

/** For a bed with one waypoint, whose inspector listens. */
export async function playMixedTraffic(
  bed: SoakBed,
  minutes: number,
  left: LeftBehind,
  checks: Checks,
): Promise<void> {
  const [waypoint] = bed.waypoints;
  const [, url = ""] = await waypoint!.find(/Debugger listening on (ws:\S+)/, "its inspector listens");
  const heap = await LiveHeap.open(url);
  try {
    await playBothParts(bed, minutes, heap, left, checks);
  } finally {
    heap.close();
  }
}

async function playBothParts(
  bed: SoakBed,
  minutes: number,
  heap: LiveHeap,
  left: LeftBehind,
  checks: Checks,
): Promise<void> {
  const samples: Samples = { rss: [], heaps: [] };
  const reports = lanes.map(({ name }): LaneReport => ({ name, times: 0, failures: new Map() }));
  await play(bed, minutes / 3, heap, samples, reports);
  await left.expectNothing(checks);
  const warm = await heap.census();
  await play(bed, (2 * minutes) / 3, heap, samples, reports);
  for (const report of reports) expectNoFailure(report, checks);
  expectNoGrowth(samples, minutes, heap.threads, checks);
  await left.expectNothing(checks);
  for (const [thread, now] of (await heap.census()).entries())
    checks.note(`thread ${thread} at rest: ${describeGrowth(warm[thread] ?? new Map(), now)}`);
}

async function play(
  bed: SoakBed,
  minutes: number,
  heap: LiveHeap,
  { rss, heaps }: Samples,
  reports: readonly LaneReport[],
): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  await Promise.all([
    ...lanes.map(async (lane, at) => await runLane(bed, lane, reports[at]!, end)),
    change(bed, end),
    sample(end, sampleMs, rss, () => rssBytes(bed.waypoints[0]!.pid)),
    sample(end, heapSampleMs, heaps, async () => await heap.bytes()),
  ]);
}

async function runLane(
  { places }: SoakBed,
  { once }: (typeof lanes)[number],
  report: LaneReport,
  end: number,
): Promise<void> {
  while (performance.now() < end) {
    report.times += 1;
    try {
      await once(places);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      report.failures.set(text, (report.failures.get(text) ?? 0) + 1);
    }
    await sleep(5);
  }
}

/** Routes twice a second, endpoints every two seconds: one goes, and comes back. */
async function change(bed: SoakBed, end: number): Promise<void> {
  for (let changes = 0; performance.now() < end; changes++) {
    await bed.writeRoute(changes);
    if (changes % 4 === 0) await bed.writeEndpoints(changes % 8 === 0 ? 1 : 2);
    await sleep(500);
  }
}

async function sample(
  end: number,
  everyMs: number,
  samples: number[],
  take: () => number | Promise<number>,
): Promise<void> {
  for (let at = performance.now(); at < end; at += everyMs) {
    await sleep(Math.max(0, at - performance.now()));
    samples.push(await take());
  }
}

function expectNoFailure({ name, times, failures }: LaneReport, checks: Checks): void {
  const said = [...failures].map(([text, count]) => `; ${count} x ${text}`).join("");
  checks.expect(failures.size === 0, `${name}: ${times} times${said}`);
}

function expectNoGrowth({ rss, heaps }: Samples, minutes: number, threads: number, checks: Checks): void {
  const rate = (values: readonly number[], everyMs: number): number =>
    slopePerMinute(values.slice(Math.floor(values.length / 3)), everyMs) / mebibyte;
  const rateOfHeap = rate(heaps, heapSampleMs);
  checks.note(
    `after collecting garbage, every 10 s: ${heaps.map((each) => (each / mebibyte).toFixed(1)).join(" ")} MiB`,
  );
  checks.expect(
    rateOfHeap <= heapMibPerMinute || minutes < steadyFromMinutes,
    `heaps and buffers of ${threads} threads after collecting garbage: ${mib(heaps[0] ?? 0)} at first, ` +
      `${mib(heaps.at(-1) ?? 0)} at last, ${rateOfHeap.toFixed(2)} MiB more a minute over the last two thirds`,
  );
  const most = Math.max(...rss);
  checks.expect(
    most <= mostRssMib * mebibyte,
    `resident memory: ${mib(most)} at most, ${rate(rss, sampleMs).toFixed(2)} MiB more a minute`,
  );
}

/** What the second part of the traffic left, the most first. */
function describeGrowth(warm: Census, now: Census): string {
  const grown = growthSince(warm, now).slice(0, constructorsShown);
  return grown.map(({ name, count, bytes }) => `${bytes} bytes of ${name} (${count})`).join(", ");
}
