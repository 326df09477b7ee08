/** AuthorizationPolicy -> its status. */
import type { AuthorizationPolicy } from "@waystone/api/kubernetes/waystone";
import type { SourcedObject } from "../model/sources.ts";
import { notEnforcedConditions, notEnforcedFinding } from "./not-enforced.ts";
import { emptyStatus, type Translation } from "./object-status.ts";

export function translateAuthorizationPolicy({
  key,
  object,
  problem,
}: SourcedObject<AuthorizationPolicy>): Translation {
  const status = emptyStatus(object, problem);
  return {
    key: `AuthorizationPolicy/${key}`,
    resource: undefined,
    status: {
      ...status,
      conditions: notEnforcedConditions(status.generation),
      findings: [notEnforcedFinding],
    },
  };
}
