/** A thousand bad days (a hundred in the everyday run): whatever happens, in the end we know what the server knows. */
import { expect, test } from "vitest";
import { silentLogger } from "@waystone/base/logger";
import { MetricsRegistry } from "@waystone/base/metrics";
import { seededRng } from "@waystone/base/rng";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { prepare, randomSchedule, runAction } from "@waystone/testkit/faulty-api-server/random-schedule";
import { objectKey } from "../kube-object.ts";
import { type ApiWorld, openApiWorld } from "../testing/api-world.ts";
import { openReflector } from "./open-reflector.ts";

/** After which a silence is cut: see open-reflector.ts and list-pages.ts. */
const patienceMs = { state: 10_000, changes: 100_000, answer: 30_000 };
const healMs = 2_000;
const days = process.env["WAYSTONE_LONG"] === "1" ? 1000 : 100;
const firstSeed = Number(process.env["WAYSTONE_SEED"] ?? 1);
const perTest = 25;

interface Seen {
  readonly id: string;
  readonly uid: string;
  readonly value: string;
}

interface Outcome {
  readonly seed: number;
  readonly isEqual: boolean;
  /** After the liveness timer fired or Retry-After ended, where there was one; else after the last fault. */
  readonly healedInMs: number;
  /** Live objects that were gone for a moment. */
  readonly lost: readonly string[];
  readonly lists: number;
  readonly faults: number;
}

async function liveThrough(seed: number): Promise<Outcome> {
  const schedule = randomSchedule(seededRng(seed));
  const world = await openApiWorld();
  const { server, clock } = world;
  prepare(server, "pods", schedule);
  const metrics = new MetricsRegistry();
  const into = createCollectionGraph().source<Seen>({ name: "seen", key: (item) => item.id });
  const lost: string[] = [];
  into.subscribe((events) => {
    for (const event of events) {
      if (event.type === "delete" && uidAt(world, event.key) === event.before.uid) lost.push(event.key);
    }
  });
  const reflector = openReflector<Seen>({
    transport: world.transport,
    resource: { group: "", version: "v1", plural: "pods", namespaced: true },
    into,
    key: (item) => item.id,
    strip: (object) => {
      const { uid = "", labels } = object.metadata;
      return { id: objectKey(object), uid, value: labels?.["value"] ?? "" };
    },
    clock,
    rng: seededRng(seed + 1_000_000),
    logger: silentLogger,
    metrics,
  });
  try {
    for (const { afterMs, action } of schedule.steps) {
      await world.pass(afterMs);
      runAction(server, "pods", action);
    }
    server.calm();
    // Who sees this one is following again.
    runAction(server, "pods", { type: "put", name: "last", value: "1" });
    await world.settle();
    const healedInMs = await passUntilHealed(world, () => isEqual(world, into.list()));
    const lists = sum(metrics, "waystone_kube_lists_total");
    return {
      seed,
      isEqual: isEqual(world, into.list()),
      healedInMs,
      lost,
      lists,
      faults: faultsIn(schedule.steps),
    };
  } finally {
    await reflector.close();
    await world.close();
  }
}

/** After the last fault, or the last time for silence or Retry-After that ran out on the way. */
async function passUntilHealed(world: ApiWorld, holds: () => boolean): Promise<number> {
  const { clock, server } = world;
  let dueMs = Math.max(clock.now(), server.awayUntilMs);
  const isHealed = (): boolean => {
    const silentUntil = server.silences.map(({ sinceMs, waitsFor }) => sinceMs + patienceMs[waitsFor]);
    dueMs = Math.max(dueMs, ...silentUntil);
    return holds();
  };
  await world.passUntil(isHealed, "it is healed");
  return clock.now() - dueMs;
}

function faultsIn(steps: ReturnType<typeof randomSchedule>["steps"]): number {
  return steps.filter(({ action }) => !["put", "remove", "bookmark", "up"].includes(action.type)).length;
}

function isEqual(world: ApiWorld, seen: readonly Seen[]): boolean {
  const there = world.server.store.list(world.server.kind("pods"));
  const text = (entries: readonly Seen[]): string =>
    JSON.stringify(
      entries.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, uid, value }) => [id, uid, value]),
    );
  return (
    text(seen) ===
    text(
      there.map((object) => {
        const metadata = object["metadata"] as { name: string; uid: string; labels: { value: string } };
        return { id: `shop/${metadata.name}`, uid: metadata.uid, value: metadata.labels.value };
      }),
    )
  );
}

function uidAt(world: ApiWorld, key: string): string | undefined {
  const metadata = world.server.get("pods", key)?.["metadata"] as { uid: string } | undefined;
  return metadata?.uid;
}

function sum(metrics: MetricsRegistry, name: string): number {
  const family = metrics.collect().find((each) => each.name === name);
  return (family?.samples ?? []).reduce((total, sample) => total + (sample.value ?? 0), 0);
}

const parts = Array.from({ length: Math.ceil(days / perTest) }, (_, at) => firstSeed + at * perTest);
test.for(parts)(
  "days from seed %i on: equal in the end, healed in 2 s, nothing live lost, no more lists than faults",
  async (from) => {
    for (let seed = from; seed < from + perTest; seed++) {
      const outcome = await liveThrough(seed);
      expect(outcome).toMatchObject({ seed, isEqual: true, lost: [] });
      expect(outcome.healedInMs, `seed ${seed}`).toBeLessThanOrEqual(healMs);
      expect(outcome.lists, `seed ${seed}`).toBeLessThanOrEqual(outcome.faults + 1);
    }
  },
);
