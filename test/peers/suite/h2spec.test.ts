/**
 * h2spec 2.2.1 against a waypoint's ports [H01]. Every case passes but those named here with their reason; one of these that
 * passes fails the run too, because then its reason is no longer true. The same list is in docs/protocols.md.
 */
import { readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHttp1Endpoint, openHttp2Endpoint, type NodeEndpoint } from "../harness/node-endpoint.ts";
import { runPeer } from "../harness/run-peer.ts";
import { type RunningWaystone, startWaystone } from "../harness/waystone.ts";

/** RFC 9113 5.3.2: "deprecates the priority signaling of RFC 7540", so a dependency on oneself is ignored as any other. */
const withdrawn = [
  "http2/5.3.1 Sends HEADERS frame that depend on itself",
  "http2/5.3.1 Sends PRIORITY frame that depend on itself",
];

/** What is no preface may be HTTP/1.1 on a port declared HTTP: it is answered, with 400, and h2spec cannot read that. */
const answered = ["http2/3.5 Sends invalid connection preface"];

let waystone: RunningWaystone;
let endpoints: readonly NodeEndpoint[];

beforeAll(async () => {
  endpoints = [await openHttp2Endpoint(), await openHttp1Endpoint()];
  const [http2, http1] = endpoints;
  waystone = await startWaystone([
    { name: "http2", appProtocol: "http2", endpointPort: http2!.port },
    { name: "http", appProtocol: "http", endpointPort: http1!.port },
  ]);
});

afterAll(async () => {
  await waystone.stop();
  for (const endpoint of endpoints) await endpoint.close();
});

interface Case {
  readonly name: string;
  readonly passed: boolean;
}

async function runH2spec(service: string): Promise<readonly Case[]> {
  const { host, port } = waystone.at(service);
  const report = path.join(os.tmpdir(), `waystone-h2spec-${process.pid}-${service}.xml`);
  await runPeer("h2spec", ["-h", host, "-p", String(port), "-P", "/small", "-o", "3", "-j", report]);
  const xml = await readFile(report, "utf8");
  await rm(report);
  const each = /<testcase package="([^"]*)" classname="([^"]*)"[^>]*>(.*?)<\/testcase>/gs;
  return [...xml.matchAll(each)].map(([, section = "", title = "", inside = ""]) => ({
    name: `${section} ${title.replaceAll("&#34;", '"')}`,
    passed: !inside.includes("<failure") && !inside.includes("<error") && !inside.includes("<skipped"),
  }));
}

describe("[H01] h2spec passes all its cases but those that RFC 9113 withdrew", () => {
  test.for([
    ["http2", [...answered, ...withdrawn]],
    ["http", [...answered, ...withdrawn]],
  ] as const)("on a port declared %s", async ([service, excepted]) => {
    const cases = await runH2spec(service);
    expect(cases.length).toBe(145);
    expect(cases.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(excepted);
  });
});
