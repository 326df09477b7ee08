import { seededRng } from "@waystone/base/rng";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TypeUrl, typeUrls } from "@waystone/api/names";
import { type Clock, systemClock } from "@waystone/base/clock";
import { createLogger } from "@waystone/base/logger";
import { freePort } from "@waystone/testkit/free-port";
import { until, within } from "@waystone/testkit/within";
import { pairDelta } from "@waystone/xds/pair";
import type { EncodedResource, ResourceCatalog } from "@waystone/xds/resource";
import { createDeltaServer, type DeltaServer } from "@waystone/xds/server/delta-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWaypoint, type Waypoint, type WaypointOptions } from "./app.ts";
import { lastGoodPath } from "./control/last-good-file.ts";
import { defaultSettings } from "./settings.ts";
import { route, service, slice, workload } from "./store/test-resources.ts";
import { SteppedClock } from "./testing/stepped-clock.ts";

const closers: (() => Promise<void> | void)[] = [];
let stateDir = "";
beforeEach(async () => {
  stateDir = await mkdtemp(path.join(tmpdir(), "waystone-"));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await rm(stateDir, { recursive: true });
});

/** A controller in memory. */
class Controller implements ResourceCatalog {
  readonly #resources = new Map<TypeUrl, Map<string, EncodedResource>>();
  readonly #listeners = new Set<Parameters<ResourceCatalog["onChange"]>[0]>();
  readonly refused: string[] = [];
  /** Names that were acknowledged. */
  readonly running = new Set<string>();
  readonly server: DeltaServer = createDeltaServer({
    catalog: this,
    observer: {
      connected: () => {},
      disconnected: () => {},
      acknowledged: (_node, _type, verdicts) => {
        for (const { name, error } of verdicts)
          if (error === undefined) this.running.add(name);
          else this.refused.push(`${name}: ${error}`);
      },
    },
    clock: systemClock,
  });

  put(...resources: readonly EncodedResource[]): void {
    for (const resource of resources) {
      const ofType = this.#resources.get(resource.typeUrl) ?? new Map<string, EncodedResource>();
      this.#resources.set(resource.typeUrl, ofType.set(resource.name, resource));
      this.#changed(resource.typeUrl, resource.name);
    }
  }
  remove(typeUrl: TypeUrl, name: string): void {
    this.#resources.get(typeUrl)?.delete(name);
    this.#changed(typeUrl, name);
  }
  list(typeUrl: TypeUrl): Iterable<EncodedResource> {
    return this.#resources.get(typeUrl)?.values() ?? [];
  }
  get(typeUrl: TypeUrl, name: string): EncodedResource | undefined {
    return this.#resources.get(typeUrl)?.get(name);
  }
  onChange(listener: Parameters<ResourceCatalog["onChange"]>[0]): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  #changed(typeUrl: TypeUrl, name: string): void {
    for (const listener of this.#listeners)
      listener({ changed: new Map([[typeUrl, new Set([name])]]), urgent: true });
  }
}

interface Rig {
  readonly waypoint: Waypoint;
  readonly logs: { level: string; msg: string; reason?: string }[];
  readonly get: (path: string) => Promise<{ status: number; body: string }>;
}

/** Without a controller: one that never answers. */
async function openWaypoint(
  controller: Controller | undefined,
  options: Partial<WaypointOptions> = {},
): Promise<Rig> {
  const logs: Rig["logs"] = [];
  const waypoint = await createWaypoint({
    nodeId: "shop/waypoint/one",
    version: "0.0.1",
    settings: defaultSettings,
    workers: 1,
    clock: systemClock,
    rng: seededRng(1),
    controlPlane: [],
    logger: createLogger({ level: "info", stream: { write: (line) => logs.push(JSON.parse(line)) } }),
    accessLog: { write: () => {} },
    admin: [{ address: "127.0.0.1", port: 0, groups: ["readiness", "metrics", "admin"] }],
    connect: (client) =>
      controller === undefined
        ? { close() {} }
        : pairDelta({ server: controller.server, client, clock: systemClock }),
    workerEntry: new URL("./worker/testdata/stand-in-worker.ts", import.meta.url),
    ...options,
  });
  closers.push(() => waypoint.close());
  const origin = `http://127.0.0.1:${waypoint.admin[0]!.port}`;
  const get = async (path: string) => {
    const response = await fetch(origin + path);
    return { status: response.status, body: await response.text() };
  };
  return { waypoint, logs, get };
}

