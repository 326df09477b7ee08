/**
 * What a front should be while it leads to a waypoint. A port whose waypoint port is not known to be listened on points at
 * one where nobody ever listens: the owner's number could be that of another Service.
 */
import type { ServicePort } from "@waystone/api/kubernetes/core";
import { bySlicesSelector, captureKeys, reservedPort } from "@waystone/api/names";
import { isWaypointPort } from "../model/waypoint-port.ts";
import type { FrontReason } from "./capture-plan.ts";
import { isTcp } from "../model/captured-ports.ts";
import { originalOf, portKey, type TargetPort, writeOriginal } from "../model/front-marks.ts";
import type { FrontChange } from "./front-patch.ts";
import { ownedSpec } from "./wanted-front.ts";
import type { Lead, WayIn } from "./way-in-state.ts";

export function frontChange(state: WayIn, lead: Lead): FrontChange {
  const owned = ownedSpec(state.spec);
  const gateway = lead.waypoint.slice(lead.waypoint.indexOf("/") + 1);
  const bySelector = lead.way === "by-selector";
  return {
    selector: { [captureKeys.waypoint]: bySelector ? gateway : bySlicesSelector },
    targetPorts: bySelector ? waypointTargetPorts(state) : owned.targetPorts,
    annotations: {
      [captureKeys.capturedBy]: lead.waypoint,
      [captureKeys.original]: writeOriginal(owned),
      // The shadow has them: it is brought up to date before the front.
      [captureKeys.wantedSelector]: null,
      [captureKeys.wantedTargetPorts]: null,
    },
  };
}

function waypointTargetPorts(state: WayIn): Readonly<Record<string, TargetPort>> {
  const tcp = (state.view.front.spec?.ports ?? []).filter(isTcp).map((port) => {
    const own = state.ports.get(port.port);
    const isListened = own !== undefined && (state.readiness.isReady || wasLed(state, port, own));
    return [portKey(port), isListened ? own : reservedPort] as const;
  });
  return Object.fromEntries(tcp);
}

/** It has led there before, though somebody has written its owner's targetPort since. */
function wasLed({ view, at }: WayIn, port: ServicePort, own: number): boolean {
  if (at?.way !== "by-selector" || port.targetPort === reservedPort) return false;
  if (port.targetPort === own) return true;
  return !isWaypointPort(port.targetPort) && originalOf(view.front)?.targetPorts[portKey(port)] !== undefined;
}

/** Why the front is written, for the log, events and the count of repairs. */
export function reasonOf({ view, at, isDamaged }: WayIn, lead: Lead, change: FrontChange): FrontReason {
  if (at === undefined || at.waypoint !== lead.waypoint) return "point";
  if (isDamaged) return "repair";
  if (at.way !== lead.way) return "point";
  const known = originalOf(view.front)?.targetPorts ?? {};
  const differing = (view.front.spec?.ports ?? []).filter((port) => {
    const wanted = change.targetPorts[portKey(port)];
    return wanted !== undefined && wanted !== port.targetPort;
  });
  if (differing.length === 0) return "wishes";
  const isStray = differing.some(
    (port) =>
      known[portKey(port)] !== undefined &&
      port.targetPort !== reservedPort &&
      !isWaypointPort(port.targetPort),
  );
  return isStray && lead.way === "by-selector" ? "repair" : "ports";
}
