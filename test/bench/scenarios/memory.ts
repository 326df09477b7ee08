/** Memory: idle, per idle connection, and behind a reader that is slower than the sender. */
import { setTimeout as sleep } from "node:timers/promises";
import { gibibyteTarget } from "../backend.ts";
import { openIdleConnections } from "../load/idle-connections.ts";
import { readSlowly } from "../load/slow-reader.ts";
import type { Measurement, Scenario, ScenarioRun } from "./scenario.ts";

const proxies = ["waystone", "nginx", "haproxy", "envoy"];
const connections = 10_000;
const http2Connections = 5_000;
const settleMs = 3_000;

export const idleScenario: Scenario = {
  name: "idle-connections",
  title: "10,000 idle connections",
  routes: 1,
  form: "waypoint",
  peers: proxies,
  once: true,
  metrics: [
    { key: "idleMegabytes", title: "RSS MB, idle", digits: 1 },
    { key: "kilobytesPerConnection", title: "kB per connection", digits: 2 },
  ],
  measure: async (run) => await measureIdle(run, connections, false),
};

export const idleHttp2Scenario: Scenario = {
  name: "idle-http2",
  title: "5,000 idle HTTP/2 connections",
  routes: 1,
  form: "waypoint",
  peers: ["waystone", "haproxy", "envoy"],
  once: true,
  metrics: [{ key: "kilobytesPerConnection", title: "kB per connection", digits: 2 }],
  measure: async (run) => await measureIdle(run, http2Connections, true),
};

async function measureIdle(
  { peer, routes }: ScenarioRun,
  count: number,
  isHttp2: boolean,
): Promise<Measurement> {
  const rssBytes = (): number => peer.process?.rssBytes() ?? 0;
  await sleep(settleMs);
  const idle = rssBytes();
  const held = await openIdleConnections(peer.port, peer.host, routes.target, count, isHttp2);
  await sleep(settleMs);
  if (held.open < count) throw new Error(`only ${held.open} of ${count} connections stayed open`);
  const full = rssBytes();
  await held.close();
  return { idleMegabytes: idle / 1e6, kilobytesPerConnection: (full - idle) / 1000 / count };
}

export const slowReaderScenario: Scenario = {
  name: "slow-reader",
  title: "1 GiB to a reader of 64 MiB/s",
  routes: 1,
  form: "run",
  peers: proxies,
  once: true,
  metrics: [{ key: "growthMebibytes", title: "RSS growth MiB", digits: 1 }],
  async measure({ peer }) {
    const rssBytes = (): number => peer.process?.rssBytes() ?? 0;
    const slow = { host: peer.host, port: peer.port, target: gibibyteTarget, bytesPerSecond: 64 * 2 ** 20 };
    // A first short download, so that code and buffers which any download needs are not counted as growth.
    await readSlowly({ ...slow, bytes: 32 * 2 ** 20, onStep: () => {} });
    const before = rssBytes();
    let most = before;
    const onStep = (): void => {
      most = Math.max(most, rssBytes());
    };
    await readSlowly({ ...slow, bytes: 2 ** 30, onStep });
    return { growthMebibytes: (most - before) / 2 ** 20 };
  },
};