function say(port: number, command: string): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${command}\n`));
    let text = "";
    socket.on("data", (bytes) => (text += bytes.toString()));
    socket.on("error", () => resolve(undefined));
    socket.on("close", () => resolve(text === "" ? undefined : JSON.parse(text)));
  });
}

function shop(port: number): EncodedResource[] {
  return [
    service("shop/web", { ports: [{ port: 80, listen: [`127.0.0.1:${port}`] }] }),
    slice("shop/web-1", "shop/web", ["10.0.0.1"]),
    route("shop/r", { parents: ["shop/web"] }),
  ];
}

test("where an acknowledgement leads clients here, a Service whose port somebody else has is refused until it is free", async () => {
  const port = await freePort();
  const other = createServer().listen(port, "127.0.0.1");
  closers.push(() => void other.close());
  await once(other, "listening");
  const controller = new Controller();
  controller.put(...shop(port));
  const clock = new SteppedClock();
  const { waypoint } = await openWaypoint(controller, { refusesClosedPorts: true, clock });
  await within(waypoint.ready, "ready");
  expect(controller.refused).toHaveLength(1);
  expect(controller.refused[0]).toMatch(
    /^shop\/web: cannot listen on 127\.0\.0\.1:\d+ for Service shop\/web port http: another process listens/,
  );
  expect(controller.running.has("shop/web")).toBe(false);
  await new Promise((resolve) => other.close(resolve));
  clock.fireRepeating();
  await until(() => controller.running.has("shop/web"), "the Service is acknowledged");
  expect(await say(port, "what")).toMatchObject({ service: "shop/web:80" });
});

test("a waypoint is ready when the first complete snapshot is in use in all workers and its ports are open", async () => {
  const port = await freePort();
  const controller = new Controller();
  controller.put(...shop(port));
  const { waypoint, get } = await openWaypoint(controller, { workers: 2 });
  await within(waypoint.ready, "readiness");
  expect(await get("/healthz/ready")).toEqual({ status: 200, body: "ready\n" });
  expect(waypoint.listening).toEqual([`127.0.0.1:${port}`]);
  expect(await say(port, "what")).toMatchObject({
    service: "shop/web:80",
    routes: 1,
    endpoints: ["10.0.0.1:8080"],
  });
});

test("without a controller it is not ready, and says what it waits for", async () => {
  const { get } = await openWaypoint(undefined);
  expect(await get("/healthz/ready")).toEqual({
    status: 503,
    body: "not ready: waiting for the first complete snapshot from the controller\n",
  });
  expect((await get("/healthz/live")).status).toBe(200);
});

test("what the workers refuse reaches the controller with its reason, and the rest is served", async () => {
  const port = await freePort();
  const controller = new Controller();
  controller.put(
    ...shop(port),
    service("shop/thief", { ports: [{ port: 80, listen: [`127.0.0.1:${port}`] }] }),
  );
  const { waypoint } = await openWaypoint(controller);
  await within(waypoint.ready, "readiness");
  await until(() => controller.refused.length > 0, "the refusal");
  expect(controller.refused).toEqual([
    expect.stringMatching(/^shop\/thief: .*Service shop\/web already does/),
  ]);
  expect(await say(port, "what")).toMatchObject({ service: "shop/web:80" });
});

test("metrics have the process, the main thread and every worker", async () => {
  const controller = new Controller();
  const { waypoint, get } = await openWaypoint(controller, { workers: 2 });
  await within(waypoint.ready, "readiness");
  const { body } = await get("/metrics");
  expect(body).toContain('istio_build{component="proxy",tag="0.0.1"} 1');
  for (const thread of ["main", "worker-0", "worker-1"])
    expect(body).toContain(`waystone_heap_used_bytes{thread="${thread}"}`);
  expect(body).toMatch(/^process_resident_memory_bytes \d+$/m);
});

test("a config dump has each worker's picture, with generations", async () => {
  const port = await freePort();
  const controller = new Controller();
  controller.put(...shop(port));
  const { waypoint, get } = await openWaypoint(controller, { workers: 2 });
  await within(waypoint.ready, "readiness");
  const dump = JSON.parse((await get("/config_dump")).body);
  expect(dump.workers.map(({ worker }: { worker: number }) => worker)).toEqual([0, 1]);
  expect(dump.workers[1].routes).toMatchObject([{ name: "HTTPRoute/shop/r", generation: 1 }]);
});

test("no request may be sent to the admin server: workers are told where it is", async () => {
  const port = await freePort();
  const controller = new Controller();
  controller.put(...shop(port));
  const { waypoint } = await openWaypoint(controller);
  await within(waypoint.ready, "readiness");
  expect(await say(port, "what")).toMatchObject({ forbidden: [`127.0.0.1:${waypoint.admin[0]!.port}`] });
});

test("who a client is, is asked of the controller when a worker wants to know", async () => {
  const port = await freePort();
  const controller = new Controller();
  controller.put(...shop(port), workload("10.9.9.9", "client/curl"));
  const { waypoint } = await openWaypoint(controller, { workers: 2 });
  await within(waypoint.ready, "readiness");
  for (let i = 0; i < 6; i++) {
    expect(await say(port, "who 10.9.9.9")).toMatchObject({
      known: true,
      labels: { namespace: "client", pod: "curl" },
    });
  }
  expect(await say(port, "who 10.8.8.8")).toEqual({ known: false });
});

test("a waypoint that restarts without its controller serves from the last good configuration after 5 seconds", async () => {
  const port = await freePort();
  const controller = new Controller();
  controller.put(...shop(port));
  const first = await openWaypoint(controller, { stateDir });
  await within(first.waypoint.ready, "readiness");
  await first.waypoint.close();

  const clock = new PatientClock();
  let later: Controller | undefined;
  const connections: (() => void)[] = [];
  const second = await openWaypoint(undefined, {
    stateDir,
    clock,
    connect: (client) => {
      const open = (): void => {
        if (later === undefined) return;
        const pairing = pairDelta({ server: later.server, client, clock: systemClock });
        closers.push(() => pairing.close());
      };
      connections.push(open);
      return { close: () => void connections.splice(connections.indexOf(open), 1) };
    },
  });
  expect((await second.get("/healthz/ready")).status).toBe(503);
  clock.fire(5_000);
  await within(second.waypoint.ready, "readiness without a controller");
  expect(await say(port, "what")).toMatchObject({
    service: "shop/web:80",
    routes: 1,
    endpoints: ["10.0.0.1:8080"],
  });
  expect(second.logs.map(({ msg }) => msg)).toContain(
    "no controller: serving from the last good configuration",
  );

  // The controller is back, and what was deleted meanwhile goes.
  later = new Controller();
  later.put(...shop(port).slice(0, 2));
  for (const open of connections) open();
  await until(async () => {
    const answer = (await say(port, "what")) as { routes: number } | undefined;
    return answer?.routes === 0;
  }, "the deleted route is gone");
});

test("a damaged last good file is not used, and the log says so", async () => {
  const controller = new Controller();
  controller.put(...shop(await freePort()));
  const first = await openWaypoint(controller, { stateDir });
  await within(first.waypoint.ready, "readiness");
  await first.waypoint.close();
  const file = lastGoodPath(stateDir);
  await writeFile(file, (await readFile(file)).subarray(0, -3));

  const clock = new PatientClock();
  const { logs, get } = await openWaypoint(undefined, { stateDir, clock });
  clock.fire(5_000);
  await until(() => logs.length > 0, "the log line");
  expect(logs[0]).toMatchObject({
    reason: expect.stringMatching(/it was cut off/),
    msg: "no controller, and no last good configuration to start from; not ready until the controller is there",
  });
  expect((await get("/healthz/ready")).status).toBe(503);
});

test("drain fails readiness first, and names why", async () => {
  const controller = new Controller();
  const { waypoint, get } = await openWaypoint(controller);
  await within(waypoint.ready, "readiness");
  await within(waypoint.drain(5_000), "the drain");
  expect(await get("/healthz/ready")).toEqual({ status: 503, body: "not ready: draining\n" });
});

test("a Service that is deleted closes its port", async () => {
  const port = await freePort();
  const controller = new Controller();
  controller.put(...shop(port));
  const { waypoint } = await openWaypoint(controller);
  await within(waypoint.ready, "readiness");
  controller.remove(typeUrls.service, "shop/web");
  await until(async () => (await say(port, "what")) === undefined, "the port is closed");
  await until(() => waypoint.listening.length === 0, "the waypoint knows");
});

/** Real time, but the waiting that a test names is over when it says so. */
class PatientClock implements Clock {
  readonly #waiting = new Map<() => void, number>();
  now = () => systemClock.now();
  wallMs = () => systemClock.wallMs();
  every = (periodMs: number, run: () => void) => systemClock.every(periodMs, run);
  after = (delayMs: number, run: () => void) => {
    if (delayMs < 5_000) return systemClock.after(delayMs, run);
    this.#waiting.set(run, delayMs);
    return { cancel: () => void this.#waiting.delete(run) };
  };
  fire(delayMs: number): void {
    for (const [run, delay] of this.#waiting) {
      if (delay !== delayMs) continue;
      this.#waiting.delete(run);
      run();
    }
  }
}
