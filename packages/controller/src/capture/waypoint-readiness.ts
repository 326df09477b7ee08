/**
 * Whether a waypoint can take over a Service: at least one pod is Ready, and each Ready pod runs the Service and the slices
 * of its shadow in all its workers (that is what an ACK says). And what is missing, in words.
 */
import type { CaptureProgress } from "./capture-plan.ts";
import type { CaptureView, WaypointPodView } from "./capture-view.ts";

export interface Readiness {
  readonly isReady: boolean;
  /** "2 of 2 pods are ready and run it"; what it waits for, where it is not ready. */
  readonly message: string;
}

export function readinessOf(
  { waypointPods }: CaptureView,
  { running }: CaptureProgress,
  waypoint: string,
): Readiness {
  const pods = waypointPods.filter((pod) => pod.waypoint === waypoint && !pod.isTerminating);
  const ready = pods.filter(({ isReady }) => isReady);
  const run = ready.filter((pod) => running.includes(nodeIdOf(pod)));
  return {
    isReady: ready.length > 0 && run.length === ready.length,
    message: describe(pods.length, ready.length, run.length),
  };
}

/** As a waypoint calls itself on the push channel. */
export function nodeIdOf({ waypoint, name }: Pick<WaypointPodView, "waypoint" | "name">): string {
  return `${waypoint}/${name}`;
}

export function hasReadyPod({ waypointPods }: CaptureView, waypoint: string): boolean {
  return waypointPods.some((pod) => pod.waypoint === waypoint && pod.isReady && !pod.isTerminating);
}

function describe(pods: number, ready: number, run: number): string {
  if (pods === 0) return "it has no pods";
  if (ready === 0) return `0 of ${pods} pods are ready`;
  return `${run} of ${ready} ready pods run it`;
}
