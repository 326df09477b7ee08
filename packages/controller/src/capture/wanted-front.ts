/**
 * What a front's owner wants it to be, whatever it is now: what its shadow should have (wishes/wanted-shadow.ts), by port.
 * Without a shadow the annotation that the front was captured with says it.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { type OriginalFront, originalOf, pointingOf, portKey } from "../model/front-marks.ts";
import { wantedShadow } from "./wishes/wanted-shadow.ts";

/** Undefined where nobody knows: it has our selector, no shadow, and no annotation that makes sense. */
export function wantedFront(front: Service, shadow: Service | undefined): OriginalFront | undefined {
  const pointing = pointingOf(front);
  const showsOwners = pointing.at === "elsewhere" && !pointing.isMixed;
  if (shadow === undefined && originalOf(front) === undefined && !showsOwners) return undefined;
  return ownedSpec(wantedShadow(front, shadow));
}

/** Selector and targetPorts of a Service, or of what one should be. */
export function ownedSpec({
  selector = {},
  ports = [],
}: Pick<NonNullable<Service["spec"]>, "selector" | "ports">): OriginalFront {
  const targetPorts = ports.map((port) => [portKey(port), port.targetPort ?? port.port] as const);
  return { selector, targetPorts: Object.fromEntries(targetPorts) };
}
