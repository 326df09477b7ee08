import type { Pod } from "@waystone/api/kubernetes/core";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { ManualClock } from "@waystone/testkit/manual-clock";
import { describe, expect, test } from "vitest";
import type { SourcedObject } from "../model/sources.ts";
import { AckTracker } from "./ack-tracker.ts";
import { awaitWaypoints } from "./await-waypoints.ts";

function pod(name: string, ready: "True" | "False", managedBy = "waystone"): SourcedObject<Pod> {
  const labels = { "waystone.dev/waypoint": "waypoint", "app.kubernetes.io/managed-by": managedBy };
  return {
    key: `shop/${name}`,
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: "shop", name, labels },
      status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
    },
  };
}

function setup(...pods: readonly SourcedObject<Pod>[]) {
  const graph = createCollectionGraph();
  const source = graph.source<SourcedObject<Pod>>({ name: "pods", key: ({ key }) => key });
  source.replaceAll(pods);
  const acks = new AckTracker(graph);
  const clock = new ManualClock();
  let isDone = false;
  void awaitWaypoints({ pods: source, acks, clock }).then(() => (isDone = true));
  return {
    connect: (name: string) => acks.connected({ id: `shop/waypoint/${name}`, scope: "shop/waypoint" }),
    after: async (ms: number): Promise<boolean> => {
      await Promise.resolve();
      clock.advance(ms);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      return isDone;
    },
  };
}

describe("a leader that begins to write statuses", () => {
  test("waits for nobody where there are no waypoints", async () => {
    expect(await setup().after(0)).toBe(true);
  });

  test("waits until every Ready waypoint is back, and for what it says", async () => {
    const { connect, after } = setup(pod("a", "True"), pod("b", "True"));
    connect("a");
    expect(await after(1_000)).toBe(false);
    connect("b");
    expect(await after(499)).toBe(false);
    expect(await after(1)).toBe(true);
  });

  test("waits for no pod that is not Ready, and for none that is not ours", async () => {
    expect(await setup(pod("a", "False"), pod("b", "True", "somebody")).after(0)).toBe(true);
  });

  test("waits no longer than ten seconds for one that does not come", async () => {
    const { after } = setup(pod("a", "True"));
    expect(await after(9_999)).toBe(false);
    expect(await after(1)).toBe(true);
  });
});
