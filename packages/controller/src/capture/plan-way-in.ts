/**
 * The way to a captured Service, and how it is kept so: stages in the order in which they are asked, each of which has a step
 * or is content. Also the way from one waypoint, or one way of pointing, to another: the front goes on leading to where it
 * leads until everything is ready elsewhere.
 */
import type { EndpointSlice } from "@waystone/api/kubernetes/core";
import type { CapturePhase, CapturePlan, CaptureProgress, CaptureStep } from "./capture-plan.ts";
import type { CaptureView } from "./capture-view.ts";
import type { CapturedWish } from "./capture-wish.ts";
import { frontChange, reasonOf } from "./front-change.ts";
import { frontPatch } from "./front-patch.ts";
import { buildOwnSlices, compareSlices, isLedDirect } from "./own-slices.ts";
import { canRestore } from "./restore-front.ts";
import { hasShadowSpec, shadowNameOf } from "./shadow-spec.ts";
import { isFrontAt, isShadowComplete } from "./slice-endpoints.ts";
import { describeWayIn } from "./way-in-condition.ts";
import { type Lead, type WayIn, wayInState } from "./way-in-state.ts";

/** For nodes that are slow to hear: as long on the way in as on the way back. */
export const lingerMs = 15_000;

export interface Found {
  readonly step: CaptureStep;
  /** "waiting for ...", for its owner. */
  readonly waitsFor?: string;
}

type Stage = (state: WayIn) => Found | undefined;

const stages: readonly Stage[] = [
  leaveToBeDeleted,
  removeShadowOfAnother,
  makeShadow,
  updateShadow,
  awaitEndpoints,
  awaitPorts,
  awaitWaypoint,
  // The overlap belongs here: with the owner's selector in place, own slices with some of the waypoint's pods give it a
  // share of the connections (by the number of endpoints); on errors they are deleted again, else the front is pointed.
  writeSlices,
  pointFront,
  dropSlices,
  leaveOldPlace,
];

export function planWayIn(view: CaptureView, progress: CaptureProgress, wish: CapturedWish): CapturePlan {
  const state = wayInState(view, progress, wish);
  const found = firstOf(state);
  const phase = phaseOf(state);
  return { phase, step: found?.step ?? wait, condition: describeWayIn(state, phase, found?.waitsFor) };
}

const wait: CaptureStep = { do: "wait" };

function firstOf(state: WayIn): Found | undefined {
  for (const stage of stages) {
    const found = stage(state);
    if (found !== undefined) return found;
  }
  return undefined;
}

function phaseOf({ view, shadow, at, readiness }: WayIn): CapturePhase {
  if (at !== undefined) return "Captured";
  if (shadow?.waypoint === undefined || !isShadowComplete(view)) return "Requested";
  return readiness.isReady ? "WaypointReady" : "ShadowReady";
}

function leaveToBeDeleted({ view }: WayIn): Found | undefined {
  if (view.front.metadata.deletionTimestamp === undefined) return undefined;
  return { step: wait, waitsFor: "waiting for the Service to be deleted" };
}

/** Kubernetes collects it too, but may take its time; its name is needed. */
function removeShadowOfAnother({ view }: WayIn): Found | undefined {
  const { shadow } = view;
  if (shadow === undefined || shadow.isOfThisFront) return undefined;
  return { step: { do: "delete-shadow", shadow: shadow.object, of: "another" } };
}

function makeShadow({ view, shadow, spec }: WayIn): Found | undefined {
  if (shadow !== undefined) return undefined;
  if (!canRestore(view.front, undefined)) {
    const waitsFor = `its shadow is gone, and nobody knows which pods it selected: set its selector and targetPorts to your own`;
    return { step: wait, waitsFor };
  }
  return { step: { do: "create-shadow", name: shadowNameOf(view.front), spec } };
}

/** Spec and marks in one write. Ports and waypoints that are no longer wanted stay until the front has left them for a while. */
function updateShadow(state: WayIn): Found | undefined {
  const { view, progress, shadow, spec, slots, left, at } = state;
  if (shadow === undefined) return undefined;
  const isHeld = at === undefined && !isShadowComplete(view);
  const mayLeave = left === undefined || progress.lingered === leavingSlot(left);
  const next = isHeld || !mayLeave ? { waypoint: shadow.waypoint, movingTo: shadow.movingTo } : slots;
  const missing = isHeld || progress.exhausted !== undefined ? [] : missingPorts(state);
  const unused = mayDropPorts(state) ? unusedPorts(state) : [];
  const isDone =
    hasShadowSpec(shadow.object, spec) &&
    next.waypoint === shadow.waypoint &&
    next.movingTo === shadow.movingTo &&
    missing.length + unused.length === 0;
  if (isDone) return undefined;
  const kept = [...shadow.ports].filter(([port]) => !unused.includes(port) && !missing.includes(port));
  const wanted = [
    ...kept.map(([port, preferred]) => ({ port, preferred })),
    ...missing.map((port) => ({ port, preferred: ledPort(state, port) })),
  ];
  return { step: { do: "update-shadow", shadow: shadow.object, change: { spec, ...next, ports: wanted } } };
}

function missingPorts({ wish, ports }: WayIn): readonly number[] {
  return wish.ports.filter((port) => !ports.has(port));
}

