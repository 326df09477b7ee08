import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { seededRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import { ApiError } from "@waystone/kube/transport/api-error";
import type { ApiRequest, Transport } from "@waystone/kube/transport/transport";
import { child } from "@waystone/testkit/faulty-api-server/json";
import { type StoredKind, usualKinds } from "@waystone/testkit/faulty-api-server/stored-kind";
import { until } from "@waystone/testkit/within";
import { type ClusterController, openClusterController } from "./cluster-controller.ts";
import { readClusterSettings } from "./cluster-settings.ts";
import { builtInKinds } from "./followed-kinds.ts";

let world: ApiWorld;
const open: Replica[] = [];

beforeEach(async () => {
  const known = new Set(usualKinds.map(({ plural }) => plural));
  const more = Object.values(builtInKinds)
    .filter(({ plural }) => !known.has(plural))
    .map((kind): StoredKind => ({ ...kind, hasStatus: true }));
  // Definitions decide about the Gateway API: there are none.
  world = await openApiWorld({ kinds: [...usualKinds, ...more] });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map(async ({ controller }) => await controller.close()));
  await world.close();
});

interface Replica {
  readonly controller: ClusterController;
  /** When it wrote anything but the lease, and nobody kept it from that. */
  readonly wroteAt: number[];
  /** From then on its leases are not renewed. */
  cutOff(): void;
}

function start(name: string): Replica {
  let isCutOff = false;
  const wroteAt: number[] = [];
  const { clock } = world;
  const transport: Transport = {
    ...world.transport,
    async request<T>(request: ApiRequest): Promise<T> {
      const isWrite = (request.method ?? "GET") !== "GET";
      const isLease = request.path.includes("/leases");
      if (isWrite && isLease && isCutOff) {
        throw new ApiError({ status: 503, reason: "ServiceUnavailable", message: "cut off" });
      }
      if (isWrite && !isLease) wroteAt.push(clock.now());
      return await world.transport.request<T>(request);
    },
  };
  const settings = readClusterSettings({
    environment: { POD_NAME: name, POD_NAMESPACE: "waystone-system" },
    namespace: "default",
    hostname: "here",
    addresses: [],
    version: "1.0.0",
    pushAddress: "127.0.0.1:0",
    probeHost: "127.0.0.1",
  });
  const controller = openClusterController({
    transport,
    graph: createCollectionGraph(),
    settings,
    clock,
    rng: seededRng(name.length),
    logger: silentLogger,
    metrics: new MetricsRegistry(),
  });
  const replica = { controller, wroteAt, cutOff: () => void (isCutOff = true) };
  open.push(replica);
  return replica;
}

const leads = ({ controller }: Replica): boolean => controller.leadership.isLeader;

function isLeaseHeld(): boolean {
  const leases = world.server.store.list(world.server.kind("leases"));
  return leases.some((lease) => child(lease, "spec", "holderIdentity") !== undefined);
}

test("it waits for the API server, then for each kind, and then could lead", async () => {
  world.server.isDown = true;
  const { controller } = start("one");
  await world.pass(20_000);
  expect(controller.waitingFor).toEqual(["the API server"]);
  world.server.isDown = false;
  await world.passUntil(() => controller.waitingFor.length === 0, "it is ready", 60_000);
  expect(controller.controller).toBeDefined();
  await world.passUntil(() => controller.leadership.isLeader, "it leads", 30_000);
});

test("whoever can't renew the lease writes nothing any more when another leads", async () => {
  const one = start("one");
  await world.passUntil(() => leads(one), "one leads", 60_000);
  const other = start("other");
  await world.passUntil(() => other.controller.waitingFor.length === 0, "other is ready", 60_000);
  expect(leads(other)).toBe(false);
  one.cutOff();
  const takenOverMs = await world.passUntil(() => leads(other), "other leads", 60_000);
  expect(takenOverMs).toBeLessThan(15_000);
  expect(leads(one)).toBe(false);
  const electedAt = world.clock.now();
  await world.pass(60_000);
  expect(one.wroteAt.filter((at) => at >= electedAt)).toEqual([]);
});

test("at a shutdown the other leads at once", async () => {
  const one = start("one");
  await world.passUntil(() => leads(one), "one leads", 60_000);
  const other = start("other");
  await world.passUntil(() => other.controller.waitingFor.length === 0, "other is ready", 60_000);
  expect(isLeaseHeld()).toBe(true);
  const closed = one.controller.close();
  // The clock would not wait for keys that are still being made, and sockets that are being closed: it stands until that is done.
  await until(() => !isLeaseHeld(), "the lease is given back");
  const takenOverMs = await world.passUntil(() => leads(other), "other leads", 60_000);
  // Without a word the lease would have to run out, which takes 12 s.
  expect(takenOverMs).toBeLessThan(8_000);
  await closed;
});
