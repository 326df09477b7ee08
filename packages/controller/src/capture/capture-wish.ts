/**
 * What is to become of a Service now: the target that the rules come to, but for what only a Service's present state decides.
 */
import type { ServicePort } from "@waystone/api/kubernetes/core";
import { isTcp, pickCapturedPorts } from "../model/captured-ports.ts";
import { keepsCapture } from "../model/kept-capture.ts";
import type { CaptureTarget, CaptureView } from "./capture-view.ts";
import { capturedBy } from "../model/front-marks.ts";
import { isPointedByUs } from "./restore-front.ts";

export type CaptureWish =
  | {
      readonly is: "captured";
      /** "<namespace>/<gateway>" */
      readonly waypoint: string;
      readonly by: string;
      readonly way: "by-selector" | "by-slices";
      /** The front's TCP ports that pass the waypoint. */
      readonly ports: readonly number[];
      /** All others, of any protocol. */
      readonly direct: readonly ServicePort[];
      /** What its owner should know although it is captured. */
      readonly warning: string | undefined;
    }
  | Extract<CaptureTarget, { readonly is: "direct" }>;

export type CapturedWish = Extract<CaptureWish, { readonly is: "captured" }>;

export function wishOf(view: CaptureView): CaptureWish {
  const { front, target } = view;
  if (target.is === "captured") {
    const isWhole = (front.spec?.ports ?? []).every(
      (port) => isTcp(port) && target.ports.includes(port.port),
    );
    const isNear = target.waypoint.startsWith(`${front.metadata.namespace ?? ""}/`);
    // A selector moves all ports at once, and to pods of its own namespace alone, whatever was asked for.
    const way = isWhole && isNear ? target.way : "by-slices";
    return captured(view, { ...target, way, warning: target.warning });
  }
  return keptWish(view, target) ?? target;
}

function keptWish(
  view: CaptureView,
  { refusal }: Extract<CaptureTarget, { is: "direct" }>,
): CapturedWish | undefined {
  const { front } = view;
  const shadow = shadowOfThisFront(view);
  const waypoint = pointedAt(view);
  if (refusal === undefined || !keepsCapture(refusal.reason) || waypoint === undefined) return undefined;
  if (shadow !== undefined && waypoint !== shadow.waypoint && waypoint !== shadow.movingTo) return undefined;
  const { way, ports } = pickCapturedPorts(front, waypoint);
  if (ports.length === 0) return undefined;
  const [why = ""] = refusal.message.replace(/^not captured by [^:]*: /, "").split(";");
  const warning = `${why}: it was captured before, and stays so, because its policies in the waypoint would end with capture`;
  return captured(view, { waypoint, by: "an earlier capture", way, ports, warning });
}

function captured(
  { front }: CaptureView,
  { waypoint, by, way, ports, warning }: Omit<CapturedWish, "is" | "direct">,
): CapturedWish {
  const passes = (port: ServicePort): boolean => isTcp(port) && ports.includes(port.port);
  const given = front.spec?.ports ?? [];
  return {
    is: "captured",
    waypoint,
    by,
    way,
    ports: given.filter(passes).map(({ port }) => port),
    direct: given.filter((port) => !passes(port)),
    warning,
  };
}

export function shadowOfThisFront({ shadow }: CaptureView): CaptureView["shadow"] {
  return shadow?.isOfThisFront === true ? shadow : undefined;
}

/** "<namespace>/<gateway>" whose waypoint clients are led to now; undefined: to the owner's pods. */
export function pointedAt(view: CaptureView): string | undefined {
  const shadow = shadowOfThisFront(view);
  if (!isPointedByUs(view.front, shadow?.object)) return undefined;
  return capturedBy(view.front) ?? shadow?.waypoint;
}
