/** Who goes first where two objects want one thing (GEP-713): the older, then the name. */
import type { KubernetesObject } from "@waystone/api/kubernetes/meta";
import { createdAtSeconds } from "../resource-head.ts";

interface Named {
  /** "<namespace>/<name>" */
  readonly key: string;
  readonly object: KubernetesObject;
}

export function isBefore(a: Named, b: Named): boolean {
  const age = createdAtSeconds(a.object) - createdAtSeconds(b.object);
  return age === 0 ? a.key < b.key : age < 0;
}

/** The key of the first of all that goes before `own`; undefined: `own` has it. */
export function pickWinner(own: Named, rivals: readonly Named[]): string | undefined {
  let winner = own;
  for (const rival of rivals) if (rival.key !== own.key && isBefore(rival, winner)) winner = rival;
  return winner === own ? undefined : winner.key;
}
