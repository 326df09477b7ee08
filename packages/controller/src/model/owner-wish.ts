/**
 * What the owner of a Service wrote, whoever the Service points at now. A captured front has our selector; its own is on the
 * shadow, and in an annotation for those who find no shadow.
 */
import type { Service } from "@waystone/api/kubernetes/core";
import { captureKeys } from "@waystone/api/names";
import { capturedBy, isShadowOf, type ShadowModel } from "./shadow.ts";

type Labels = Readonly<Record<string, string>>;

/** undefined: it cannot be told. Empty: the Service has no selector. */
export function ownersSelector(front: Service, shadow: ShadowModel | undefined): Labels | undefined {
  if (capturedBy(front) === undefined) return front.spec?.selector ?? {};
  if (isShadowOf(shadow, front)) return shadow.object.spec?.selector ?? {};
  return originalSelector(front.metadata.annotations?.[captureKeys.original]);
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
