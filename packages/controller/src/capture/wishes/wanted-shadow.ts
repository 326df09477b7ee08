/**
 * What the shadow of a Service should have now: the owner's selector and ports, from what the front shows, from the wishes
 * that the admission policy has put on it, and for the rest from the shadow itself. Pure: a controller that starts in the
 * middle comes to the same. A wish is done, and its annotation can go, when the shadow has it.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import {
  capturedBy,
  originalOf,
  pointingOf,
  portKey,
  type Selector,
  writeOriginal,
} from "../../model/front-marks.ts";
import { readLastApplied } from "./last-applied.ts";
import { readWishes, type SelectorWish } from "./read-wishes.ts";
import { isSameSelector } from "./same-selector.ts";
import { wantedTargetPort } from "./wanted-target-port.ts";

export interface WantedShadow {
  /** {}: the owner wants a Service without selector, which cannot stay captured. */
  readonly selector: Selector;
  /** In the front's order, each with protocol and targetPort; no nodePort. */
  readonly ports: readonly ServicePort[];
  /**
   * A JSON merge patch for the front, good for the version that was read: the wishes that the shadow has by now are removed,
   * and `waystone.dev/original` says what the owner wants now. undefined: nothing to do, or the shadow is not there yet.
   */
  readonly donePatch: object | undefined;
}

export function wantedShadow(front: Service, shadow: Service | undefined): WantedShadow {
  const selector = wantedSelector(front, shadow);
  const targetPortOf = wantedTargetPort(front, shadow);
  const ports = (front.spec?.ports ?? []).map((port) => shadowPort(port, targetPortOf(port)));
  const isDone = shadow !== undefined && hasSpec(shadow, selector, ports);
  return { selector, ports, donePatch: isDone ? donePatch(front, selector, ports) : undefined };
}

function wantedSelector(front: Service, shadow: Service | undefined): Selector {
  const pointing = pointingOf(front);
  const shown = front.spec?.selector ?? {};
  // Nothing of ours in it: not captured, or written past the policy. Either way it is the owner's.
  if (pointing.at === "elsewhere" && !pointing.isMixed) return shown;
  const known = shadow?.spec?.selector ?? originalOf(front)?.selector ?? {};
  const wished = addWish(known, readWishes(front).selector);
  if (pointing.at !== "elsewhere") return wished;
  const { [captureKeys.waypoint]: _ours, ...added } = shown;
  return addWish(wished, mixedWish(front, added));
}

function addWish(known: Selector, wish: SelectorWish | undefined): Selector {
  if (wish === undefined) return known;
  return wish.is === "whole" ? wish.selector : { ...known, ...wish.selector };
}

/** A union of ours and theirs is what client-side apply makes where no policy is: the whole, if that is what was applied. */
function mixedWish(front: Service, selector: Selector): SelectorWish {
  const applied = readLastApplied(front).selector;
  const isWhole = applied !== undefined && isSameSelector(applied, selector);
  return { is: isWhole ? "whole" : "on top", selector };
}

function shadowPort(port: ServicePort, targetPort: number | string): ServicePort {
  const { name, appProtocol } = port;
  return {
    ...(name === undefined || name === "" ? {} : { name }),
    port: port.port,
    protocol: port.protocol ?? "TCP",
    targetPort,
    ...(appProtocol === undefined ? {} : { appProtocol }),
  };
}

function hasSpec({ spec }: Service, selector: Selector, ports: readonly ServicePort[]): boolean {
  const has = new Map((spec?.ports ?? []).map((port) => [portKey(port), port]));
  return (
    isSameSelector(spec?.selector ?? {}, selector) &&
    has.size === ports.length &&
    ports.every((port) => isSamePort(has.get(portKey(port)), port))
  );
}

function isSamePort(a: ServicePort | undefined, b: ServicePort): boolean {
  if (a === undefined) return false;
  return (
    (a.name ?? "") === (b.name ?? "") &&
    (a.targetPort ?? a.port) === b.targetPort &&
    a.appProtocol === b.appProtocol
  );
}

function donePatch(front: Service, selector: Selector, ports: readonly ServicePort[]): object | undefined {
  const now = front.metadata.annotations ?? {};
  const targetPorts = Object.fromEntries(ports.map((port) => [portKey(port), port.targetPort ?? port.port]));
  const wanted: Record<string, string | null> = {
    [captureKeys.wantedSelector]: null,
    [captureKeys.wantedTargetPorts]: null,
  };
  // Who puts it back by hand must find what the owner wants now, not what was wanted when it was captured.
  if (capturedBy(front) !== undefined) {
    wanted[captureKeys.original] = writeOriginal({ selector, targetPorts });
  }
  const changed = Object.entries(wanted).filter(([key, value]) => (now[key] ?? null) !== value);
  if (changed.length === 0) return undefined;
  const { resourceVersion } = front.metadata;
  return {
    metadata: {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      annotations: Object.fromEntries(changed),
    },
  };
}
