/**
 * What the owner of a Service wrote, whoever the Service points at now. A captured front has our selector; its own is on the
 * shadow, and in an annotation for those who find no shadow.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { capturedBy, originalOf, portKey, type Selector } from "./front-marks.ts";
import { isShadowOf, type ShadowModel } from "./shadow.ts";

/** undefined: it cannot be told. Empty: the Service has no selector. */
export function ownersSelector(front: Service, shadow: ShadowModel | undefined): Selector | undefined {
  if (capturedBy(front) === undefined) return front.spec?.selector ?? {};
  if (isShadowOf(shadow, front)) return shadow.object.spec?.selector ?? {};
  return originalOf(front)?.selector;
}

/** With the target ports that the owner wants: those of a captured front are the waypoint's. */
export function withOwnersPorts(front: Service, shadow: ShadowModel | undefined): Service {
  const ports = front.spec?.ports;
  if (ports === undefined || capturedBy(front) === undefined || !isShadowOf(shadow, front)) return front;
  const kept = new Map(shadow.object.spec?.ports?.map((port) => [portKey(port), port.targetPort]));
  const owners = ports.map((port) => {
    const targetPort = kept.get(portKey(port));
    return targetPort === undefined ? port : { ...port, targetPort };
  });
  return { ...front, spec: { ...front.spec, ports: owners } };
}
