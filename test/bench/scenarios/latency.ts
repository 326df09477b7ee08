/** What the proxy adds to the time of a request, at a rate that nobody has trouble with. */
import { runOpenLoop } from "../load/open-loop.ts";
import { percentile } from "../statistics.ts";
import type { Scenario } from "./scenario.ts";

const perSecond = 2_000;

export const latencyScenario: Scenario = {
  name: "latency",
  title: `open loop, ${perSecond} requests/s, 100 routes, over direct`,
  routes: 100,
  form: "run",
  metrics: [
    { key: "p50Ms", title: "added p50 ms", digits: 3, overDirect: true },
    { key: "p99Ms", title: "added p99 ms", digits: 3, overDirect: true },
    { key: "cpuUsPerRequest", title: "CPU us/request", digits: 1 },
  ],
  async measure({ peer, routes, seconds }) {
    const load = { host: peer.host, port: peer.port, target: routes.target, perSecond };
    await runOpenLoop({ ...load, seconds: 1 });
    const before = peer.process?.cpuUs() ?? 0;
    const { latenciesUs, errors } = await runOpenLoop({ ...load, seconds });
    const cpuUs = (peer.process?.cpuUs() ?? 0) - before;
    if (errors > 0) throw new Error(`${errors} requests failed`);
    const cpu = peer.process === undefined ? {} : { cpuUsPerRequest: cpuUs / latenciesUs.length };
    return { p50Ms: percentile(latenciesUs, 50) / 1000, p99Ms: percentile(latenciesUs, 99) / 1000, ...cpu };
  },
};