/** Where the front leads a port now: after the shadow was lost, the port that it had. */
function ledPort({ view, at, shadow }: WayIn, port: number): number | undefined {
  if (at?.way !== "by-selector" || shadow?.lostPorts.includes(port)) return undefined;
  const targetPort = view.front.spec?.ports?.find((each) => each.port === port)?.targetPort;
  return typeof targetPort === "number" ? targetPort : undefined;
}

function unusedPorts({ shadow, wish }: WayIn): readonly number[] {
  return [...(shadow?.ports.keys() ?? [])].filter((port) => !wish.ports.includes(port));
}

function mayDropPorts(state: WayIn): boolean {
  return state.at === undefined || state.progress.lingered === leavingPorts(unusedPorts(state));
}

function awaitEndpoints({ view, at }: WayIn): Found | undefined {
  if (at !== undefined || isShadowComplete(view)) return undefined;
  return {
    step: wait,
    waitsFor: "waiting for Kubernetes to give its shadow the endpoints that it has itself",
  };
}

function awaitPorts(state: WayIn): Found | undefined {
  if (state.at !== undefined || missingPorts(state).length === 0) return undefined;
  return { step: wait, waitsFor: state.progress.exhausted ?? "waiting for its waypoint ports" };
}

/** Only a front that leads nowhere of ours can wait here: one that is captured must be kept in order meanwhile. */
function awaitWaypoint(state: WayIn): Found | undefined {
  const { view, at, readiness, goal } = state;
  if (at !== undefined || readiness.isReady) return undefined;
  // Pods that were ready when the slices were written, and are not any more.
  const [slice] = view.ownSlices;
  if (slice !== undefined) return { step: { do: "delete-slice", slice } };
  return { step: wait, waitsFor: `waiting for waypoint ${goal.waypoint}: ${readiness.message}` };
}

function writeSlices(state: WayIn): Found | undefined {
  if (leadNow(state).way !== "by-slices") return undefined;
  const [slice] = compareSlices(state.view.ownSlices, wantedSlices(state)).writes;
  return slice === undefined ? undefined : { step: { do: "write-slice", slice } };
}

function pointFront(state: WayIn): Found | undefined {
  const lead = leadNow(state);
  const change = frontChange(state, lead);
  if (frontPatch(state.view.front, change) === undefined) return undefined;
  return { step: { do: "write-front", why: reasonOf(state, lead, change), change } };
}

function dropSlices(state: WayIn): Found | undefined {
  const lead = leadNow(state);
  if (lead.way === "by-slices") {
    const [slice] = compareSlices(state.view.ownSlices, wantedSlices(state)).deletes;
    return slice === undefined ? undefined : { step: { do: "delete-slice", slice } };
  }
  const [slice] = state.view.ownSlices;
  if (slice === undefined) return undefined;
  if (isFrontAt(state.view, lead.waypoint)) return { step: { do: "delete-slice", slice } };
  return { step: wait, waitsFor: `waiting for Kubernetes to point it at the pods of ${lead.waypoint}` };
}

function leaveOldPlace(state: WayIn): Found | undefined {
  const { view, left, goal, at, readiness, wish } = state;
  if (at?.waypoint !== wish.waypoint) {
    return { step: wait, waitsFor: `waiting for waypoint ${goal.waypoint}: ${readiness.message}` };
  }
  const unused = unusedPorts(state);
  if (left === undefined && unused.length === 0) return undefined;
  if (at.way === "by-selector" && !isFrontAt(view, at.waypoint)) {
    return { step: wait, waitsFor: `waiting for Kubernetes to point it at the pods of ${at.waypoint}` };
  }
  const until = left === undefined ? leavingPorts(unused) : leavingSlot(left);
  return { step: { do: "linger", until, ms: lingerMs } };
}

const leavingSlot = (waypoint: string): string => `${waypoint} is left`;
const leavingPorts = (ports: readonly number[]): string => `ports ${ports.join(", ")} are left`;

/**
 * Where the front is to lead by the next write: to the goal as soon as that is ready; until then to where it leads. A front
 * that somebody wrote past is put right at once, because it may lead past the waypoint; where it was moving, back to where it led.
 */
function leadNow({ at, goal, readiness, isDamaged, isMoving }: WayIn): Lead {
  if (at === undefined || readiness.isReady) return goal;
  return isDamaged && !isMoving ? goal : at;
}

function wantedSlices(state: WayIn): readonly EndpointSlice[] {
  const { view, wish, ports, readiness } = state;
  const led = new Set(view.ownSlices.flatMap((slice) => (slice.ports ?? []).map(({ port }) => port)));
  const usable = new Map(
    [...ports].filter(([port, own]) => wish.ports.includes(port) && (readiness.isReady || led.has(own))),
  );
  // A port that was direct and is to pass the waypoint stays direct until the waypoint has it: never nobody's.
  const stillDirect = (view.front.spec?.ports ?? []).filter(
    (port) => wish.ports.includes(port.port) && !usable.has(port.port) && isLedDirect(view, port),
  );
  const { waypoint } = leadNow(state);
  return buildOwnSlices(view, { waypoint, ports: usable, direct: [...wish.direct, ...stillDirect] });
}
