/**
 * `npm run test:soak [-- --minutes N] [--idle N]`: mixed traffic on a waypoint process while routes and endpoints change, then very many idle
 * connections. Nothing may fail that was not asked to, nothing may be left afterwards, memory must not grow. Ends with "N passed, N
 * failed".
 */
import { mkdtemp, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readDescriptorLimit } from "@waystone/base/descriptor-limit";
import { freePort } from "@waystone/testkit/free-port";
import { WaystoneProcess } from "../../examples/harness/waystone-process.ts";
import { Child } from "../attacks/child.ts";
import type { SoakPorts } from "./backend-process.ts";
import { holdIdle, idleKinds } from "./idle.ts";
import { lanes } from "./lanes.ts";
import { LiveHeap } from "./live-heap.ts";
import { type SoakPlaces, servicesOf, writeEndpoints, writeRoute, writeServices } from "./manifests.ts";
import { descriptorCount, rssBytes, slopePerMinute } from "./process-figures.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, idle: { type: "string", default: "10000" } },
});
const minutes = Number(values.minutes);
const sampleMs = 1000;
const mebibyte = 1024 * 1024;
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
/** A second is wanted; waypoint, clients and endpoints share two processors here, and maybe with others. */
const closingMs = 5_000;
/** Our own questions to the admin address are connections too. */
const ownDescriptors = 4;
let passed = 0;
let failed = 0;

function check(isFine: boolean, what: string): void {
  console.log(`${isFine ? "ok     " : "FAILED "} ${what}`);
  if (isFine) passed += 1;
  else failed += 1;
}

