/**
 * The Programmed condition: True only when every waypoint concerned has ACKed the version that this generation of the object
 * translates to; False with a NACK's own words when one refused it. Concerned is who is connected and, in a cluster, every
 * Ready pod: one that has not come back yet takes traffic with what it had.
 */
import type { FetchContext } from "@waystone/collection/collection";
import { nodeIdOf } from "../capture/waypoint-readiness.ts";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import { viewWaypointPod, type WaypointPods } from "../model/waypoint-pod.ts";
import type { ResourceReference } from "../translate/object-status.ts";
import { type Acks, ackKey } from "./ack-tracker.ts";

export interface Witnesses {
  readonly acks: Acks;
  /** In a cluster. */
  readonly pods: WaypointPods["byWaypoint"] | undefined;
}

export interface Progress {
  readonly connected: number;
  /** Connected or not. */
  readonly concerned: number;
  /** Those that run all of it. */
  readonly running: number;
  /** "<waypoint>: <reason>" of each refusal. */
  readonly refusals: readonly string[];
}

export interface ConcernedWaypoints {
  readonly connected: number;
  /** Their node ids. */
  readonly nodes: readonly string[];
}

/** Those that run `waypoint` ("<namespace>/<gateway>"): its own, and those that run everything. */
export function concernedWaypoints(
  fetch: FetchContext,
  { acks, pods }: Witnesses,
  waypoint: string,
): ConcernedWaypoints {
  const connected = [waypoint, "*"].flatMap((scope) => fetch.lookup(acks.waypointsByScope, scope));
  const ready = pods === undefined ? [] : readyPods(fetch, pods, waypoint);
  const nodes = [...new Set([...connected.map(({ id }) => id), ...ready])];
  return { connected: connected.length, nodes };
}

function readyPods(
  fetch: FetchContext,
  pods: WaypointPods["byWaypoint"],
  waypoint: string,
): readonly string[] {
  return fetch
    .lookup(pods, waypoint)
    .map(({ object }) => viewWaypointPod(object))
    .filter(({ isReady, isTerminating }) => isReady && !isTerminating)
    .map(nodeIdOf);
}

export function measureProgress(
  fetch: FetchContext,
  witnesses: Witnesses,
  resources: readonly ResourceReference[],
  ...waypoints: readonly string[]
): Progress {
  const concerned = waypoints.map((waypoint) => concernedWaypoints(fetch, witnesses, waypoint));
  const connected = concerned.reduce((sum, each) => sum + each.connected, 0);
  const nodes = new Set(concerned.flatMap((each) => each.nodes));
  let running = 0;
  const refusals: string[] = [];
  for (const id of nodes) {
    let isRunning = true;
    for (const { typeUrl, name, version } of resources) {
      const ack = fetch.get(witnesses.acks.acks, ackKey(id, typeUrl, name));
      if (ack?.refused?.version === version) refusals.push(`${id}: ${ack.refused.error}`);
      else if (ack?.running === version) continue;
      isRunning = false;
    }
    if (isRunning) running++;
  }
  return { connected, concerned: nodes.size, running, refusals };
}

export function programmedCondition(type: string, progress: Progress, generation: number): DraftCondition {
  const { connected, concerned, running, refusals } = progress;
  const count = `${running}/${concerned} waypoints${atGeneration(generation)}`;
  if (connected === 0)
    return draftCondition(type, "Unknown", "Pending", "no waypoint is connected", generation);
  if (refusals.length > 0) {
    return draftCondition(type, "False", "Invalid", `${refusalText(progress)} (${count})`, generation);
  }
  if (running < concerned) return draftCondition(type, "False", "Pending", count, generation);
  return draftCondition(type, "True", "Programmed", count, generation);
}

/** Services have no generation in a cluster. */
function atGeneration(generation: number): string {
  return generation === 0 ? "" : ` at generation ${generation}`;
}

export function refusalText({ refusals }: Progress): string {
  return `refused by ${refusals.toSorted().join("; ")}; the version before, if any, stays in force`;
}
