/** What stays open: WebSocket messages and gRPC streams, tunnels that say nothing, and tunnels whose reader has stopped. */
import { setTimeout as sleep } from "node:timers/promises";
import { floodTarget } from "../echo-backend.ts";
import { grpcMessage } from "../load/h2load.ts";
import { type Line, openCalls, openTunnels, playPingPong } from "../load/ping-pong.ts";
import type { Measurement, Metric, Scenario, ScenarioRun } from "./scenario.ts";

const perMessage: readonly Metric[] = [
  { key: "cpuUsPerMessage", title: "CPU us/message there and back", digits: 1 },
  { key: "messagesPerSecond", title: "messages/s", digits: 0 },
];
const tunnelPeers = ["waystone", "nginx", "haproxy", "envoy"];
/** Each takes two descriptors of the proxy. */
const idleTunnels = 8_000;
const stoppedTunnels = 100;
const settleMs = 3_000;

async function measureMessages(
  run: ScenarioRun,
  lines: readonly Line[],
  message: Buffer,
): Promise<Measurement> {
  const { seconds, peer } = run;
  if (run.round === 0) await playPingPong(lines, message, 2);
  const before = peer.process?.cpuUs() ?? 0;
  const messages = await playPingPong(lines, message, seconds);
  const cpuUs = (peer.process?.cpuUs() ?? 0) - before;
  return { cpuUsPerMessage: cpuUs / messages, messagesPerSecond: messages / seconds };
}

const webSocketMessages: Scenario = {
  name: "websocket-messages",
  title: "WebSocket messages of 64 bytes, 64 tunnels",
  routes: 1,
  form: "run",
  echo: true,
  peers: tunnelPeers,
  metrics: perMessage,
  async measure(run) {
    const tunnels = await openTunnels(run.peer, run.routes.target, 64);
    for (const tunnel of tunnels) tunnel.resume();
    try {
      return await measureMessages(run, tunnels, Buffer.alloc(64, "x"));
    } finally {
      for (const tunnel of tunnels) tunnel.destroy();
    }
  },
};

const grpcStreams: Scenario = {
  name: "grpc-streams",
  title: "gRPC messages of 64 bytes, 4 x 16 streams",
  routes: 1,
  form: "run",
  echo: true,
  backendSpeaksHttp2: true,
  peers: ["waystone", "haproxy", "envoy"],
  metrics: perMessage,
  async measure(run) {
    const calls = await openCalls(run.peer, "/bench.Echo/Chat", 4, 16);
    try {
      return await measureMessages(run, calls.lines, grpcMessage(64));
    } finally {
      calls.close();
    }
  },
};

async function growthPerTunnel(run: ScenarioRun, target: string, count: number): Promise<number> {
  const rssBytes = (): number => run.peer.process?.rssBytes() ?? 0;
  await sleep(settleMs);
  const before = rssBytes();
  const tunnels = await openTunnels(run.peer, target, count);
  await sleep(settleMs);
  const growth = rssBytes() - before;
  const open = tunnels.filter((tunnel) => !tunnel.destroyed).length;
  for (const tunnel of tunnels) tunnel.destroy();
  if (open < count) throw new Error(`only ${open} of ${count} tunnels stayed open`);
  return growth / 1000 / count;
}

const idle: Scenario = {
  name: "idle-tunnels",
  title: "8,000 idle WebSocket tunnels",
  routes: 1,
  form: "waypoint",
  echo: true,
  peers: tunnelPeers,
  once: true,
  metrics: [{ key: "kilobytesPerTunnel", title: "kB per tunnel, both connections", digits: 1 }],
  measure: async (run) => ({
    kilobytesPerTunnel: await growthPerTunnel(run, run.routes.target, idleTunnels),
  }),
};

const stopped: Scenario = {
  name: "stopped-readers",
  title: "4 MiB each to 100 WebSocket readers that have stopped",
  routes: 1,
  form: "waypoint",
  echo: true,
  peers: tunnelPeers,
  once: true,
  metrics: [{ key: "kilobytesPerTunnel", title: "kB per tunnel", digits: 0 }],
  measure: async (run) => ({ kilobytesPerTunnel: await growthPerTunnel(run, floodTarget, stoppedTunnels) }),
};

export const tunnelScenarios: readonly Scenario[] = [webSocketMessages, grpcStreams, idle, stopped];
