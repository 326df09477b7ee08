/**
 * The first moments of a leader: waypoints that were connected to the one before are on their way. Until they are here, or
 * time is up, no status is written: it would say of everything that nobody runs it, and take that back a second later.
 */
import type { Pod } from "@waystone/api/kubernetes/core";
import type { Clock } from "@waystone/base/clock";
import type { Collection } from "@waystone/collection/collection";
import { nodeIdOf } from "../capture/waypoint-readiness.ts";
import type { SourcedObject } from "../model/sources.ts";
import { viewWaypointPod, waypointOfLabels } from "../model/waypoint-pod.ts";
import type { Acks } from "./ack-tracker.ts";

export interface AwaitWaypointsOptions {
  readonly pods: Collection<SourcedObject<Pod>>;
  readonly acks: Pick<Acks, "waypoints">;
  readonly clock: Clock;
}

const longestMs = 10_000;
/** From the last one's connection: what it runs is told in its first answers. */
const answersMs = 500;

export async function awaitWaypoints({ pods, acks, clock }: AwaitWaypointsOptions): Promise<void> {
  const missing = new Set(readyWaypoints(pods));
  if (missing.size === 0) return;
  const done = Promise.withResolvers<void>();
  const timer = clock.after(longestMs, done.resolve);
  const stop = acks.waypoints.subscribe(
    (events) => {
      for (const event of events) if (event.type !== "delete") missing.delete(event.key);
      if (missing.size === 0) clock.after(answersMs, done.resolve);
    },
    { replay: true },
  );
  await done.promise;
  timer.cancel();
  stop();
}

/** Their node ids. */
function readyWaypoints(pods: Collection<SourcedObject<Pod>>): readonly string[] {
  return pods
    .list()
    .filter(({ object }) => waypointOfLabels(object.metadata.labels) !== undefined)
    .map(({ object }) => viewWaypointPod(object))
    .filter(({ isReady, isTerminating }) => isReady && !isTerminating)
    .map(nodeIdOf);
}
