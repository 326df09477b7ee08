/** Who goes first where two objects want one thing (GEP-713): the older, then the name. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";

/** Unix time; 0 where unknown (files), so that names decide there. */
export function createdAtSeconds({ metadata }: KubernetesObject): number {
  const created = Date.parse(metadata.creationTimestamp ?? "");
  return Number.isNaN(created) ? 0 : Math.floor(created / 1000);
}

interface Named {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly object: KubernetesObject;
}

export function isBefore(a: Named, b: Named): boolean {
  const age = createdAtSeconds(a.object) - createdAtSeconds(b.object);
  return age === 0 ? a.key < b.key : age < 0;
}
