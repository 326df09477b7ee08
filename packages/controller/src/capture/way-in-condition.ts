/** waystone.dev/WaypointBound for a Service that somebody wants captured: what it waits for, or what its owner should know. */
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import { waypointBound } from "../model/enrolment.ts";
import type { CapturePhase } from "./capture-plan.ts";
import type { WayIn } from "./way-in-state.ts";
import { hasReadyPod } from "./waypoint-readiness.ts";

export function describeWayIn(
  state: WayIn,
  phase: CapturePhase,
  waitsFor: string | undefined,
): DraftCondition {
  const { view, progress, at } = state;
  const generation = view.front.metadata.generation ?? 0;
  const failure = progress.failure === undefined ? [] : [`the last step failed: ${progress.failure}`];
  if (at === undefined) {
    const message = [waitsFor ?? underWay[phase], ...failure].join("; ");
    return draftCondition(waypointBound, "False", phase, message, generation);
  }
  const message = [attached(state), ...remarks(state, waitsFor), ...failure].join("; ");
  return draftCondition(waypointBound, "True", "WaypointAccepted", message, generation);
}

const underWay: Readonly<Record<CapturePhase, string>> = {
  Requested: "making its shadow, the headless Service that keeps its endpoints",
  ShadowReady: "asking the waypoint to serve it",
  WaypointReady: "the waypoint is ready for it: pointing it there",
  Captured: "captured",
  Releasing: "being put back",
  Released: "put back",
};

/** Istio's words. */
function attached({ at, wish }: WayIn): string {
  const by = at?.waypoint === wish.waypoint ? ` (${wish.by})` : "";
  return `Successfully attached to waypoint ${at?.waypoint ?? wish.waypoint}${by}`;
}

function remarks(state: WayIn, waitsFor: string | undefined): readonly string[] {
  const { view, progress, at, wish } = state;
  const remarks: string[] = [];
  if (at !== undefined && !hasReadyPod(view, at.waypoint)) {
    remarks.push("none of its pods is ready: no request is answered until one is");
  }
  if (at !== undefined && at.waypoint !== wish.waypoint) {
    remarks.push(`to be moved to waypoint ${wish.waypoint} (${wish.by})`);
  }
  if (waitsFor !== undefined) remarks.push(waitsFor);
  if (progress.exhausted !== undefined) remarks.push(progress.exhausted);
  if (wish.warning !== undefined) remarks.push(wish.warning);
  return remarks;
}
