/** `waystone run` as its users start it, with one Service for each endpoint of a test, on a port each. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePorts } from "@waystone/testkit/free-port";
import { ProcessGroup } from "../../process/process-group.ts";
import { untilListening } from "../../process/until-listening.ts";
import { LiveHeap } from "../../soak/live-heap.ts";

export interface PeerService {
  readonly name: string;
  /** Says what clients may speak and what the endpoint hears (docs/protocols.md). */
  readonly appProtocol: "http" | "http2" | "grpc";
  readonly endpointPort: number;
  /** 127.0.0.1 unless told otherwise. */
  readonly endpointHosts?: readonly string[];
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface RunningWaystone {
  /** Where clients reach the Service. */
  at(service: string): Address;
  /** The sum of a metric's samples whose labels hold all of `labels`. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  rssBytes(): number;
  /** What it holds; for one that was started with its inspector listening. */
  openLiveHeap(): Promise<LiveHeap>;
  stop(): Promise<void>;
}

const repository = path.resolve(import.meta.dirname, "../../..");
const namespace = "peers";
let started = 0;

/** Lets Node's inspector listen. */
export const inspected: Readonly<Record<string, string>> = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };

/** `more`: further manifests, such as routes, for whom the ports are known. `settings`: as docs/settings.md has them. */
export async function startWaystone(
  services: readonly PeerService[],
  more: (portOf: (service: string) => number) => readonly object[] = () => [],
  settings: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningWaystone> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "waystone-peers-"));
  // An address per process and start: two checkouts never meet.
  const host = `127.${100 + (process.pid % 100)}.${process.hrtime()[1] % 250}.${(started++ % 250) + 1}`;
  const ports = await freePorts(services.length, host);
  const places = services.map((service, at) => ({ ...service, host, port: ports[at]! }));
  const placeOf = (name: string): Address => {
    const place = places.find((each) => each.name === name);
    if (place === undefined) throw new Error(`no service is called ${name}`);
    return { host, port: place.port };
  };
  const routes = more((name) => placeOf(name).port);
  const items = [namespaceObject, ...places.flatMap(serviceObjects), ...routes];
  await writeFile(path.join(folder, "all.json"), JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const [adminPort = 0] = await freePorts(1);
  const admin = `127.0.0.1:${adminPort}`;
  const flags = ["--admin", admin, "--workers", "1", "--access-log", "off", "--log-level", "warn"];
  for (const [name, value] of Object.entries(settings)) flags.push("--set", `${name}=${value}`);
  const program = path.join(repository, "packages/cli/bin/waystone");
  const group = ProcessGroup.start(program, ["run", "-f", folder, ...flags], { environment });
  for (const place of places) await untilListening(place, group, 60_000);
  return {
    at: placeOf,
    metric: async (name, labels = {}) =>
      sumOf(await (await fetch(`http://${admin}/metrics`)).text(), name, labels),
    rssBytes: () => group.rssBytes(),
    async openLiveHeap() {
      const [, url = ""] = /Debugger listening on (ws:\S+)/.exec(group.output) ?? [];
      return await LiveHeap.open(url);
    },
    async stop() {
      const wasRunning = group.isRunning;
      await group.stop();
      await rm(folder, { recursive: true, force: true });
      if (!wasRunning) throw new Error(`waystone ended by itself: ${group.describe()}`);
      if (lostWorker.test(group.output)) throw new Error(`waystone lost a worker: ${group.output}`);
    },
  };
}

/** As its supervisor logs it: connections go with the worker, which a test may not notice. */
const lostWorker = /worker \d+ was lost/;

const namespaceObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespace, annotations: { "waystone.dev/use-waypoint": "waypoint" } },
};

function serviceObjects(service: PeerService & Address): object[] {
  const { name, appProtocol, endpointPort, endpointHosts = ["127.0.0.1"], host, port } = service;
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace },
      spec: { clusterIP: host, ports: [{ name: "main", port, protocol: "TCP", appProtocol }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${name}-1`, namespace, labels: { "kubernetes.io/service-name": name } },
      addressType: "IPv4",
      ports: [{ name: "main", port: endpointPort, protocol: "TCP" }],
      endpoints: endpointHosts.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    },
  ];
}

function sumOf(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((each) => line.includes(each)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
