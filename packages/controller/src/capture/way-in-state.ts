/** What the stages of the way in (plan-way-in.ts) look at: the view, and what follows from it. */
import type { CaptureProgress } from "./capture-plan.ts";
import type { CaptureView, ShadowView } from "./capture-view.ts";
import { type CapturedWish, pointedAt, shadowOfThisFront } from "./capture-wish.ts";
import { pickCapturedPorts } from "../model/captured-ports.ts";
import { capturedBy, pointingOf } from "../model/front-marks.ts";
import { type ShadowSpec, shadowSpecOf } from "./shadow-spec.ts";
import { type Readiness, readinessOf } from "./waypoint-readiness.ts";
import { leftSlot, nextSlots, type Slots } from "./waypoint-slots.ts";

export type Way = CapturedWish["way"];

/** To which waypoint the front leads, and how. */
export interface Lead {
  readonly waypoint: string;
  readonly way: Way;
}

export interface WayIn {
  readonly view: CaptureView;
  readonly progress: CaptureProgress;
  readonly wish: CapturedWish;
  /** Of this very front. */
  readonly shadow: ShadowView | undefined;
  /** What the shadow's spec should be. */
  readonly spec: ShadowSpec;
  /** Where the front leads to now; undefined: to its owner's pods. */
  readonly at: Lead | undefined;
  /** It bears our marks, and somebody has written past them. */
  readonly isDamaged: boolean;
  /** It is on its way from one waypoint to another, and the one that it leads to still serves it. */
  readonly isMoving: boolean;
  /** What the shadow should name next, and whether it may. */
  readonly slots: Slots;
  readonly left: string | undefined;
  /** Where the front should lead, of the waypoints that serve it by now. */
  readonly goal: Lead;
  /** Of the goal's waypoint. */
  readonly readiness: Readiness;
  /** Service port to waypoint port: those that are its own. */
  readonly ports: ReadonlyMap<number, number>;
}

export function wayInState(view: CaptureView, progress: CaptureProgress, wish: CapturedWish): WayIn {
  const shadow = shadowOfThisFront(view);
  const at = leadOf(view, wish);
  const now = { waypoint: shadow?.waypoint, movingTo: shadow?.movingTo };
  const slots = nextSlots({ now, at: at?.waypoint, wanted: wish.waypoint });
  const goal = goalOf(view.front.metadata.namespace ?? "", now, at, wish);
  return {
    view,
    progress,
    wish,
    shadow,
    spec: shadowSpecOf(view.front, shadow?.object),
    at,
    isDamaged: at !== undefined && isDamaged(view, at),
    isMoving: at !== undefined && at.waypoint !== goal.waypoint && names(now, at.waypoint),
    slots,
    left: at === undefined ? undefined : leftSlot(now, slots),
    goal,
    readiness: readinessOf(view, progress, goal.waypoint),
    ports: ownPorts(shadow),
  };
}

function leadOf(view: CaptureView, wish: CapturedWish): Lead | undefined {
  const waypoint = pointedAt(view);
  if (waypoint === undefined) return undefined;
  const { at } = pointingOf(view.front);
  if (at === "elsewhere") return { waypoint, way: wayBefore(view, waypoint, wish) };
  return { waypoint, way: at === "slices" ? "by-slices" : "by-selector" };
}

/** Which way a front was led that somebody has written past: what is left of it tells, and else what would be done today. */
function wayBefore({ front, ownSlices }: CaptureView, waypoint: string, wish: CapturedWish): Way {
  if (waypoint === wish.waypoint) return wish.way;
  return ownSlices.length > 0 ? "by-slices" : pickCapturedPorts(front, waypoint).way;
}

function isDamaged({ front }: CaptureView, at: Lead): boolean {
  const pointing = pointingOf(front);
  if (pointing.at === "elsewhere" || capturedBy(front) === undefined) return true;
  return (
    pointing.at === "waypoint" && at.waypoint !== `${front.metadata.namespace ?? ""}/${pointing.gateway}`
  );
}

/** The waypoint that is wanted once the shadow names it: before that nobody listens there. */
function goalOf(
  namespace: string,
  now: Slots,
  at: Lead | undefined,
  { waypoint: wanted, way }: CapturedWish,
): Lead {
  if (at === undefined || names(now, wanted)) return { waypoint: wanted, way };
  if (names(now, at.waypoint)) return at;
  const waypoint = now.waypoint ?? at.waypoint;
  return { waypoint, way: waypoint.startsWith(`${namespace}/`) ? at.way : "by-slices" };
}

function names(now: Slots, waypoint: string): boolean {
  return waypoint === now.waypoint || waypoint === now.movingTo;
}

function ownPorts(shadow: ShadowView | undefined): ReadonlyMap<number, number> {
  return new Map([...(shadow?.ports ?? [])].filter(([port]) => !shadow?.lostPorts.includes(port)));
}
