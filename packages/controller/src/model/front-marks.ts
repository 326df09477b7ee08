/**
 * What capture has left on a front: the marker, how it was before, and where its selector points. Read from the object alone,
 * so that the controller, after any restart, and `waystone restore`, without a controller, see the same.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { bySlicesSelector, captureKeys } from "@waystone/api/names";

export type TargetPort = number | string;
export type Selector = Readonly<Record<string, string>>;

/** A front as its owner had it. */
export interface OriginalFront {
  readonly selector: Selector;
  /** By `portKey`. */
  readonly targetPorts: Readonly<Record<string, TargetPort>>;
}

export type Pointing =
  /** Exactly the pods of one waypoint. */
  | { readonly at: "waypoint"; readonly gateway: string }
  /** Exactly no pod: our own slices say where to. */
  | { readonly at: "slices" }
  /** The owner's pods, or a mixture of theirs and ours that selects nothing. */
  | { readonly at: "elsewhere"; readonly isMixed: boolean };

/** "80/TCP": what tells the ports of a Service apart. */
export function portKey({ port, protocol }: Pick<ServicePort, "port" | "protocol">): string {
  return `${port}/${protocol ?? "TCP"}`;
}

/** "<namespace>/<gateway>" that the front says it points at; undefined: not captured. */
export function capturedBy(front: Service): string | undefined {
  const marker = front.metadata.annotations?.[captureKeys.capturedBy];
  return marker === undefined || marker === "" ? undefined : marker;
}

export function pointingOf(front: Service): Pointing {
  const selector = front.spec?.selector ?? {};
  const ours = selector[captureKeys.waypoint];
  if (ours === undefined) return { at: "elsewhere", isMixed: false };
  if (Object.keys(selector).length > 1) return { at: "elsewhere", isMixed: true };
  return ours === bySlicesSelector ? { at: "slices" } : { at: "waypoint", gateway: ours };
}

/** Undefined where there is none, or none that makes sense. */
export function originalOf(front: Service): OriginalFront | undefined {
  const text = front.metadata.annotations?.[captureKeys.original];
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isRecord(parsed)) return undefined;
    const { selector, targetPorts } = parsed;
    if (!isRecord(selector) || !isRecord(targetPorts)) return undefined;
    if (!Object.values(selector).every((value) => typeof value === "string")) return undefined;
    if (!Object.values(targetPorts).every(isTargetPort)) return undefined;
    return { selector: selector as Selector, targetPorts: targetPorts as Record<string, TargetPort> };
  } catch {
    return undefined;
  }
}

/** As the annotation holds it: keys in order, so that the same original is the same text. */
export function writeOriginal({ selector, targetPorts }: OriginalFront): string {
  return JSON.stringify({ selector: sorted(selector), targetPorts: sorted(targetPorts) });
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isTargetPort(value: unknown): value is TargetPort {
  return typeof value === "number" || typeof value === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
