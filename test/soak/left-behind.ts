/** What waypoints have open when nobody uses them: by their own count of connections and requests, and by the kernel's of descriptors. */
import { setTimeout as sleep } from "node:timers/promises";
import type { WaystoneProcess } from "../../examples/harness/waystone-process.ts";
import type { Checks } from "./checks.ts";
import { descriptorCount } from "./process-figures.ts";

/** Our own questions to the admin address are connections too. */
const ownDescriptors = 4;
/** Connections to endpoints are kept for a while: 4 s of HTTP/1.1, a minute of HTTP/2. */
const patienceMs = 80_000;

export class LeftBehind {
  readonly #waypoints: readonly WaystoneProcess[];
  readonly #before: readonly number[];

  /** To be made before the first connection. */
  constructor(waypoints: readonly WaystoneProcess[]) {
    this.#waypoints = waypoints;
    this.#before = waypoints.map(({ pid }) => descriptorCount(pid));
  }

  async expectNothing(checks: Checks): Promise<void> {
    const end = performance.now() + patienceMs;
    for (;;) {
      await sleep(1000);
      let [open, active, more] = [0, 0, 0];
      for (const [at, waypoint] of this.#waypoints.entries()) {
        const admin = await waypoint.admin();
        open += await metric(admin, "waystone_downstream_connections");
        active += await underWay(admin);
        more += Math.max(0, descriptorCount(waypoint.pid) - this.#before[at]! - ownDescriptors);
      }
      const isNothing = open + active + more === 0;
      if (!isNothing && performance.now() < end) continue;
      const left = `${open} client connections, ${active} requests under way, ${more} more descriptors`;
      return checks.expect(isNothing, `left: ${left}`);
    }
  }
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
