import { silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import { afterEach, describe, expect, test } from "vitest";
import { type EventNews, openEventRecorder } from "./events.ts";
import { type ApiWorld, openApiWorld } from "./testing/api-world.ts";

const regarding = { apiVersion: "v1", kind: "Service", namespace: "shop", name: "web", uid: "u1" };
const news: EventNews = {
  type: "Normal",
  reason: "Captured",
  action: "Capture",
  message: "its traffic passes waypoint shop/waypoint",
};
const kinds = [
  {
    group: "events.k8s.io",
    version: "v1",
    plural: "events",
    kind: "Event",
    namespaced: true,
    hasStatus: false,
  },
];

let world: ApiWorld;
afterEach(async () => await world.close());

async function setup() {
  world = await openApiWorld({ kinds });
  const { transport, clock } = world;
  const recorder = openEventRecorder({
    transport,
    component: "waystone.dev/controller",
    instance: "waystone-controller-1",
    clock,
    rng: seededRng(1),
    logger: silentLogger,
  });
  return { recorder, clock, posts: () => world.server.seen.filter(({ method }) => method === "POST") };
}

async function stored(): Promise<readonly Record<string, unknown>[]> {
  const list = await world.transport.request<{ items: readonly Record<string, unknown>[] }>({
    path: "/apis/events.k8s.io/v1/namespaces/shop/events",
  });
  return list.items;
}

describe("an event", () => {
  test("is written beside the object that it is about", async () => {
    const { recorder } = await setup();
    recorder.record(regarding, news);
    await recorder.flush();
    const [event] = await stored();
    expect(event).toMatchObject({
      reason: "Captured",
      action: "Capture",
      note: news.message,
      type: "Normal",
      regarding,
      reportingController: "waystone.dev/controller",
      reportingInstance: "waystone-controller-1",
    });
    expect(event?.["eventTime"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test("that says the same of the same object again is not told again for ten minutes", async () => {
    const { recorder, clock, posts } = await setup();
    recorder.record(regarding, news);
    await recorder.flush();
    clock.advance(599_000);
    recorder.record(regarding, news);
    await recorder.flush();
    expect(posts()).toHaveLength(1);
    clock.advance(2_000);
    recorder.record(regarding, news);
    recorder.record({ ...regarding, uid: "u2" }, news);
    await recorder.flush();
    expect(posts()).toHaveLength(3);
  });

  test("longer than the API takes is cut", async () => {
    const { recorder } = await setup();
    recorder.record(regarding, { ...news, message: "x".repeat(2_000) });
    await recorder.flush();
    const [event] = await stored();
    expect(event?.["note"]).toHaveLength(1_024);
  });

  test("that the API server does not take is dropped, and nobody is harmed", async () => {
    const { recorder } = await setup();
    world.server.forbids = (method) => method === "POST";
    recorder.record(regarding, news);
    await recorder.flush();
    world.server.forbids = () => false;
    expect(await stored()).toEqual([]);
  });
});
