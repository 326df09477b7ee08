/** A real waypoint (`waystone run`) between the fuzzer and two recorders: one Service for each version towards endpoints. */
import { askOnce } from "../differential/ask.ts";
import { type Address, startWaystone } from "../peers/harness/waystone.ts";
import { openHttp1Recorder, openHttp2Recorder, type Recorder } from "./recorder.ts";

export interface Way {
  readonly name: string;
  readonly speaksHttp1: boolean;
  readonly address: Address;
  readonly recorder: Recorder;
}

export interface FuzzedWaypoint {
  /** To an endpoint by HTTP/1.1, and by HTTP/2. */
  readonly ways: readonly [Way, Way];
  /** What is wrong with it by now: it is gone, does not answer, made a mistake, or holds more memory than it may. */
  problem(): Promise<string | undefined>;
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
/** Beyond what it has when it is warm: the noise leaves nothing behind. */
const growthBytes = 96 * mebibyte;
const warmAfter = 5;

export async function startFuzzedWaypoint(): Promise<FuzzedWaypoint> {
  const [http1, http2] = [await openHttp1Recorder(), await openHttp2Recorder()];
  const waystone = await startWaystone([
    { name: "http", appProtocol: "http", endpointPort: http1.port },
    { name: "http2", appProtocol: "http2", endpointPort: http2.port },
  ]);
  const ways = [
    { name: "HTTP/1.1", speaksHttp1: true, address: waystone.at("http"), recorder: http1 },
    { name: "HTTP/2", speaksHttp1: false, address: waystone.at("http2"), recorder: http2 },
  ] as const;
  let looks = 0;
  let warmBytes = 0;
  return {
    ways,
    async problem() {
      for (const { name, address } of ways) {
        const request =
          "GET /alive HTTP/1.1\r\nHost: shop.test\r\nx-case: alive\r\nConnection: close\r\n\r\n";
        const { status } = await askOnce(address, { bytes: Buffer.from(request), method: "GET" }).catch(
          () => ({
            status: 0,
          }),
        );
        if (status !== 200) return `a good request to ${name} was answered ${status}`;
      }
      const faults = await waystone.metric("waystone_connection_faults_total");
      if (faults > 0) return `${faults} connections were cut by mistakes of its own; its log says which`;
      const rss = waystone.rssBytes();
      if (++looks === warmAfter) warmBytes = rss;
      if (looks > warmAfter && rss > warmBytes + growthBytes)
        return `memory grew from ${warmBytes / mebibyte} to ${rss / mebibyte} MiB`;
      return undefined;
    },
    async close() {
      await waystone.stop();
      await http1.close();
      await http2.close();
    },
  };
}
