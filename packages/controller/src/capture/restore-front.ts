/**
 * The patch that puts a front back: selector and targetPorts as its owner wants them now, and every annotation of capture
 * gone. Used on the way back by the controller and, with the controller gone, by `waystone restore`. The shadow knows best
 * (it has the owner's wishes since); without it the front's own annotation does.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { capturedBy, pointingOf } from "../model/front-marks.ts";
import { frontPatch } from "./front-patch.ts";
import { wantedFront } from "./wanted-front.ts";

/** Ours on a front; the owner's own stay: use-waypoint, direct-ports, release. */
const annotationsOfCapture = [
  captureKeys.capturedBy,
  captureKeys.original,
  captureKeys.wantedSelector,
  captureKeys.wantedTargetPorts,
];

/**
 * A JSON merge patch for `front` as just read (all of its fields: it carries the ports whole, and its resourceVersion).
 * Undefined where there is nothing to put back, or where nobody knows how it was: `canRestore` tells them apart.
 */
export function restorePatch(front: Service, shadow: Service | undefined): object | undefined {
  const removed = annotationsOfCapture.filter((key) => front.metadata.annotations?.[key] !== undefined);
  const annotations = Object.fromEntries(removed.map((key) => [key, null]));
  // Somebody took the marker alone: it is not ours to point any more, and the rest of what we wrote on it goes.
  const untouched = { selector: front.spec?.selector ?? {}, targetPorts: {} };
  const wanted = isPointedByUs(front, shadow) ? wantedFront(front, shadow) : untouched;
  return wanted === undefined ? undefined : frontPatch(front, { ...wanted, annotations });
}

/**
 * As restorePatch, with the release marker in the same patch: marker, selector and ports together pass the admission policy
 * of whoever may `release` services in our group, and the marker keeps a controller that comes back from capturing again.
 */
export function releasePatch(front: Service, shadow: Service | undefined): object | undefined {
  const patch = restorePatch(front, shadow) as
    | { readonly metadata: { readonly annotations?: Readonly<Record<string, string | null>> } }
    | undefined;
  if (patch === undefined) return undefined;
  const annotations = { ...patch.metadata.annotations, [captureKeys.release]: "true" };
  return { ...patch, metadata: { ...patch.metadata, annotations } };
}

/** False: it points at us, and neither the shadow nor its annotation says how it was. */
export function canRestore(front: Service, shadow: Service | undefined): boolean {
  return !isPointedByUs(front, shadow) || wantedFront(front, shadow) !== undefined;
}

/**
 * Whether capture has changed it. By the marker; where somebody lost that (a `replace` past the policy), by our key in the
 * selector together with a shadow: the Service of a waypoint itself has our key too, and no shadow.
 */
export function isPointedByUs(front: Service, shadow: Service | undefined): boolean {
  if (capturedBy(front) !== undefined) return true;
  const pointing = pointingOf(front);
  return shadow !== undefined && (pointing.at !== "elsewhere" || pointing.isMixed);
}
