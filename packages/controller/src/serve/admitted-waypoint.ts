/** One open stream's right to be: looked at when objects change, asked of the API server again and again. */
import type { Clock, Timer } from "@waystone/base/clock";
import type { Rng } from "@waystone/base/rng";
import type { Admission, Refusal } from "@waystone/xds/grpc/authenticate";
import type { PodVerdict, WaypointPod } from "./judge-waypoint-pod.ts";
import type { WorldChanges } from "./world-changes.ts";

export interface AdmittedWaypointOptions {
  readonly waypoint: WaypointPod;
  readonly podKey: string;
  readonly changes: WorldChanges;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly reviewMs: number;
  readonly reviewRetryMs: number;
  readonly judge: () => PodVerdict;
  /** Never rejects; undefined where the token is still good. */
  readonly review: (over: AbortSignal) => Promise<Refusal | undefined>;
}

export class AdmittedWaypoint implements Admission {
  readonly nodeId: string;
  readonly scope: string;
  readonly #options: AdmittedWaypointOptions;

  constructor(options: AdmittedWaypointOptions) {
    this.#options = options;
    this.nodeId = options.waypoint.nodeId;
    this.scope = options.waypoint.scope;
  }

  watch(end: (refusal: Refusal) => void): () => void {
    const { changes, podKey, clock, rng, review, judge, reviewMs, reviewRetryMs } = this.#options;
    const over = new AbortController();
    let timer: Timer | undefined;
    const stop = (): void => {
      over.abort();
      timer?.cancel();
      stopLooking();
    };
    const cut = (refusal: Refusal): void => {
      if (over.signal.aborted) return;
      stop();
      end(refusal);
    };
    const look = (): void => {
      const verdict = judge();
      if ("problem" in verdict) cut({ kind: "forbidden", reason: verdict.problem });
      else if (verdict.waypoint.nodeId !== this.nodeId) {
        cut({ kind: "forbidden", reason: `the pod is of another waypoint now, ${verdict.waypoint.scope}` });
      }
    };
    const ask = async (): Promise<void> => {
      const refusal = await review(over.signal);
      if (over.signal.aborted) return;
      if (refusal === undefined) return wait(reviewMs);
      // Not to know is no reason to cut (see authorize-waypoint.ts).
      if (refusal.kind === "unavailable") return wait(reviewRetryMs);
      cut(refusal);
    };
    const wait = (atMostMs: number): void => {
      timer = clock.after(atMostMs * (0.8 + 0.2 * rng.next()), () => void ask());
    };
    const stopLooking = changes.watch({ pod: podKey }, look);
    wait(reviewMs);
    // Between the judgement and now something may have changed.
    look();
    return stop;
  }
}
