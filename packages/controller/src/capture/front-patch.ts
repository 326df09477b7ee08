/**
 * JSON merge patches (RFC 7396) of a front: only what differs, removals said by null, the list of ports whole, because a merge
 * patch knows no other way. Made from the object as just read, with all fields of its ports, and good for that version alone.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { portKey, type Selector, type TargetPort } from "../model/front-marks.ts";

export interface FrontChange {
  readonly selector: Selector;
  /** By `portKey`; ports that are not named stay as they are. */
  readonly targetPorts: Readonly<Record<string, TargetPort>>;
  /** null: removed. */
  readonly annotations: Readonly<Record<string, string | null>>;
}

/** Undefined where the front is so already. */
export function frontPatch(front: Service, change: FrontChange): object | undefined {
  const annotations = changedEntries(front.metadata.annotations ?? {}, change.annotations);
  const selector = selectorPatch(front.spec?.selector ?? {}, change.selector);
  const ports = portsPatch(front, change.targetPorts);
  const spec = { ...(selector === undefined ? {} : { selector }), ...(ports === undefined ? {} : { ports }) };
  if (annotations === undefined && Object.keys(spec).length === 0) return undefined;
  const { resourceVersion } = front.metadata;
  return {
    metadata: {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(Object.keys(spec).length === 0 ? {} : { spec }),
  };
}

/** The merge patch that makes `now` exactly `wanted`. */
export function selectorPatch(
  now: Selector,
  wanted: Selector,
): Readonly<Record<string, string | null>> | undefined {
  const gone = Object.keys(now).filter((key) => wanted[key] === undefined);
  return changedEntries(now, { ...wanted, ...Object.fromEntries(gone.map((key) => [key, null])) });
}

function changedEntries(
  now: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string | null>> | undefined {
  const changed = Object.entries(wanted).filter(([key, value]) => (now[key] ?? null) !== value);
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function portsPatch(front: Service, wanted: FrontChange["targetPorts"]): readonly object[] | undefined {
  const ports = front.spec?.ports ?? [];
  const changed = ports.map((port) => {
    const targetPort = wanted[portKey(port)];
    return targetPort === undefined || targetPort === port.targetPort ? port : { ...port, targetPort };
  });
  return changed.every((port, at) => port === ports[at]) ? undefined : changed;
}
