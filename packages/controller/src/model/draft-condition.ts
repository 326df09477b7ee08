/**
 * A condition before it has a time: what translation says of an object. status/ adds lastTransitionTime, which depends on
 * what was said before and so has no place in a pure function.
 */
import type { Condition } from "@waystone/api/kubernetes/meta";

export type DraftCondition = Omit<Condition, "lastTransitionTime">;

export function draftCondition(
  type: string,
  status: Condition["status"],
  reason: string,
  message: string,
  observedGeneration: number,
): DraftCondition {
  return { type, status, reason, message, observedGeneration };
}
