/**
 * Scenarios of HTTP/2 with prior knowledge: CPU per request is the figure. At full load the slowest proxy is the busiest, reads
 * and writes the most at once and so pays the kernel least for each request; the rows at one rate have the same work for all.
 */
import { grpcTarget } from "../backend.ts";
import { grpcMessage, type H2Load, runH2load } from "../load/h2load.ts";
import type { Measurement, Scenario, ScenarioRun } from "./scenario.ts";
import { usualMetrics, warmUp } from "./warm-up.ts";

interface Shape {
  readonly connections: number;
  readonly streams: number;
  readonly isGrpc: boolean;
  /** On each connection; full load where it is not set. */
  readonly perSecond?: number;
}

async function measureHttp2(run: ScenarioRun, { isGrpc, ...shape }: Shape): Promise<Measurement> {
  const { host, port, process: group } = run.peer;
  const { seconds, folder, routes } = run;
  const url = `http://${host}:${port}${isGrpc ? grpcTarget : routes.target}`;
  const message = isGrpc ? { grpcMessage: grpcMessage(64) } : {};
  const load: H2Load = { url, seconds, folder, ...shape, ...message };
  await warmUp(run.round, async () => (await runH2load({ ...load, seconds: 1 })).requests);
  const before = group?.cpuUs() ?? 0;
  const { requests, requestsPerSecond, errors } = await runH2load(load);
  const cpuUs = (group?.cpuUs() ?? 0) - before;
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed`);
  if (group === undefined) return { requestsPerSecond };
  return { requestsPerSecond, cpuUsPerRequest: cpuUs / requests };
}

function http2(name: string, title: string, shape: Shape): Scenario {
  return {
    name,
    title,
    routes: 1,
    form: "run",
    // nginx speaks HTTP/2 to clients, and to endpoints gRPC alone.
    peers: ["waystone", "haproxy", "envoy"],
    backendSpeaksHttp2: shape.isGrpc,
    metrics: usualMetrics,
    measure: async (run) => await measureHttp2(run, shape),
  };
}

const atRate = { connections: 16, streams: 10, perSecond: 1250 };

export const http2Scenarios: readonly Scenario[] = [
  http2("h2c-http1", "h2c to HTTP/1.1, 16 x 10 streams", { connections: 16, streams: 10, isGrpc: false }),
  http2("h2c-one-stream", "h2c to HTTP/1.1, 64 x 1 stream", { connections: 64, streams: 1, isGrpc: false }),
  http2("grpc-unary", "gRPC unary, 16 x 10 streams", { connections: 16, streams: 10, isGrpc: true }),
  http2("h2c-rate", "h2c to HTTP/1.1, 20,000 requests/s", { ...atRate, isGrpc: false }),
  http2("grpc-rate", "gRPC unary, 20,000 calls/s", { ...atRate, isGrpc: true }),
  http2("grpc-one-stream", "gRPC unary, 64 x 1 stream", { connections: 64, streams: 1, isGrpc: true }),
];
