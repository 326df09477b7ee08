import { createServer } from "node:net";
import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import { DeltaDiscoveryRequest } from "@waystone/api/discovery";
import { systemClock } from "@waystone/base/clock";
import { createLogger, silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDeltaClient } from "../client/delta-client.ts";
import type { Rejected } from "../resource.ts";
import { GrpcRig } from "../testing/grpc-rig.ts";
import { TcpRelay } from "../testing/tcp-relay.ts";
import { connectDelta } from "./connect-delta.ts";
import { deltaMethod } from "./delta-method.ts";
import { serveDelta } from "./serve-delta.ts";

const { service, endpointSlice, route, workload } = typeUrls;

let rig: GrpcRig;
beforeEach(() => {
  rig = new GrpcRig();
});
afterEach(() => rig.close());

/** `count` contents of about `bytes` bytes. */
function manyContents(count: number, bytes = 200, prefix = ""): Record<string, string> {
  const filling = "x".repeat(bytes);
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`name-${i}`, `${prefix}${i}-${filling}`]),
  );
}

async function openRelay(target: string): Promise<TcpRelay> {
  const relay = await TcpRelay.open(target);
  rig.onClose(() => relay.close());
  return relay;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A peer that speaks gRPC by hand. */
function openRawCall(address: string): ClientDuplexStream<Uint8Array, Uint8Array> {
  return openCallOn(openChannel(address));
}

function openChannel(address: string): Client {
  const channel = new Client(address, credentials.createInsecure(), { "grpc.use_local_subchannel_pool": 1 });
  rig.onClose(() => channel.close());
  return channel;
}

function openCallOn(channel: Client): ClientDuplexStream<Uint8Array, Uint8Array> {
  const { path, requestSerialize, responseDeserialize } = deltaMethod;
  return channel.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
}

describe("configuration over gRPC", () => {
  test("bad resources are refused with one NACK that carries every reason, and the rest applies", async () => {
    const { address, observer } = await rig.controller();
    rig.put(route, { a: "1", b: "bad regex", c: "bad filter", d: "1" });
    const waypoint = rig.waypoint(address);
    await waypoint.until(() => waypoint.completions === 1);
    await observer.until(() => observer.lines.length === 5);
    expect(observer.take()).toEqual([
      "+ shop/waypoint/1 (shop/waypoint)",
      "Route a ok",
      "Route b refused: bad regex",
      "Route c refused: bad filter",
      "Route d ok",
    ]);
    expect([...waypoint.client.held(route).keys()]).toEqual(["a", "d"]);
  });

  test("a refused resource is tried again only when it changes; what was there before stays", async () => {
    const { address, observer } = await rig.controller();
    rig.put(route, { a: "1" });
    const waypoint = rig.waypoint(address);
    await waypoint.until(() => waypoint.completions === 1);
    const good = waypoint.client.held(route).get("a");
    rig.put(route, { a: "bad 1" });
    await observer.until(() => observer.lines.includes("Route a refused: bad 1"));
    rig.put(route, { a: "bad 1", b: "1" });
    await observer.until(() => observer.lines.includes("Route b ok"));
    rig.put(route, { a: "bad 2" });
    await observer.until(() => observer.lines.includes("Route a refused: bad 2"));
    expect(observer.lines.filter((line) => line.startsWith("Route a refused"))).toEqual([
      "Route a refused: bad 1",
      "Route a refused: bad 2",
    ]);
    expect(waypoint.client.held(route).get("a")).toBe(good);
    rig.put(route, { a: "2" });
    await observer.until(() => observer.lines.filter((line) => line === "Route a ok").length === 2);
  });

  test("a reconnect with nothing new costs next to no bytes, one with changes costs these", async () => {
    const { address, observer } = await rig.controller();
    rig.put(service, manyContents(1000));
    rig.put(route, manyContents(1000));
    const relay = await openRelay(address);
    const waypoint = rig.waypoint(relay.address);
    await waypoint.until(() => waypoint.completions === 1);
    expect(relay.toClient).toBeGreaterThan(400_000);
    const acknowledged = (): number => observer.lines.filter((line) => line === "Route name-7 ok").length;
    await observer.until(() => acknowledged() === 1);
    relay.toClient = 0;
    relay.cut();
    await waypoint.until(() => waypoint.completions === 2);
    expect(relay.toClient).toBeLessThan(1500);
    expect(acknowledged()).toBe(2);

    waypoint.applied.splice(0);
    relay.cut();
    rig.put(service, { "name-1": "changed", "name-2": undefined });
    rig.put(route, { "name-3": undefined });
    await waypoint.until(() => waypoint.completions === 3);
    expect(waypoint.client.held(service).size).toBe(999);
    expect(waypoint.client.held(route).size).toBe(999);
    expect(waypoint.applied.flatMap(({ upserts }) => upserts).map(({ name }) => name)).toEqual(["name-1"]);
  });

  test("removals arrive, and are acknowledged without a version", async () => {
    const { address, observer } = await rig.controller();
    rig.put(route, { a: "1", b: "1" });
    const waypoint = rig.waypoint(address);
    await waypoint.until(() => waypoint.completions === 1);
    rig.put(route, { a: undefined });
    await observer.until(() => observer.lines.includes("Route a gone"));
    expect([...waypoint.client.held(route).keys()]).toEqual(["b"]);
  });

  test("a waypoint that is applying gets one response, and then the last state of all that changed", async () => {
    const { address, observer } = await rig.controller();
    const held: (() => void)[] = [];
    const waypoint = rig.waypoint(address, {
      apply: () => new Promise<readonly Rejected[]>((resolve) => held.push(() => resolve([]))),
    });
    await waypoint.until(() => waypoint.completions === 1);
    rig.put(route, { a: "0" });
    while (held.length === 0) await turn();
    for (let i = 1; i <= 50; i++) rig.put(route, { a: `${i}` });
    const changed = rig.catalog.get(route, "a")!.version;
    while (waypoint.client.held(route).get("a")?.version !== changed) {
      held.shift()?.();
      await turn();
    }
    await observer.until(() => observer.lines.filter((line) => line === "Route a ok").length >= 2);
    expect(waypoint.applied.length).toBe(2);
  });

  test("a workload is fetched by its address, and one that does not exist is known not to", async () => {
    const { address } = await rig.controller();
    rig.put(workload, { "10.0.0.1": "web" });
    const waypoint = rig.waypoint(address);
    waypoint.client.subscribe(workload, "10.0.0.1");
    waypoint.client.subscribe(workload, "10.0.0.9");
    await waypoint.until(() => waypoint.applied.length === 1);
    expect(waypoint.applied[0]).toMatchObject({ upserts: [{ name: "10.0.0.1" }], removals: ["10.0.0.9"] });
  });

  test("5,000 resources and more than one response's worth of them arrive whole", async () => {
    const { address, server, observer } = await rig.controller();
    rig.put(service, manyContents(1000));
    rig.put(endpointSlice, manyContents(2000, 1500));
    rig.put(route, manyContents(2000, 500));
    const waypoint = rig.waypoint(address);
    await waypoint.until(() => waypoint.completions === 1);
    const held = wildcardTypeUrls.map((typeUrl) => waypoint.client.held(typeUrl).size);
    expect(held).toEqual([0, 0, 1000, 2000, 2000]);
    expect(waypoint.applied.filter(({ typeUrl }) => typeUrl === endpointSlice).length).toBe(2);
    await observer.until(() => server.streams()[0]?.unansweredBytes === 0);
    expect(server.streams()[0]?.waitingNames).toBe(0);
  });
});

describe("peers that fail", () => {
  test("a controller that is killed and comes back finds its waypoint, which kept what it had", async () => {
    const first = await rig.controller();
    rig.put(service, { a: "1", b: "1" });
    const waypoint = rig.waypoint(first.address);
    await waypoint.until(() => waypoint.completions === 1);
    await first.close(0);
    expect(waypoint.client.held(service).size).toBe(2);
    rig.put(service, { b: undefined, c: "1" });
    waypoint.applied.splice(0);
    const second = await rig.controller({ address: first.address });
    await waypoint.until(() => waypoint.completions === 2);
    expect([...waypoint.client.held(service).keys()]).toEqual(["a", "c"]);
    expect(waypoint.applied.flatMap(({ upserts }) => upserts).map(({ name }) => name)).toEqual(["c"]);
    await second.observer.until(() => second.observer.lines.includes("Service b gone"));
    expect(second.observer.lines).toContain("Service a ok");
  });

  test("a waypoint that stops reading costs names and one response, delays nobody, and is cut", async () => {
    const clock = new ManualClock();
    const { address, server, observer } = await rig.controller({ clock });
    rig.put(endpointSlice, manyContents(3000, 1500));
    const stuck = openRawCall(address);
    const ended = new Promise<Error>((resolve) => stuck.on("error", resolve));
    for (const typeUrl of wildcardTypeUrls) {
      stuck.write(DeltaDiscoveryRequest.encode({ node: { id: "shop/waypoint/stuck" }, typeUrl }).finish());
    }
    await observer.until(() => observer.nodes.has("shop/waypoint/stuck"));
    const other = rig.waypoint(address, { id: "shop/waypoint/other" });
    await other.until(() => other.completions === 1);
    for (let round = 0; round < 20; round++) {
      rig.put(endpointSlice, manyContents(100, 1500, `${round}-`));
      clock.advance(10);
      const { version } = rig.catalog.get(endpointSlice, "name-99")!;
      await other.until(() => other.client.held(endpointSlice).get("name-99")?.version === version);
    }
    const costOf = (id: string) => server.streams().find(({ node }) => node?.id === id);
    await observer.until(() => costOf("shop/waypoint/other")?.unansweredBytes === 0);
    const cost = costOf("shop/waypoint/stuck");
    expect(cost?.waitingNames).toBeLessThanOrEqual(3000);
    expect(cost?.unansweredBytes).toBeLessThanOrEqual(2.1 * 1024 * 1024);
    clock.advance(30_000);
    expect([...observer.nodes.keys()]).toEqual(["shop/waypoint/other"]);
    // It reads nothing, so it can't be told: its connection goes.
    clock.advance(1000);
    expect((await ended).message).toMatch(/UNAVAILABLE|INTERNAL|CANCELLED/);
  });

  test("a peer that is gone without a word is noticed from both sides", async () => {
    const keepalive = { afterMs: 100, timeoutMs: 100 };
    const { address, observer } = await rig.controller({ keepalive });
    const relay = await openRelay(address);
    const waypoint = rig.waypoint(relay.address, { keepalive });
    await waypoint.until(() => waypoint.completions > 0);
    const before = waypoint.completions;
    relay.isFrozen = true;
    await observer.until(() => observer.nodes.size === 0);
    relay.isFrozen = false;
    await waypoint.until(() => waypoint.completions > before);
    expect(relay.connections).toBeGreaterThan(1);
  });

  test("a peer that ends one stream and opens another keeps its connection", async () => {
    const clock = new ManualClock();
    const { address, observer } = await rig.controller({ clock });
    const channel = openChannel(address);
    for (const id of ["a/b/1", "a/b/2"]) {
      const call = openCallOn(channel);
      call.on("error", () => {});
      call.write(DeltaDiscoveryRequest.encode({ node: { id }, typeUrl: service }).finish());
      await observer.until(() => observer.lines.includes(`+ ${id} (a/b)`));
      if (id === "a/b/1") call.cancel();
    }
    await observer.until(() => observer.lines.includes("- a/b/1"));
    clock.advance(1000);
    await turn();
    const answer = openCallOn(channel);
    const ended = new Promise<Error>((resolve) => answer.on("error", resolve));
    answer.on("data", () => {});
    answer.write(DeltaDiscoveryRequest.encode({ node: { id: "nobody" }, typeUrl: service }).finish());
    expect((await ended).message).toContain("nobody");
    expect([...observer.nodes.keys()]).toEqual(["a/b/2"]);
  });

  test("an outage is one warning in the log, and its end another line", async () => {
    const first = await rig.controller();
    const lines: string[] = [];
    const logger = createLogger({ level: "info", stream: { write: (line) => lines.push(line) } });
    const waypoint = rig.waypoint(first.address, { logger });
    await waypoint.until(() => waypoint.completions === 1);
    await first.close(0);
    await rig.controller({ address: first.address });
    await waypoint.until(() => waypoint.completions === 2);
    await turn();
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      "connected to the controller",
      "no controller; the configuration that is in use stays in use",
      "connected to the controller",
    ]);
  });

  test("a stream without a usable node id is ended with the reason", async () => {
    const { address } = await rig.controller();
    const call = openRawCall(address);
    const ended = new Promise<Error>((resolve) => call.on("error", resolve));
    call.on("data", () => {});
    call.write(DeltaDiscoveryRequest.encode({ node: { id: "nobody" }, typeUrl: service }).finish());
    expect((await ended).message).toContain('node id "nobody" is neither');
  });

  test("a controller that closes lets go of its port and its connections", async () => {
    const controller = await rig.controller();
    const { address } = controller;
    const waypoint = rig.waypoint(address);
    await waypoint.until(() => waypoint.completions === 1);
    await controller.close(1000);
    const again = createServer();
    await new Promise<void>((resolve) => again.listen(Number(address.split(":")[1]), "127.0.0.1", resolve));
    await new Promise((resolve) => again.close(resolve));
  });
});

describe("addresses", () => {
  test.for([
    "0.0.0.0:15010",
    "10.0.0.1:15010",
    "[::]:15010",
    "controller.example:15010",
    "127.0.0.1",
    ":1",
    "[::1]:99999",
  ])("%s is refused for listening and for dialling", async (address) => {
    const { server } = await rig.controller();
    await expect(serveDelta({ server, address })).rejects.toThrow(/^push address .* is not /);
    const client = createDeltaClient({
      nodeId: "a/b/c",
      wildcardTypes: [],
      apply: async () => [],
      clock: systemClock,
      onComplete: () => {},
    });
    const connect = (): unknown =>
      connectDelta({ client, address, clock: systemClock, rng: seededRng(1), logger: silentLogger });
    expect(connect).toThrow(/^push address .* is not /);
  });

  test("a port that somebody else has is one clear error", async () => {
    const { server, address } = await rig.controller();
    await expect(serveDelta({ server, address })).rejects.toThrow(
      `cannot listen on push address ${address}: the address is in use by another process`,
    );
  });
});
