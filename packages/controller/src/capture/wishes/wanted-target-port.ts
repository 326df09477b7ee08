/**
 * The targetPort that the owner wants for a port of the front, which may show the owner's, one of a waypoint, or the reserved
 * one. By slices the front shows the owner's; by selector it shows ours, unless somebody wrote past the admission policy.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { reservedPort } from "@waystone/api/names";
import { isWaypointPort, parseWaypointPorts } from "../../model/waypoint-port.ts";
import { capturedBy, originalOf, pointingOf, portKey, type TargetPort } from "../../model/front-marks.ts";
import { readLastApplied } from "./last-applied.ts";
import { readWishes, type TargetPortWish } from "./read-wishes.ts";

export type TargetPortOf = (port: ServicePort) => TargetPort;

export function wantedTargetPort(front: Service, shadow: Service | undefined): TargetPortOf {
  const pointing = pointingOf(front);
  const isUntouched = pointing.at === "elsewhere" && !pointing.isMixed && capturedBy(front) === undefined;
  if (isUntouched || pointing.at === "slices") return shownTargetPort;
  const wishes = readWishes(front).targetPorts;
  const known = knownTargetPorts(front, shadow);
  const isOurs = recogniseOurs(front, shadow);
  return (port) => {
    const key = portKey(port);
    const shown = shownTargetPort(port);
    if (!isOurs(port, shown)) return shown;
    return resolveWish(wishes.get(key), key, known) ?? known.get(key) ?? port.port;
  };
}

function shownTargetPort({ port, targetPort }: ServicePort): TargetPort {
  return targetPort ?? port;
}

/** Where the shadow has the port already, a reference to another has been resolved before: that other may be gone by now. */
function resolveWish(
  wish: TargetPortWish | undefined,
  key: string,
  known: ReadonlyMap<string, TargetPort>,
): TargetPort | undefined {
  return wish?.is === "as" ? (known.get(key) ?? known.get(wish.port)) : wish?.targetPort;
}

/** By `portKey`: the shadow's, and what only the front's annotation knows. */
function knownTargetPorts(front: Service, shadow: Service | undefined): ReadonlyMap<string, TargetPort> {
  const known = new Map(Object.entries(originalOf(front)?.targetPorts ?? {}));
  for (const port of shadow?.spec?.ports ?? []) known.set(portKey(port), shownTargetPort(port));
  return known;
}

/**
 * A number from the waypoints' range is ours, whichever waypoint it is of (the Service may be moving), but for one that
 * kubectl last applied to this very port and that the shadow does not name: owners have ports there too.
 */
function recogniseOurs(
  front: Service,
  shadow: Service | undefined,
): (port: ServicePort, shown: TargetPort) => boolean {
  const waypointPorts = parseWaypointPorts(shadow?.metadata.annotations);
  const applied = readLastApplied(front).targetPorts;
  return (port, shown) => {
    if (shown === reservedPort || waypointPorts.get(port.port) === shown) return true;
    return isWaypointPort(shown) && applied.get(portKey(port)) !== shown;
  };
}
