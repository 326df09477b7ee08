import { typeUrls } from "@waystone/api/names";
import { silentLogger } from "@waystone/base/logger";
import { ManualClock } from "@waystone/testkit/manual-clock";
import type { ResourceDelta } from "@waystone/xds/resource";
import { expect, test } from "vitest";
import { upserts, workload } from "../store/test-resources.ts";
import { WorkloadSubscriptions } from "./workload-subscriptions.ts";

function openSubscriptions() {
  const clock = new ManualClock();
  const told: string[] = [];
  const given: (readonly [worker: number, delta: ResourceDelta])[] = [];
  const applied: ResourceDelta[] = [];
  const known = new Map<string, ResourceDelta>();
  const subscriptions = new WorkloadSubscriptions({
    clock,
    logger: silentLogger,
    known: (address) => known.get(address),
    give: (worker, delta) => {
      given.push([worker, delta]);
      told.push(`give ${worker} ${delta.upserts[0]?.name}`);
    },
    onForgotten: (address) => void known.delete(address),
    apply: (delta) => Promise.resolve(applied.push(delta)),
  });
  const client = {
    subscribe: (_: unknown, name: string) => void told.push(`+${name}`),
    unsubscribe: (_: unknown, name: string) => void told.push(`-${name}`),
  };
  subscriptions.attach(client);
  return { clock, told, given, applied, known, subscriptions, client };
}

test("the controller is asked once for all workers, and told when the last one has forgotten", () => {
  const { subscriptions, told } = openSubscriptions();
  subscriptions.subscribe(0, "10.0.0.1");
  subscriptions.subscribe(1, "10.0.0.1");
  subscriptions.forget(0, "10.0.0.1");
  expect(told).toEqual(["+10.0.0.1"]);
  subscriptions.workerLost(1);
  expect(told).toEqual(["+10.0.0.1", "-10.0.0.1"]);
});

test("a worker that asks later is given what is known already", () => {
  const { subscriptions, told, known } = openSubscriptions();
  subscriptions.subscribe(0, "10.0.0.1");
  known.set("10.0.0.1", upserts(workload("10.0.0.1", "shop/a"))[0]!);
  subscriptions.subscribe(1, "10.0.0.1");
  expect(told).toEqual(["+10.0.0.1", "give 1 10.0.0.1"]);
});

test("a worker that asks while the answer is on its way to the workers is given it afterwards, once", () => {
  const { subscriptions, told, known } = openSubscriptions();
  subscriptions.subscribe(0, "10.0.0.1");
  subscriptions.subscribe(0, "10.0.0.2");
  subscriptions.subscribe(1, "10.0.0.1");
  subscriptions.subscribe(1, "10.0.0.2");
  subscriptions.forget(1, "10.0.0.2");
  const answers = upserts(workload("10.0.0.1", "shop/a"), workload("10.0.0.2", "shop/b"));
  for (const [at, name] of ["10.0.0.1", "10.0.0.2"].entries())
    known.set(name, upserts(workload(name, at === 0 ? "shop/a" : "shop/b"))[0]!);
  told.length = 0;
  for (const delta of [...answers, ...answers]) subscriptions.taken(delta);
  expect(told).toEqual(["give 1 10.0.0.1"]);
});

test("so is one that asks while it is being said that the address is nobody's", () => {
  const { subscriptions, given, known } = openSubscriptions();
  subscriptions.subscribe(0, "10.0.0.1");
  subscriptions.subscribe(1, "10.0.0.1");
  const nobody = { typeUrl: typeUrls.workload, upserts: [], removals: ["10.0.0.1"] };
  known.set("10.0.0.1", nobody);
  subscriptions.taken(nobody);
  expect(given).toEqual([[1, nobody]]);
});

test("a new client is told everything that is asked about", () => {
  const { subscriptions, told, client } = openSubscriptions();
  subscriptions.subscribe(0, "10.0.0.1");
  told.length = 0;
  subscriptions.attach(client);
  expect(told).toEqual(["+10.0.0.1"]);
});

test("an hour without a controller makes everybody anonymous, and asked for anew", () => {
  const { subscriptions, told, applied, clock } = openSubscriptions();
  subscriptions.subscribe(0, "10.0.0.1");
  told.length = 0;
  subscriptions.controllerLeft();
  clock.advance(1_800_000);
  subscriptions.controllerLeft();
  clock.advance(1_799_999);
  expect(applied).toEqual([]);
  clock.advance(1);
  expect(applied).toEqual([{ typeUrl: typeUrls.workload, upserts: [], removals: ["10.0.0.1"] }]);
  expect(told).toEqual(["-10.0.0.1", "+10.0.0.1"]);
});

test("a controller that is back in time changes nothing", () => {
  const { subscriptions, applied, clock } = openSubscriptions();
  subscriptions.subscribe(0, "10.0.0.1");
  subscriptions.controllerLeft();
  clock.advance(3_000_000);
  subscriptions.controllerSpoke();
  clock.advance(3_600_000);
  expect(applied).toEqual([]);
});
