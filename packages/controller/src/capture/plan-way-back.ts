/**
 * The way back, in the order "restore, wait for endpoints, then remove": the front gets its selector and targetPorts, our
 * slices go when Kubernetes' own have every ready endpoint, and the shadow, which keeps the waypoint serving, goes last:
 * after a time for nodes that are slow to hear. The time begins anew with a new leader: too long harms nobody.
 */
import { bySlicesSelector, captureKeys } from "@waystone/api/names";
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import { waypointBound } from "../model/enrolment.ts";
import type { CapturePhase, CapturePlan, CaptureProgress, CaptureStep } from "./capture-plan.ts";
import type { CaptureTarget, CaptureView } from "./capture-view.ts";
import { shadowOfThisFront } from "./capture-wish.ts";
import { type Found, lingerMs } from "./plan-way-in.ts";
import { pointingOf } from "../model/front-marks.ts";
import { canRestore, isPointedByUs, restorePatch } from "./restore-front.ts";
import { hasShadowSpec, shadowSpecOf } from "./shadow-spec.ts";
import { isFrontGivenBack, isFrontWithoutWaypoint } from "./slice-endpoints.ts";
import { wantedFront } from "./wanted-front.ts";

type Direct = Extract<CaptureTarget, { readonly is: "direct" }>;

export const givenBack = "it has been given back";

type Stage = (view: CaptureView, progress: CaptureProgress) => Found | undefined;

const stages: readonly Stage[] = [
  leaveToBeDeleted,
  emptyFront,
  restoreFront,
  followFront,
  dropSlices,
  dropShadow,
];

export function planWayBack(view: CaptureView, progress: CaptureProgress, target: Direct): CapturePlan {
  for (const stage of stages) {
    const found = stage(view, progress);
    if (found === undefined) continue;
    const condition = describe(view, progress, target, found);
    return { phase: "Releasing", step: found.step, condition };
  }
  return { phase: "Released", step: wait, condition: refused(view, target) };
}

const wait: CaptureStep = { do: "wait" };

/** What is ours of it goes with it. */
function leaveToBeDeleted({ front, shadow, ownSlices }: CaptureView): Found | undefined {
  if (front.metadata.deletionTimestamp === undefined) return undefined;
  if (shadow === undefined && ownSlices.length === 0) return undefined;
  return { step: wait, waitsFor: "waiting for the Service to be deleted" };
}

/**
 * Kubernetes leaves the slices of a Service that loses its selector as they are: they would name the waypoint for ever, at a
 * port that another Service gets. So a front whose owner wants no selector selects nothing first, and then has none.
 */
function emptyFront(view: CaptureView): Found | undefined {
  const { front } = view;
  const shadow = shadowOfThisFront(view)?.object;
  const { at } = pointingOf(front);
  const wanted = isPointedByUs(front, shadow) ? wantedFront(front, shadow) : undefined;
  if (wanted === undefined || Object.keys(wanted.selector).length > 0 || at === "elsewhere") return undefined;
  if (at === "slices") return isFrontWithoutWaypoint(view) ? undefined : awaitNoWaypoint;
  const selector = { [captureKeys.waypoint]: bySlicesSelector };
  const change = { selector, targetPorts: wanted.targetPorts, annotations: {} };
  return { step: { do: "write-front", why: "point", change } };
}

const awaitNoWaypoint: Found = {
  step: wait,
  waitsFor: "waiting for Kubernetes to take the waypoint's pods out of its endpoints",
};

function restoreFront(view: CaptureView): Found | undefined {
  const shadow = shadowOfThisFront(view)?.object;
  if (!canRestore(view.front, shadow)) {
    const waitsFor =
      "nobody knows which pods it selected (its shadow and its annotation waystone.dev/original are gone): " +
      'set its selector and targetPorts to your own, together with waystone.dev/release: "true"';
    return { step: wait, waitsFor };
  }
  if (restorePatch(view.front, shadow) === undefined) return undefined;
  return { step: { do: "restore-front", shadow } };
}

/** The owner goes on editing: a shadow that fell behind would have endpoints that the front will never have. */
function followFront(view: CaptureView): Found | undefined {
  const shadow = shadowOfThisFront(view);
  if (shadow === undefined) return undefined;
  const spec = shadowSpecOf(view.front, shadow.object);
  if (hasShadowSpec(shadow.object, spec)) return undefined;
  const { waypoint, movingTo } = shadow;
  const ports = [...shadow.ports].map(([port, preferred]) => ({ port, preferred }));
  return {
    step: { do: "update-shadow", shadow: shadow.object, change: { spec, waypoint, movingTo, ports } },
  };
}

function dropSlices(view: CaptureView): Found | undefined {
  const [slice] = view.ownSlices;
  if (slice === undefined) return undefined;
  return isFrontGivenBack(view) ? { step: { do: "delete-slice", slice } } : awaitOwnEndpoints;
}

function dropShadow(view: CaptureView, { lingered }: CaptureProgress): Found | undefined {
  const { shadow } = view;
  if (shadow === undefined) return undefined;
  const of = shadow.isOfThisFront ? "this front" : "another";
  const remove: Found = { step: { do: "delete-shadow", shadow: shadow.object, of } };
  // No waypoint was ever asked to serve it, so no client can have been led there.
  if (!shadow.isOfThisFront || shadow.waypoint === undefined) return remove;
  if (!isFrontGivenBack(view)) return awaitOwnEndpoints;
  if (lingered === givenBack) return remove;
  return {
    step: { do: "linger", until: givenBack, ms: lingerMs },
    waitsFor: "waiting for nodes that are slow to hear of it",
  };
}

const awaitOwnEndpoints: Found = {
  step: wait,
  waitsFor: "waiting for Kubernetes to give it all ready endpoints of its shadow",
};

function describe(
  { front }: CaptureView,
  { failure }: CaptureProgress,
  { refusal }: Direct,
  { waitsFor }: Found,
): DraftCondition {
  const phase: CapturePhase = "Releasing";
  const why = refusal === undefined ? [] : [refusal.message];
  const failed = failure === undefined ? [] : [`the last step failed: ${failure}`];
  const message = [waitsFor ?? "being put back", ...why, ...failed].join("; ");
  return draftCondition(waypointBound, "False", phase, message, front.metadata.generation ?? 0);
}

function refused({ front }: CaptureView, { refusal }: Direct): DraftCondition | undefined {
  if (refusal === undefined) return undefined;
  const { reason, message } = refusal;
  return draftCondition(waypointBound, "False", reason, message, front.metadata.generation ?? 0);
}
