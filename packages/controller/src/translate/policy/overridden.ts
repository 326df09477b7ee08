/**
 * Where an AuthenticationPolicy says nothing that holds, because others say it more specifically or earlier: by the one function that waypoints
 * merge with, asked at each place that a target means.
 */
import { isHttp } from "../../model/service-port.ts";
import { draftCondition, type DraftCondition } from "../../model/draft-condition.ts";
import { type MergedContext, mergedAt, type PolicySource } from "./merged-at.ts";
import type { ResolvedTarget } from "./targets.ts";

/** Undefined: it is not overridden anywhere at the target. */
export function overriddenCondition(
  context: MergedContext,
  source: PolicySource,
  { resource, services }: ResolvedTarget,
  generation: number,
): DraftCondition | undefined {
  if (resource === undefined) return undefined;
  const key = `AuthenticationPolicy/${source.key}`;
  const by = new Set<string>();
  const where: string[] = [];
  let places = 0;
  for (const { service, ports } of services) {
    for (const port of ports) {
      if (!isHttp(port)) continue;
      places++;
      const stronger = mergedAt(context, service, port, resource)?.overridden.get(key);
      if (stronger === undefined) continue;
      where.push(`${service.key}:${port.port}`);
      for (const each of stronger) by.add(each);
    }
  }
  if (where.length === 0) return undefined;
  const isWhole = where.length === places;
  const message = `nothing of it holds ${isWhole ? "" : `at ${where.slice(0, 3).join(", ")}${where.length > 3 ? ` and ${where.length - 3} more` : ""}, `}because of ${[...by].toSorted().join(", ")}`;
  return draftCondition(
    "Overridden",
    isWhole ? "True" : "False",
    isWhole ? "Overridden" : "PartlyOverridden",
    message,
    generation,
  );
}
