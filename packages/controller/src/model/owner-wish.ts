/**
 * What the owner of a Service wrote, whoever the Service points at now. A captured front has our selector; its own is on the
 * shadow, and in an annotation for those who find no shadow.
 */
import type { Service, ServicePort } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { capturedBy, isShadowOf, type ShadowModel } from "./shadow.ts";

type Labels = Readonly<Record<string, string>>;

/** undefined: it cannot be told. Empty: the Service has no selector. */
export function ownersSelector(front: Service, shadow: ShadowModel | undefined): Labels | undefined {
  if (capturedBy(front) === undefined) return front.spec?.selector ?? {};
  if (isShadowOf(shadow, front)) return shadow.object.spec?.selector ?? {};
  return originalSelector(front.metadata.annotations?.[captureKeys.original]);
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

function portKey({ port, protocol }: ServicePort): string {
  return `${port}/${protocol ?? "TCP"}`;
}

function originalSelector(text: string | undefined): Labels | undefined {
  if (text === undefined) return undefined;
  try {
    const { selector } = JSON.parse(text) as { readonly selector?: unknown };
    if (typeof selector !== "object" || selector === null) return undefined;
    const pairs = Object.entries(selector);
    return pairs.every(([, value]) => typeof value === "string")
      ? (Object.fromEntries(pairs) as Labels)
      : undefined;
  } catch {
    return undefined;
  }
}
