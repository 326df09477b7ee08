/**
 * The Programmed condition: True only when every connected waypoint concerned has ACKed the version that this generation of
 * the object translates to; False with a NACK's own words when one refused it.
 */
import type { FetchContext } from "@waystone/collection/collection";
import type { ConnectedNode } from "@waystone/xds/resource";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { ResourceReference } from "../translate/object-status.ts";
import { type Acks, ackKey } from "./ack-tracker.ts";

export interface Progress {
  readonly connected: number;
  readonly running: number;
  /** "<waypoint>: <reason>" of each refusal. */
  readonly refusals: readonly string[];
}

/** Waypoints that run `waypoint` ("<namespace>/<gateway>"): its own, and those that run everything. */
export function concernedWaypoints(
  fetch: FetchContext,
  acks: Acks,
  waypoint: string,
): readonly ConnectedNode[] {
  return [...fetch.lookup(acks.waypointsByScope, waypoint), ...fetch.lookup(acks.waypointsByScope, "*")];
}

export function measureProgress(
  fetch: FetchContext,
  acks: Acks,
  resource: ResourceReference,
  waypoint: string,
): Progress {
  const nodes = concernedWaypoints(fetch, acks, waypoint);
  let running = 0;
  const refusals: string[] = [];
  for (const { id } of nodes) {
    const ack = fetch.get(acks.acks, ackKey(id, resource.typeUrl, resource.name));
    if (ack?.refused?.version === resource.version) refusals.push(`${id}: ${ack.refused.error}`);
    else if (ack?.running === resource.version) running++;
  }
  return { connected: nodes.length, running, refusals };
}

export function programmedCondition(type: string, progress: Progress, generation: number): DraftCondition {
  const { connected, running, refusals } = progress;
  const count = `${running}/${connected} waypoints${atGeneration(generation)}`;
  if (connected === 0)
    return draftCondition(type, "Unknown", "Pending", "no waypoint is connected", generation);
  if (refusals.length > 0) {
    return draftCondition(type, "False", "Invalid", `${refusalText(progress)} (${count})`, generation);
  }
  if (running < connected) return draftCondition(type, "False", "Pending", count, generation);
  return draftCondition(type, "True", "Programmed", count, generation);
}

/** Services have no generation in a cluster. */
function atGeneration(generation: number): string {
  return generation === 0 ? "" : ` at generation ${generation}`;
}

export function refusalText({ refusals }: Progress): string {
  return `refused by ${refusals.toSorted().join("; ")}; the version before, if any, stays in force`;
}
