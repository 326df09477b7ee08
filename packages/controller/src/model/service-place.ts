/** Who serves a Service, and where: the answer to the same question from files (file-place.ts) and in a cluster. */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import type { Collection, FetchContext } from "@waystone/collection/collection";
import type { CaptureTarget } from "../capture/capture-view.ts";
import type { ServiceTarget } from "./capture-target.ts";
import type { DraftCondition } from "./draft-condition.ts";
import type { Finding } from "./finding.ts";
import { keepsCapture } from "./kept-capture.ts";
import type { ListenPlace } from "./service-port.ts";
import { capturedBy } from "./front-marks.ts";
import type { ShadowPlace } from "./shadow-place.ts";

export interface ServicePlace {
  /** "<namespace>/<gateway>": of those that serve it the one that clients are led to. Undefined: only a backend. */
  readonly waypoint: string | undefined;
  /** Sorted. Two, while the Service moves from one to the other. */
  readonly waypoints: readonly string[];
  /** The one that is to serve it, and does not yet. */
  readonly awaitedWaypoint: string | undefined;
  readonly waypointImplied: boolean;
  /** It is being given back: clients are told to come again. */
  readonly isReleasing: boolean;
  readonly condition: DraftCondition | undefined;
  /** Why it has no waypoint although somebody asked for one. */
  readonly refusal: string | undefined;
  /** By TCP port. */
  readonly listen: ReadonlyMap<number, readonly ListenPlace[]>;
  readonly findings: readonly Finding[];
}

export interface ClusterPlaces {
  readonly targets: Collection<ServiceTarget>;
  readonly places: Collection<ShadowPlace>;
}

/** Every address: which Service is meant is known from the port alone. */
const everyAddress = "::";

export function clusterPlace(
  context: FetchContext,
  { targets, places }: ClusterPlaces,
  key: string,
  front: Service,
): ServicePlace {
  const asked = context.get(targets, key);
  const place = context.get(places, key);
  const target: CaptureTarget = asked?.target ?? { is: "direct", refusal: undefined };
  const captor = capturedBy(front);
  const isLedThere = captor !== undefined && place?.waypoints.includes(captor) === true;
  const waypoint = isLedThere ? captor : place?.waypoint;
  return {
    waypoint,
    waypoints: place?.waypoints ?? [],
    awaitedWaypoint: waypoint === undefined && target.is === "captured" ? target.waypoint : undefined,
    waypointImplied: asked?.isImplied ?? false,
    isReleasing: waypoint !== undefined && isGivenBack(front, target, place?.waypoints ?? []),
    condition: undefined,
    refusal: target.is === "direct" ? target.refusal?.message : undefined,
    listen: new Map(
      [...(place?.listen ?? [])].map(([port, number]) => [port, [{ address: everyAddress, port: number }]]),
    ),
    findings: [...refusalFindings(target), ...portFindings(front, asked?.unknownPorts ?? [])],
  };
}

/** Its owner wants it back, or it is not to be captured, and nothing keeps what has been done. */
function isGivenBack(front: Service, target: CaptureTarget, waypoints: readonly string[]): boolean {
  if (front.metadata.annotations?.[captureKeys.release] === "true") return true;
  if (target.is === "captured") return false;
  const captor = capturedBy(front);
  const isCaptured = captor !== undefined && waypoints.includes(captor);
  return !(isCaptured && keepsCapture(target.refusal?.reason ?? ""));
}

const gatewayReasons: readonly string[] = ["AttachmentDenied", "NoMeshListener"];

/** Somebody named a Gateway that will not have it: a mistake. Other refusals are the Service's nature, which its condition tells. */
function refusalFindings(target: CaptureTarget): Finding[] {
  if (target.is !== "direct" || target.refusal === undefined) return [];
  if (!gatewayReasons.includes(target.refusal.reason)) return [];
  return [{ severity: "error", field: "", message: target.refusal.message }];
}

function portFindings({ metadata, spec }: Service, unknown: readonly string[]): Finding[] {
  if (unknown.length === 0) return [];
  const has = (spec?.ports ?? []).map(({ name, port }) =>
    name === undefined ? `${port}` : `${name} (${port})`,
  );
  const message =
    `Service ${metadata.name} has no port ${unknown.map((word) => JSON.stringify(word.slice(0, 80))).join(", ")} ` +
    `that could stay direct; it has ${has.join(", ")}`;
  return [{ severity: "error", field: `metadata.annotations["${captureKeys.directPorts}"]`, message }];
}
