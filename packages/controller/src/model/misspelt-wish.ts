/**
 * Annotations and labels that were nearly read as a wish for a waypoint: whoever wrote "use-waypiont" hears nothing else of it, as the API
 * server takes any name. Istio's own keys are Istio's.
 */
import type { ObjectMeta } from "@waystone/api/kubernetes/meta";
import { useWaypointKey, useWaypointNamespaceKey, waystoneGroup } from "@waystone/api/names";
import { editDistance } from "@waystone/base/suggest";

export interface MisspeltKey {
  readonly place: "annotations" | "labels";
  readonly written: string;
  readonly meant: string;
}

const istio = "istio.io";
/** Two letters swapped, and one more. */
const mostErrors = 2;

export function findMisspeltWishes({ annotations, labels }: ObjectMeta): MisspeltKey[] {
  return (
    [
      ["annotations", annotations],
      ["labels", labels],
    ] as const
  ).flatMap(([place, entries]) =>
    Object.keys(entries ?? {}).flatMap((written) => {
      const meant = keyMeantBy(written);
      return meant === undefined ? [] : [{ place, written, meant }];
    }),
  );
}

function keyMeantBy(written: string): string | undefined {
  const [prefix = "", name] = written.includes("/") ? written.split("/") : ["", written];
  const isOurs = editDistance(prefix, waystoneGroup) <= mostErrors;
  if (name === undefined || (!isOurs && prefix !== "" && prefix !== istio)) return undefined;
  const meant = [useWaypointKey, useWaypointNamespaceKey].find((key) => {
    const known = key.slice(key.indexOf("/") + 1);
    const isRead = written === key || written === `${istio}/${known}`;
    return !isRead && editDistance(name, known) <= mostErrors;
  });
  return meant;
}

/** "annotation waystone.dev/use-waypiont is nobody's: did you mean waystone.dev/use-waypoint?" */
export function describeMisspelt({ place, written, meant }: MisspeltKey): string {
  const kind = place === "annotations" ? "annotation" : "label";
  return `${kind} ${written} is read by nobody: did you mean ${meant}?`;
}
