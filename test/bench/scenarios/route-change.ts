/** From the write of a route's file to the first answer that shows it, with 3,000 routes in 3,000 files. */
import net from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { PeerSetup } from "../peers/peer.ts";
import { writeRoute } from "../peers/waystone-files.ts";
import { percentile } from "../statistics.ts";
import type { Scenario, ScenarioRun } from "./scenario.ts";

const changes = 200;
const deadlineMs = 10_000;

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
    const prober = await openProber(run);
    const took: number[] = [];
    for (let change = 0; change < changes; change += 1) {
      const at = (change * 37) % run.routes.prefixes.length;
      const start = performance.now();
      await writeRoute(setup, run.peer.port, at, change);
      await untilGeneration(prober, `${run.routes.prefixes[at] ?? ""}/x`, change, start);
      took.push(performance.now() - start);
      await sleep(20);
    }
    prober.close();
    took.sort((a, b) => a - b);
    return { p50Ms: percentile(took, 50), p99Ms: percentile(took, 99) };
  },
};

interface Prober {
  /** The value of x-generation in the answer to a GET. */
  ask(target: string): Promise<string | undefined>;
  close(): void;
}

async function untilGeneration(
  prober: Prober,
  target: string,
  generation: number,
  start: number,
): Promise<void> {
  while ((await prober.ask(target)) !== String(generation)) {
    if (performance.now() - start > deadlineMs)
      throw new Error(`change ${generation} has no effect after ${deadlineMs} ms`);
    // About one probe in half a millisecond: fine enough, and leaves the proxy its core.
    const next = performance.now() + 0.5;
    while (performance.now() < next) await nextTurn();
  }
}

async function openProber({ peer }: ScenarioRun): Promise<Prober> {
  const connected = Promise.withResolvers<void>();
  const socket = net.connect({ host: peer.host, port: peer.port, noDelay: true }, connected.resolve);
  socket.setEncoding("latin1");
  let waiting = Promise.withResolvers<string | undefined>();
  let text = "";
  socket.on("error", connected.reject);
  socket.on("close", () => waiting.reject(new Error("the proxy closed the probe's connection")));
  socket.on("data", (piece: string) => {
    text += piece;
    const head = text.indexOf("\r\n\r\n");
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (head < 0 || text.length < head + 4 + length) return;
    const generation = /\r\nx-generation: *(\d+)/i.exec(text)?.[1];
    text = "";
    waiting.resolve(generation);
  });
  await connected.promise;
  const ask = async (target: string): Promise<string | undefined> => {
    waiting = Promise.withResolvers();
    socket.write(`GET ${target} HTTP/1.1\r\nHost: bench.test\r\n\r\n`);
    return await waiting.promise;
  };
  const close = (): void => {
    waiting.promise.catch(() => {});
    socket.destroy();
  };
  return { ask, close };
}