const address = "127.76.0.1";
const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-soak-"));
const backend = new Child("../soak/backend-process.ts", { core: 0 });
const endpoints = await backend.next<SoakPorts>();
const places: SoakPlaces = {
  address,
  http: await freePort(address),
  grpc: await freePort(address),
  tcp: await freePort(address),
};
const services = servicesOf(places, endpoints);
await writeServices(folder, address, services);
await writeEndpoints(folder, services, 2);
await writeRoute(folder, places.http, 0);
const flags = ["--admin", "127.0.0.1:0", "--access-log", "off", "--workers", "2"];
const environment = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };
const waystone = new WaystoneProcess(["run", "-f", folder, ...flags], { environment });
let heap: LiveHeap | undefined;
try {
  await waystone.find(/ serving/, "it serves", 60_000);
  const [, url = ""] = await waystone.find(/Debugger listening on (ws:\S+)/, "its inspector listens");
  heap = await LiveHeap.open(url);
  await soak(await waystone.admin(), heap);
} finally {
  heap?.close();
  await waystone.stop();
  await backend.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function soak(admin: string, live: LiveHeap): Promise<void> {
  const before = descriptorCount(waystone.pid);
  const end = performance.now() + minutes * 60_000;
  const rss: number[] = [];
  const heaps: number[] = [];
  await Promise.all([
    ...lanes.map(async (lane) => await runLane(lane, end)),
    change(end),
    sample(end, sampleMs, rss, () => rssBytes(waystone.pid)),
    sample(end, heapSampleMs, heaps, async () => await live.bytes()),
  ]);
  expectNoGrowth(live, heaps, rss);
  await expectNothingLeft(admin, before);
  await holdEachKind(admin, before);
  check(!waystone.hasExited, "the process is the one that was started");
}

async function runLane({ name, once }: (typeof lanes)[number], end: number): Promise<void> {
  let times = 0;
  const failures = new Map<string, number>();
  while (performance.now() < end) {
    times += 1;
    try {
      await once(places);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      failures.set(text, (failures.get(text) ?? 0) + 1);
    }
    await sleep(5);
  }
  const said = [...failures].map(([text, count]) => `${count} x ${text}`).join("; ");
  check(failures.size === 0, `${name}: ${times} times${said === "" ? "" : `; ${said}`}`);
}

/** Routes twice a second, endpoints every two seconds: one goes, and comes back. */
async function change(end: number): Promise<void> {
  let changes = 0;
  for (; performance.now() < end; changes++) {
    await writeRoute(folder, places.http, changes);
    if (changes % 4 === 0) await writeEndpoints(folder, services, changes % 8 === 0 ? 1 : 2);
    await sleep(500);
  }
  check(changes > 0, `configuration changed ${changes} times meanwhile`);
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

function expectNoGrowth(live: LiveHeap, heaps: readonly number[], rss: readonly number[]): void {
  const rate = (values: readonly number[], everyMs: number): number =>
    slopePerMinute(values.slice(Math.floor(values.length / 3)), everyMs) / mebibyte;
  const rateOfHeap = rate(heaps, heapSampleMs);
  check(
    rateOfHeap <= heapMibPerMinute || minutes < steadyFromMinutes,
    `heaps and buffers of ${live.threads} threads after collecting garbage: ${mib(heaps[0] ?? 0)} at first, ` +
      `${mib(heaps.at(-1) ?? 0)} at last, ${rateOfHeap.toFixed(2)} MiB more a minute over the last two thirds`,
  );
  const most = Math.max(...rss);
  check(
    most <= mostRssMib * mebibyte,
    `resident memory: ${mib(most)} at most, ${rate(rss, sampleMs).toFixed(2)} MiB more a minute`,
  );
}

async function expectNothingLeft(admin: string, before: number): Promise<void> {
  // Connections to endpoints are kept for a while: 4 s of HTTP/1.1, a minute of HTTP/2.
  const end = performance.now() + 80_000;
  let left = "";
  do {
    await sleep(1000);
    const open = await metric(admin, "waystone_downstream_connections");
    const active = await underWay(admin);
    const more = Math.max(0, descriptorCount(waystone.pid) - before - ownDescriptors);
    left = `${open} client connections, ${active} requests under way, ${more} more descriptors`;
    if (open === 0 && active === 0 && more <= 0) break;
  } while (performance.now() < end);
  check(
    left.startsWith("0 client connections, 0 requests under way") && !/ [1-9]\d* more/.test(left),
    `left: ${left}`,
  );
}

async function holdEachKind(admin: string, before: number): Promise<void> {
  // Two descriptors each, in the waypoint; it keeps some for itself.
  const most = Math.floor(readDescriptorLimit() / 2) - 300;
  const count = Math.min(Number(values.idle), most);
  if (count < Number(values.idle))
    console.log(`        ${count} connections, as the descriptors allow no more`);
  for (const kind of idleKinds) {
    const rss = rssBytes(waystone.pid);
    const sockets = await holdIdle(places, kind, count);
    await sleep(2000);
    const open = sockets.filter(({ destroyed }) => !destroyed).length;
    const each = (rssBytes(waystone.pid) - rss) / count / 1024;
    check(open === count, `${open} of ${count} ${kind} held, ${each.toFixed(1)} KiB each`);
    if (kind === "WebSocket tunnels") await expectClosing(sockets);
    for (const socket of sockets) socket.destroy();
    await sleep(1000);
  }
  await expectNothingLeft(admin, before);
}

/** A route that leads them nowhere any more: from the write of its file until the last one has heard. */
async function expectClosing(sockets: readonly Socket[]): Promise<void> {
  const isOpen = ({ destroyed }: Socket): boolean => !destroyed;
  await writeRoute(folder, places.http, 0, "/elsewhere");
  const begin = performance.now();
  while (sockets.some(isOpen) && performance.now() < begin + 20_000) await sleep(5);
  const tookMs = performance.now() - begin;
  const left = sockets.filter(isOpen).length;
  check(
    left === 0 && tookMs <= closingMs,
    `${sockets.length} tunnels that a route allows no more: ${left} open ${tookMs.toFixed(0)} ms after its file was written`,
  );
  await writeRoute(folder, places.http, 0);
}

async function metric(admin: string, name: string): Promise<number> {
  const lines = (await (await fetch(`http://${admin}/metrics`)).text()).split("\n");
  const ours = lines.filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return ours.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** By the endpoints' own count. */
async function underWay(admin: string): Promise<number> {
  const text = await (await fetch(`http://${admin}/config_dump`)).text();
  return [...text.matchAll(/"active": ?(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

function mib(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
