/**
 * What a front's owner wants it to be, whatever it is now: from the shadow, which has that, else from the annotation that
 * the front was captured with; and the wishes that came since and wait on the front.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { reservedPort, waypointPortRange } from "@waystone/api/names";
import { type OriginalFront, originalOf, portKey, type TargetPort } from "./front-marks.ts";

/** Undefined where neither says how it was. */
export function wantedFront(front: Service, shadow: Service | undefined): OriginalFront | undefined {
  const known = shadow === undefined ? originalOf(front) : ownedSpec(shadow);
  if (known === undefined) return undefined;
  const targetPorts = (front.spec?.ports ?? []).map((port) => {
    const targetPort = known.targetPorts[portKey(port)] ?? ownTargetPort(port.port, port.targetPort);
    return [portKey(port), targetPort] as const;
  });
  return { selector: known.selector, targetPorts: Object.fromEntries(targetPorts) };
}

/** Selector and targetPorts as a Service has them. */
export function ownedSpec(service: Service): OriginalFront {
  const ports = (service.spec?.ports ?? []).map(
    (port) => [portKey(port), port.targetPort ?? port.port] as const,
  );
  return { selector: service.spec?.selector ?? {}, targetPorts: Object.fromEntries(ports) };
}

/** Of a port that nobody knows the original of. What can only be ours is not it: then Kubernetes' default is, the port. */
function ownTargetPort(port: number, targetPort: TargetPort | undefined): TargetPort {
  if (targetPort === undefined || targetPort === reservedPort) return port;
  const { first, last } = waypointPortRange;
  const isOurs = typeof targetPort === "number" && targetPort >= first && targetPort <= last;
  return isOurs ? port : targetPort;
}
