/**
 * `npm run test:soak [-- --minutes N] [--idle N] [--only traffic|idle|tunnels]`: mixed traffic on a waypoint process while routes and
 * endpoints change, then very many idle connections of each kind, then a route that allows the tunnels no more. Nothing may fail
 * that was not asked to, nothing may be left afterwards, memory must not grow. Ends with "N passed, N failed".
 */
import { parseArgs } from "node:util";
import { readDescriptorLimit } from "@waystone/base/descriptor-limit";
import { SoakBed } from "./bed.ts";
import { Checks } from "./checks.ts";
import { holdIdle } from "./idle.ts";
import { type IdleKind, idleKinds } from "./holder-process.ts";
import { LeftBehind } from "./left-behind.ts";
import { playMixedTraffic } from "./mixed-traffic.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    idle: { type: "string", default: "10000" },
    only: { type: "string" },
  },
});

const parts = ["traffic", "idle", "tunnels"];
/** Of all the waypoints together: there are two processors. */
const workers = 2;
/** Each tunnel is two descriptors of the waypoint, and it keeps some for itself. */
const mostTunnels = Math.floor(readDescriptorLimit() / 2) - 300;
const checks = new Checks();

if (values.only !== undefined && !parts.includes(values.only))
  throw new Error(`--only ${values.only} is no part of it: one of ${parts.join(", ")}`);
const wants = (part: string): boolean => values.only === undefined || values.only === part;
if (wants("traffic")) {
  await onBed(1, async (bed, left) => await playMixedTraffic(bed, Number(values.minutes), left, checks));
}
const kinds: readonly IdleKind[] = values.only === "tunnels" ? ["WebSocket tunnels"] : idleKinds;
if (wants("idle") || wants("tunnels")) {
  const count = Number(values.idle);
  const waypoints = Math.ceil(count / mostTunnels);
  checks.note(
    `${count} connections of a kind, on ${waypoints} waypoints of ${mostTunnels} at most, by their descriptors`,
  );
  await onBed(waypoints, async (bed, left) => await holdIdle(bed, kinds, count, left, checks));
}
console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed === 0 ? 0 : 1;

/** Every part has processes of its own: what one left in them is no part of another's figures. */
async function onBed(
  waypoints: number,
  play: (bed: SoakBed, left: LeftBehind) => Promise<void>,
): Promise<void> {
  const inspected = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };
  const bed = await SoakBed.open({
    waypoints,
    workers: Math.max(1, workers / waypoints),
    environment: inspected,
  });
  try {
    await play(bed, new LeftBehind(bed.waypoints));
    checks.expect(
      bed.waypoints.every(({ hasExited }) => !hasExited),
      "the processes are those that were started",
    );
  } finally {
    await bed.close();
  }
}
