/** From the write of a route's file to the first answer that shows it, with 3,000 routes in 3,000 files. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PeerSetup } from "../peers/peer.ts";
import { openProber } from "../load/prober.ts";
import { writeRoute } from "../peers/waystone-files.ts";
import { percentile } from "../statistics.ts";
import type { Scenario } from "./scenario.ts";

const changes = 200;

export const routeChangeScenario: Scenario = {
  name: "route-change",
  title: "route change to effect, 3,000 routes",
  routes: 3_000,
  form: "run",
  peers: ["waystone"],
  once: true,
  metrics: [
    { key: "p50Ms", title: "p50 ms", digits: 1 },
    { key: "p99Ms", title: "p99 ms", digits: 1 },
  ],
  async measure(run) {
    const setup: PeerSetup = { routes: run.routes, backendPort: run.backend.port, folder: run.folder };
    const prober = await openProber(run.peer);
    const took: number[] = [];
    for (let change = 0; change < changes; change += 1) {
      const at = (change * 37) % run.routes.prefixes.length;
      const start = performance.now();
      await writeRoute(setup, run.peer.port, at, change);
      await prober.until(
        `${run.routes.prefixes[at] ?? ""}/x`,
        ({ generation }) => generation === String(change),
      );
      took.push(performance.now() - start);
      await sleep(20);
    }
    prober.close();
    took.sort((a, b) => a - b);
    return { p50Ms: percentile(took, 50), p99Ms: percentile(took, 99) };
  },
};
