/** Scenarios of full load: CPU per request is the figure, requests per second its companion. */
import { mebibyteTarget } from "../backend.ts";
import { runWrk, type WrkLoad } from "../load/wrk.ts";
import type { Measurement, Metric, Scenario, ScenarioRun } from "./scenario.ts";
import { cpuPerRequest, requestRate, usualMetrics, warmUp } from "./warm-up.ts";

const bytesPerCpuSecond: Metric = { key: "mebibytesPerCpuSecond", title: "MiB per CPU second", digits: 0 };
const rss: Metric = { key: "rssMegabytes", title: "RSS MB, before traffic", digits: 1 };

interface TrafficShape {
  readonly connections: number;
  readonly target?: string;
  readonly headers?: readonly string[];
  readonly postBytes?: number;
}

/** Every answer must be right: a proxy that refuses is fast and useless. */
export async function measureTraffic(run: ScenarioRun, shape: TrafficShape): Promise<Measurement> {
  const { host, port, process: group } = run.peer;
  const { target = run.routes.target, ...rest } = shape;
  const load: WrkLoad = {
    url: `http://${host}:${port}${target}`,
    seconds: run.seconds,
    folder: run.folder,
    ...rest,
  };
  const rssMegabytes = run.round === 0 && group !== undefined ? { rssMegabytes: group.rssBytes() / 1e6 } : {};
  await warmUp(run.round, async () => (await runWrk({ ...load, seconds: 1 })).requests);
  const before = group?.cpuUs() ?? 0;
  const result = await runWrk(load);
  const cpuUs = (group?.cpuUs() ?? 0) - before;
  if (result.errors > 0) throw new Error(`${result.errors} of ${result.requests} requests failed`);
  const rates = { requests: result.requests, requestsPerSecond: result.requestsPerSecond };
  if (group === undefined) return rates;
  const mebibytesPerCpuSecond = result.bytes / 2 ** 20 / (cpuUs / 1e6);
  return { ...rates, ...rssMegabytes, cpuUsPerRequest: cpuUs / result.requests, mebibytesPerCpuSecond };
}

export function trafficScenario(
  name: string,
  title: string,
  routes: number,
  shape: TrafficShape,
  metrics: readonly Metric[],
): Scenario {
  const measure = async (run: ScenarioRun): Promise<Measurement> => await measureTraffic(run, shape);
  return { name, title, routes, form: "run", metrics, measure };
}

export const trafficScenarios: readonly Scenario[] = [
  trafficScenario("get-1", "small GET, 1 route", 1, { connections: 64 }, usualMetrics),
  trafficScenario("get-100", "small GET, 100 routes", 100, { connections: 64 }, usualMetrics),
  trafficScenario("post-16k", "POST 16 KiB", 1, { connections: 64, postBytes: 16 * 1024 }, usualMetrics),
  trafficScenario("download-1m", "download of 1 MiB", 1, { connections: 8, target: mebibyteTarget }, [
    bytesPerCpuSecond,
    requestRate,
  ]),
  trafficScenario(
    "new-connection",
    "a connection per request",
    1,
    { connections: 32, headers: ["Connection: close"] },
    usualMetrics,
  ),
  {
    ...trafficScenario("routes-1000", "1,000 routes", 1000, { connections: 64 }, [cpuPerRequest, rss]),
    form: "waypoint",
  },
  {
    ...trafficScenario("routes-5000", "5,000 routes", 5000, { connections: 64 }, [cpuPerRequest, rss]),
    form: "waypoint",
  },
];
