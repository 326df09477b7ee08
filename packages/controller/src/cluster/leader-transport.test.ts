import { afterEach, beforeEach, expect, test } from "vitest";
import { type ApiWorld, openApiWorld } from "@waystone/kube/testing/api-world";
import { openLeaderTransport } from "./leader-transport.ts";

let world: ApiWorld;

beforeEach(async () => void (world = await openApiWorld()));
afterEach(async () => await world.close());

const write = { method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: "shop" } } } as const;
const read = { path: "/api/v1/namespaces" } as const;

test("the leader reads and writes", async () => {
  const leader = openLeaderTransport({ ...world, isLeader: () => true });
  await leader.request(write);
  expect(world.server.get("namespaces", "shop")).toBeDefined();
  await expect(leader.request(read)).resolves.toBeDefined();
});

test("whoever is no longer the leader by the clock reads, and writes nothing", async () => {
  const leader = openLeaderTransport({ ...world, isLeader: () => false });
  await expect(leader.request(write)).rejects.toMatchObject({ reason: "NotLeader" });
  await expect(leader.request(read)).resolves.toBeDefined();
  expect(world.server.seen.map(({ method }) => method)).toEqual(["GET"]);
});

test("after the fence nothing is written, though the clock would still allow it", async () => {
  const leader = openLeaderTransport({ ...world, isLeader: () => true });
  leader.fence(3_000);
  await expect(leader.request(write)).rejects.toMatchObject({ reason: "NotLeader" });
});

test("a write that is under way at the fence may end by itself, and is cut when the time is over", async () => {
  const leader = openLeaderTransport({ ...world, isLeader: () => true });
  world.server.faults.add("any", { type: "hang" });
  const written = leader.request(write).then(
    () => "answered",
    (thrown: { reason: string }) => thrown.reason,
  );
  await world.settle();
  leader.fence(3_000);
  await world.pass(2_900);
  expect(await Promise.race([written, Promise.resolve("under way")])).toBe("under way");
  await world.pass(200);
  expect(await written).toBe("Aborted");
});
