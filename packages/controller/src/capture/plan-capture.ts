/**
 * The capture of one Service as a pure function: from what the objects say, the one next step. No memory: a controller that
 * starts anywhere in the middle goes on from there. The ways are in plan-way-in.ts and plan-way-back.ts.
 */
import type { CapturePlan, CaptureProgress } from "./capture-plan.ts";
import type { CaptureView } from "./capture-view.ts";
import { wishOf } from "./capture-wish.ts";
import { planWayBack } from "./plan-way-back.ts";
import { planWayIn } from "./plan-way-in.ts";

export function planCapture(view: CaptureView, progress: CaptureProgress): CapturePlan {
  const wish = wishOf(view);
  return wish.is === "captured" ? planWayIn(view, progress, wish) : planWayBack(view, progress, wish);
}
