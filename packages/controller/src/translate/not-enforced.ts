/**
 * What is said of every policy as long as waypoints do not carry policies out: a policy that silently did nothing would be worse
 * than none. Goes when they do.
 */
import { type DraftCondition, draftCondition } from "../model/draft-condition.ts";
import type { Finding } from "../model/finding.ts";

const message =
  "not enforced by this version of waystone: requests pass as if this policy were not there; keep whatever protects its targets now";

export const notEnforcedFinding: Finding = { severity: "error", field: "", message };

export function notEnforcedConditions(generation: number): readonly DraftCondition[] {
  return [
    draftCondition("Accepted", "False", "NotEnforced", message, generation),
    draftCondition("Programmed", "False", "NotEnforced", message, generation),
  ];
}
