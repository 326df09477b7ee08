import { typeUrls, wildcardTypeUrls } from "@waystone/api/names";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { expect, test } from "vitest";
import { createDeltaClient } from "./client/delta-client.ts";
import { pairDelta } from "./pair.ts";
import type { Rejected, ResourceDelta } from "./resource.ts";
import { createDeltaServer } from "./server/delta-server.ts";
import { MapCatalog } from "./testing/map-catalog.ts";
import { RecordingObserver } from "./testing/recording-observer.ts";

function setup(apply: (delta: ResourceDelta) => Promise<readonly Rejected[]> = async () => []) {
  const clock = new ManualClock();
  const catalog = new MapCatalog();
  const observer = new RecordingObserver();
  const server = createDeltaServer({ catalog, observer, clock });
  let completions = 0;
  const client = createDeltaClient({
    nodeId: "*/run",
    wildcardTypes: wildcardTypeUrls,
    apply,
    clock,
    onComplete: () => completions++,
  });
  const pairing = pairDelta({ server, client, clock });
  return { clock, catalog, observer, client, server, pairing, completions: () => completions };
}

const edit = (name: string) => [{ typeUrl: typeUrls.route, name, content: "1" }];

test("a change goes through both machines and back, and never within the call that made it", async () => {
  const { catalog, observer, client, pairing, completions } = setup();
  catalog.edit(edit("a"));
  expect(client.held(typeUrls.route).size).toBe(0);
  await observer.until(() => observer.lines.includes("Route a ok"));
  expect([...client.held(typeUrls.route).keys()]).toEqual(["a"]);
  expect(completions()).toBe(1);
  pairing.close();
  expect(observer.nodes.size).toBe(0);
});

test("a waypoint that hung is cut, and joined again when it goes on", async () => {
  const held: (() => void)[] = [];
  const { clock, catalog, observer, client, pairing } = setup(
    () => new Promise((resolve) => held.push(() => resolve([]))),
  );
  catalog.edit(edit("a"));
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(30_000);
  expect(observer.nodes.size).toBe(0);
  clock.advance(1000);
  held[0]?.();
  await observer.until(() => observer.nodes.size === 1);
  expect([...client.held(typeUrls.route).keys()]).toEqual(["a"]);
  pairing.close();
  clock.advance(100_000);
  expect(observer.nodes.size).toBe(0);
});
