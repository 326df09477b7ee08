/**
 * Clients, a data plane and upstreams for one test, on real sockets, and what must hold after every test whatever it did:
 * no endpoint counts anything as under way, no client connection is left, and log lines and metrics tell the same story.
 */
import { freePort } from "@waystone/testkit/free-port";
import { openRawClient, type RawClient, type RawClientOptions } from "@waystone/testkit/raw-http-client";
import {
  openRecordingUpstream,
  type RecordingUpstream,
  type RecordingUpstreamOptions,
} from "@waystone/testkit/recording-upstream";
import { until } from "@waystone/testkit/within";
import { afterEach, expect } from "vitest";
import { openTestPlane, type TestPlane, type TestPlaneOptions } from "./open-test-plane.ts";
import { endpointsOf, gaugeOf, pooledConnections, samplesOf } from "./plane-figures.ts";

// Tests of a rig ask it for these.
export { endpointsOf, gaugeOf, pooledConnections, samplesOf };

export interface RigPlane extends TestPlane {
  readonly port: number;
  /** Waits for the next lines and gives back all of them. */
  lines(count: number): Promise<readonly Record<string, unknown>[]>;
}

export interface RigPlaneOptions extends Omit<TestPlaneOptions, "port" | "endpoints"> {
  readonly endpoints?: readonly string[];
  readonly upstreams?: readonly RecordingUpstream[];
}

export class ExchangeRig {
  #planes: RigPlane[] = [];
  #clients: RawClient[] = [];
  #upstreams: RecordingUpstream[] = [];

  async openUpstream(options: RecordingUpstreamOptions = {}): Promise<RecordingUpstream> {
    const upstream = await openRecordingUpstream(options);
    this.#upstreams.push(upstream);
    return upstream;
  }

  /** As many on 127.0.0.1, 127.0.0.2 and so on, all on one port: the endpoints of one slice. */
  async openUpstreams(...each: readonly RecordingUpstreamOptions[]): Promise<readonly RecordingUpstream[]> {
    const opened: RecordingUpstream[] = [];
    for (const [index, options] of each.entries()) {
      const at = { host: `127.0.0.${index + 1}`, port: opened[0]?.port ?? 0 };
      opened.push(await this.openUpstream({ ...options, ...at }));
    }
    return opened;
  }

  async openPlane(options: RigPlaneOptions = {}): Promise<RigPlane> {
    const endpoints =
      options.endpoints ?? options.upstreams?.map(({ host, port }) => `${host}:${port}`) ?? [];
    const port = await freePort();
    const plane = await openTestPlane({ ...options, port, endpoints });
    const lines = async (count: number): Promise<readonly Record<string, unknown>[]> => {
      await until(() => plane.log().length >= count, `${count} log lines are there`);
      return plane.log();
    };
    const rigPlane = Object.assign(plane, { port, lines });
    this.#planes.push(rigPlane);
    return rigPlane;
  }

  async openClient(plane: RigPlane, options: Partial<RawClientOptions> = {}): Promise<RawClient> {
    const client = await openRawClient({ port: plane.port, ...options });
    this.#clients.push(client);
    return client;
  }

  async end(): Promise<void> {
    const [planes, clients, upstreams] = [this.#planes, this.#clients, this.#upstreams];
    [this.#planes, this.#clients, this.#upstreams] = [[], [], []];
    for (const client of clients) client.reset();
    for (const { connections } of upstreams) for (const connection of connections) connection.destroy();
    try {
      for (const plane of planes) await expectQuiet(plane);
    } finally {
      for (const plane of planes) plane.close();
      for (const upstream of upstreams) await upstream.close();
    }
    for (const plane of planes) expectOneStory(plane);
  }
}

/** A rig for each test of a file. */
export function useExchangeRig(): ExchangeRig {
  const rig = new ExchangeRig();
  afterEach(async () => await rig.end());
  return rig;
}

async function expectQuiet(plane: TestPlane): Promise<void> {
  await until(() => gaugeOf(plane, "waystone_downstream_connections") === 0, "no client connection is left");
  await until(() => endpointsOf(plane).every(({ active }) => active === 0), "nothing is under way");
  await until(() => pooledConnections(plane) === 0, "no upstream connection is left");
  await until(() => gaugeOf(plane, "waystone_read_buffers") === 0, "nobody holds a buffer");
}

/** "200 -": 3. */
export function requestCounts(plane: TestPlane): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { labels, value } of samplesOf(plane, "istio_requests_total")) {
    const key = `${labels["response_code"]} ${labels["response_flags"]}`;
    counts[key] = (counts[key] ?? 0) + (value ?? 0);
  }
  return counts;
}

/** Every request has one line, and is counted once, under the line's status and flag. */
function expectOneStory(plane: TestPlane): void {
  const logged: Record<string, number> = {};
  for (const line of plane.log()) {
    if (line["protocol"] === "TCP") continue;
    const key = `${String(line["response_code"])} ${String(line["response_flags"])}`;
    logged[key] = (logged[key] ?? 0) + 1;
  }
  expect(requestCounts(plane)).toEqual(logged);
  for (const name of ["istio_request_duration_milliseconds", "istio_request_bytes", "istio_response_bytes"]) {
    const recorded = samplesOf(plane, name).flatMap(({ counts }) => counts ?? []);
    const requests = Object.values(logged).reduce((sum, count) => sum + count, 0);
    expect([name, recorded.reduce((sum, count) => sum + count, 0)]).toEqual([name, requests]);
  }
}
