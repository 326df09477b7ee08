/** Bytes that nobody looks into: TCP, and TLS by the name in its ClientHello. Downloads of 1 MiB, each connection kept. */
import { mebibyteTarget } from "../backend.ts";
import { runWrk, type WrkLoad } from "../load/wrk.ts";
import { type PeerMode, tlsName } from "../peers/peer.ts";
import type { Measurement, Metric, Scenario, ScenarioRun } from "./scenario.ts";

const metrics: readonly Metric[] = [
  { key: "mebibytesPerCpuSecond", title: "MiB per CPU second", digits: 0 },
  { key: "mebibytesPerSecond", title: "MiB/s", digits: 0 },
];

async function measureBytes(
  { peer, seconds, folder, round }: ScenarioRun,
  mode: PeerMode,
): Promise<Measurement> {
  const origin = mode === "tls" ? `https://${tlsName}` : `http://${peer.host}`;
  const load: WrkLoad = { url: `${origin}:${peer.port}${mebibyteTarget}`, seconds, folder, connections: 8 };
  await runWrk({ ...load, seconds: round === 0 ? 3 : 1 });
  const before = peer.process?.cpuUs() ?? 0;
  const { bytes, errors } = await runWrk(load);
  const cpuUs = (peer.process?.cpuUs() ?? 0) - before;
  if (errors > 0) throw new Error(`${errors} downloads failed`);
  const mebibytes = bytes / 2 ** 20;
  return { mebibytesPerCpuSecond: mebibytes / (cpuUs / 1e6), mebibytesPerSecond: mebibytes / seconds };
}

function bytes(name: string, title: string, mode: PeerMode): Scenario {
  return {
    name,
    title,
    routes: 1,
    form: "run",
    mode,
    peers: ["waystone", "nginx", "haproxy", "envoy"],
    metrics,
    measure: async (run) => await measureBytes(run, mode),
  };
}

export const byteScenarios: readonly Scenario[] = [
  bytes("tcp-bytes", "TCP, downloads of 1 MiB, 8 connections", "tcp"),
  bytes("tls-bytes", "TLS passthrough by SNI, downloads of 1 MiB, 8 connections", "tls"),
];
